"""What holds for every test: an own home folder, the simulator, and nothing of this machine."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.fixtures import (  # noqa: F401
    either,
    faces,
    open_session,
    quick,
    quick_retries,
    service,
    slow,
    tcp,
)

# Each of the hundreds of processes that tests start would compile the package anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What such a process paints need not be looked at: see the file there.
QUICK_PICTURES = str(Path(__file__).with_name("quick_pictures"))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (QUICK_PICTURES, os.environ.get("PYTHONPATH")))
)

KEYS = ("CRUN_API_KEY", "NANOBANANA_API_KEY")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
# Folders that share what is dear to start, the longest first.
TOGETHER = ("browser", "kernel", "project", "faults")
LEFT_OUT = ("browser", "kernel", "faults", "simulator", "slow")  # of the fast lane


# A busy machine is no fault of what is tested.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_configure() -> None:
    """Take interrupts: whoever starts a program in the background may have switched them off."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Deals tests out to processes by file; those of a folder that shares what is dear, together.

    The marks of xdist's own `loadgroup` have no effect with pytest 9.2 and xdist 3.8.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, *_ = nodeid.split("::", 1)
        folder, name = PurePosixPath(file).parts[-2:]
        if folder == "browser":  # the longest: two labs end sooner than one
            return f"{folder}, {'first' if name < 'test_m' else 'second'} half"
        return folder if folder in TOGETHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """Choose how tests are dealt out."""
    return ByFolder(config, log)


@pytest.hookimpl(tryfirst=True)  # before pytest takes out what `-m` does not want
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest in one piece: at the end nobody could share it.

    The slow folders are marks too, and the mark `long` goes for all that the fast lane leaves out.
    """
    for item in items:
        for folder in {"faults", "processes", "project", "simulator"} & set(item.path.parts):
            item.add_marker("faults" if folder == "processes" else folder)
        if any(item.get_closest_marker(mark) for mark in LEFT_OUT):
            item.add_marker("long")
    items.sort(key=lambda item: _turn(item.path.parent.name))


def _turn(folder: str) -> int:
    return TOGETHER.index(folder) if folder in TOGETHER else len(TOGETHER)


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the test settings of its own, and take back what it left in this process."""
    _forget_machine(monkeypatch)
    monkeypatch.setenv("NANOBANANA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulator")
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0")
    yield
    _reset_package()


InstallProvider = Callable[..., None]


@pytest.fixture
def install_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InstallProvider]:
    """Puts packages with a provider on the path, as pip would: a name and a module's source."""
    packages: list[str] = []

    def install(name: str, source: str) -> None:
        package = f"package_{len(packages)}"
        packages.append(package)
        info = tmp_path / "site" / f"{package}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        entry = f"[nanobanana_nb.providers]\n{name} = {package}:provider\n"
        (info / "entry_points.txt").write_text(entry)
        (tmp_path / "site" / f"{package}.py").write_text(source)
        monkeypatch.syspath_prepend(str(tmp_path / "site"))

    yield install
    for package in packages:
        sys.modules.pop(package, None)


def _forget_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out what would let a test reach a real account, a proxy or a person's settings."""
    ours = [name for name in os.environ if name.startswith("NANOBANANA_")]
    kept = ("NANOBANANA_CHROMIUM", "NANOBANANA_SCREENSHOTS")  # these two are for the tests
    proxies = (*PROXIES, *(name.upper() for name in PROXIES))
    for name in (*KEYS, *proxies, *(name for name in ours if name not in kept)):
        monkeypatch.delenv(name, raising=False)
    # Python's keyring would ask the desktop of whoever runs the tests.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def _reset_package() -> None:
    """Close what the package keeps for the whole process, so that no test sees another's.

    One line for each such thing, reached through `sys.modules`: a test that never imported the
    part must not import it now.
    """
    if runtime := sys.modules.get("nanobanana_nb.run.runtime"):
        runtime.RUNTIME.reset()
    if simulated := sys.modules.get("nanobanana_nb.api.simulated"):
        simulated._apps.clear()
    if redaction := sys.modules.get("nanobanana_nb.privacy.redaction"):
        redaction._FORMS.clear()
    if config := sys.modules.get("nanobanana_nb.settings.config"):
        config.CONFIGURED.clear()
        config._NOTICES.clear()
    if scribe := sys.modules.get("nanobanana_nb.notebook.page.output_sync"):
        for display_id in tuple(scribe.OUTPUT_SYNC._open):
            scribe.OUTPUT_SYNC.forget(display_id)
