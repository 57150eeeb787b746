"""`%nanobanana doctor` where everything may be broken at once: it tells, and never fails."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanobanana_nb.api import provider, retry
from nanobanana_nb.notebook.commands.doctor import BAD, CARE, GOOD, examine
from nanobanana_nb.run.runtime import RUNTIME
from tests.api.raw_server import Reply, answer, envelope, free_port, raw_server
from tests.notebook.bench import Bench

KEY = "ak_" + "doctor" * 6
Break = Callable[[pytest.MonkeyPatch, Path], object]


def env(name: str, value: str) -> Break:
    """Set a variable."""
    return lambda patch, folder: patch.setenv(name, value)


def home(make: Callable[[Path], object]) -> Break:
    """Do something to the folder that is to be the home."""
    return lambda patch, folder: make(folder / "home")


def settings_file(data: bytes) -> Break:
    """Write config.toml."""
    return home(lambda place: (place.mkdir(exist_ok=True), _write(place / "config.toml", data)))


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.is_dir():
        file.write_bytes(data)


def raising(error: BaseException) -> Callable[..., NoReturn]:
    """A provider, or a part of one, that fails so."""

    def fail(*_: Any, **__: Any) -> NoReturn:
        raise error

    return fail


def foreign_provider(error: BaseException) -> Break:
    """A provider of somebody else's that fails when it is made."""

    class Broken(EntryPoint):
        def load(self) -> Any:
            return raising(error)

    def apply(patch: pytest.MonkeyPatch, folder: Path) -> None:
        entry = Broken("theirs", "theirs:provider", provider.GROUP)
        patch.setattr(provider, "entry_points", lambda **_: [entry])
        patch.setenv("NANOBANANA_PROVIDER", "theirs")

    return apply


def missing_provider(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """A provider whose module is not there."""
    entry = EntryPoint("theirs", "no_such_module:provider", provider.GROUP)
    patch.setattr(provider, "entry_points", lambda **_: [entry])
    patch.setenv("NANOBANANA_PROVIDER", "theirs")


def service(*urls: str) -> Break:
    """A service at another address."""

    def apply(patch: pytest.MonkeyPatch, folder: Path) -> None:
        patch.setenv("NANOBANANA_PROVIDER", "crun")
        patch.setenv("NANOBANANA_BASE_URL", urls[0])
        patch.setenv("CRUN_API_KEY", KEY)

    return apply


BREAKS: dict[str, Break] = {
    "home is a file": home(lambda place: place.exists() or _write(place, b"")),
    "home cannot be": env("NANOBANANA_HOME", "/proc/nope/home"),
    "home is too long": env("NANOBANANA_HOME", "/tmp/" + "x" * 300),
    "home is no text": env("NANOBANANA_HOME", "/proc/\udcff"),
    "ledger is a folder": home(lambda place: (place / "ledger.sqlite").mkdir(parents=True)),
    "simulator is a folder": home(lambda place: (place / "simulator.sqlite").mkdir(parents=True)),
    "settings are no TOML": settings_file(b"["),
    "settings are no text": settings_file(b"\xff\xfe"),
    "settings are odd": settings_file(b"modle = 1"),
    "settings are a folder": home(lambda place: (place / "config.toml").mkdir(parents=True)),
    "certificates": env("SSL_CERT_FILE", "/nope.pem"),
    "socks": env("ALL_PROXY", "socks4://u:password-1@h:1"),
    "proxy": env("https_proxy", "http://[::1"),
    "no proxy": env("NO_PROXY", "[::1,[,:,/,*.*,1.2.3.4/99"),
    "key": env("CRUN_API_KEY", "ak_ü"),
    "status": env("NANOBANANA_STATUS", "purple"),
    "wait": env("NANOBANANA_WAIT_S", "soon"),
    "provider": env("NANOBANANA_PROVIDER", "simulatr"),
    "provider raises": foreign_provider(KeyError("x")),
    "provider raises without a word": foreign_provider(RuntimeError()),
    "provider is missing": missing_provider,
    "away": service(f"http://127.0.0.1:{free_port()}"),
    "name": service("https://" + "a" * 70 + ".invalid"),
    "idna": service("https://xn--/"),
    "address": service("https://[::1"),
    "port": service("https://host:99999"),
    "no address": service("\udcff"),
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let back-off take no time."""
    monkeypatch.setattr(retry, "FIRST_S", 0.001)
    real = httpx.create_ssl_context()
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: real)


def checked() -> dict[str, tuple[str, str]]:
    """Return the doctor's rows by name."""
    rows = examine()
    RUNTIME.reset()
    assert all(state in (GOOD, CARE, BAD) and detail for _, state, detail in rows)
    assert KEY not in str(rows)
    assert "password-1" not in str(rows)
    return {name: (state, detail) for name, state, detail in rows}


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::nanobanana_nb.ledger.store.repair.LedgerDamagedWarning")
@pytest.mark.parametrize("case", sorted(BREAKS))
def test_one_thing_is_broken(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: str
) -> None:
    """The command shows its table whatever it is."""
    BREAKS[case](monkeypatch, tmp_path)
    ran = bench.run("%nanobanana doctor")
    assert ran.error is None, ran.told
    assert "nanobanana_nb" in ran.text


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::nanobanana_nb.ledger.store.repair.LedgerDamagedWarning")
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.sets(st.sampled_from(sorted(BREAKS)), min_size=2, max_size=5))
def test_several_things_are_broken(cases: set[str]) -> None:
    """Each check stands for itself."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NANOBANANA_HOME", f"{folder}/home")
        for case in sorted(cases):
            try:
                BREAKS[case](patch, Path(folder))
            except OSError:  # two that exclude each other
                continue
        assert "versions" in checked()


ANSWERS = [b"", b"\x00\xff", b"HTTP/1.1 200 OK\r\n\r\n", answer(b"<html>"), envelope([1])]
ANSWERS += [envelope({"balance": "x"}), envelope({"balance": 1e999}), envelope(None, code=401)]
ANSWERS += [answer(b"", "302 Found", location="http://[::1"), answer(b"{}", "503 Busy")]


@pytest.mark.parametrize("reply", ANSWERS)
def test_service_that_answers_anything(monkeypatch: pytest.MonkeyPatch, reply: bytes) -> None:
    """The service's row says what is wrong, and the others are as they are."""
    with raw_server() as raw:
        raw.on("", Reply((reply,)))
        service(raw.url)(monkeypatch, Path())
        found = checked()
    assert found["service"][0] == BAD
    assert found["home"][0] == GOOD


def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable stands in the service's row, and the way out."""
    service("https://api.example")(monkeypatch, Path())
    monkeypatch.setenv("ALL_PROXY", "ftp://127.0.0.1")
    assert "ALL_PROXY" in checked()["service"][1]
