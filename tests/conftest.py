"""What holds for every test: an own home folder, the simulator, and nothing of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KEYS = ("CRUN_API_KEY", "NANOBANANA_API_KEY")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
TESTS = Path(__file__).parent
TOGETHER = ("browser", "faults", "kernel", "project")  # folders that share what is dear to start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests run in one process where several run: a folder, or else a file."""
    for item in items:
        folder, *_ = item.path.relative_to(TESTS).parts
        group = folder if folder in TOGETHER else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the test settings of its own, and take back what it left in this process."""
    _forget_machine(monkeypatch)
    monkeypatch.setenv("NANOBANANA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulator")
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0")
    yield
    _reset_package()


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
    if sessions := sys.modules.get("nanobanana_nb.run.sessions"):
        sessions.close_sessions()
    if simulated := sys.modules.get("nanobanana_nb.api.simulated"):
        simulated._apps.clear()
    if redaction := sys.modules.get("nanobanana_nb.redaction"):
        redaction._FORMS.clear()
    if config := sys.modules.get("nanobanana_nb.config"):
        config.CONFIGURED.clear()
    if commands := sys.modules.get("nanobanana_nb.notebook.commands"):
        commands.JOBS.clear()
