"""`%nanobanana doctor`: tells what is wrong, and does not fail itself."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from tests.notebook.bench import Bench
from tests.notebook.conftest import KEY
from tests.service import Service


def checks(bench: Bench) -> dict[str, tuple[str, str]]:
    """Return state and detail of each check."""
    ran = bench.run("%nanobanana doctor")
    assert ran.error is None, ran.told
    lines = [line.split(maxsplit=2) for line in ran.text.strip().splitlines()[1:]]
    return {line[0]: (line[1], line[2]) for line in lines}


def test_all_is_well(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions, home and service are good; that no key is there is a note."""
    monkeypatch.delenv("NANOBANANA_PROVIDER")
    found = checks(bench)
    assert {name: state for name, (state, _) in found.items()} == {
        "versions": "ok",
        "key": "note",
        "home": "ok",
        "service": "ok",
        "kernel": "note",
    }
    assert "CRUN_API_KEY" in found["key"][1]
    assert "simulator" in found["service"][1]


@pytest.mark.parametrize("name", ["CRUN_API_KEY", "NANOBANANA_API_KEY"])
def test_key_is_named_by_its_source(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Where the key comes from, and never the key."""
    monkeypatch.setenv(name, KEY)
    found = checks(bench)["key"]
    assert found[0] == "ok"
    assert name in found[1]
    assert KEY not in found[1]


@pytest.mark.parametrize(
    ("key", "state"), [("my-key", "note"), ("ak_short", "note"), ("ak_with blank", "wrong")]
)
def test_odd_key_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, key: str, state: str
) -> None:
    """A key of another shape is a note, one that cannot be sent is wrong; neither is shown."""
    monkeypatch.setenv("CRUN_API_KEY", key)
    found = checks(bench)["key"]
    assert found[0] == state
    assert "CRUN_API_KEY" in found[1]
    assert key not in found[1]


def test_missing_key_is_told_where_it_is_missed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Provider crun without a key: the key is wrong, the home is not, no simulator answers."""
    monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")
    found = checks(bench)
    assert found["key"][0] == "wrong"
    assert "simulator answers" not in found["key"][1]
    assert found["home"][0] == "ok"
    assert found["service"][0] == "wrong"


def test_doctor_asks_nobody_for_a_key(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks; a box that asks for a key would hold up everything."""
    asked: list[str] = []

    def types_nothing(prompt: str = "") -> str:
        asked.append(prompt)
        return ""

    monkeypatch.setattr(getpass, "getpass", types_nothing)
    monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")
    checks(bench)
    assert asked == []


def test_unreachable_service_is_told(bench: Bench, unreachable: str) -> None:
    """The address is named and the other checks stand."""
    found = checks(bench)
    assert found["service"][0] == "wrong"
    assert unreachable in found["service"][1]
    assert found["home"][0] == found["key"][0] == "ok"


def test_home_that_is_a_file_is_told(bench: Bench, tmp_path: Path) -> None:
    """The path and the setting are named."""
    (tmp_path / "home").write_text("a file")
    found = checks(bench)["home"]
    assert found[0] == "wrong"
    assert str(tmp_path / "home") in found[1]
    assert "NANOBANANA_HOME" in found[1]


def test_broken_ledger_is_told(bench: Bench, tmp_path: Path) -> None:
    """A database that is none is set aside, and its new name is told, then and afterwards."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "ledger.sqlite").write_bytes(b"no database, " * 100)
    for state in ("wrong", "note"):
        found = checks(bench)["home"]
        (aside,) = home.glob("ledger.damaged-*.sqlite")
        assert found[0] == state
        assert aside.name in found[1]
    assert aside.read_bytes() == b"no database, " * 100


@pytest.mark.parametrize(
    "file", ['modle = "x"', "not toml at all [", 'wait_s = "soon"', 'status = "purple"']
)
def test_bad_settings_file_is_told(bench: Bench, tmp_path: Path, file: str) -> None:
    """A file that cannot be read, or sets what is no setting, is told like the rest."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text(file)
    ran = bench.run("%nanobanana doctor")
    assert ran.error is None, ran.told
    assert "config.toml" in ran.text


def test_unknown_provider_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody has is the service's trouble, with the nearest named."""
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulatr")
    found = checks(bench)
    assert "did you mean simulator?" in found["service"][1]
    assert found["home"][0] == "ok"


def test_doctor_makes_no_task(bench: Bench, service: Service) -> None:
    """Looking costs nothing and leaves no row behind."""
    checks(bench)
    assert service.creates() == []
    assert "empty" in bench.run("%nanobanana history").text
