"""A key that stands in a setting: refused before anything uses it, and repeated nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from nanobanana_nb.errors import SettingsError
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.settings import config
from nanobanana_nb.settings.config import VARIABLES, Settings

USUAL = "ak_" + "Zq9x" * 8
ODD = "sk-live-Q7w8E9/r0T1'y2U3\"i4O5p6+zz"
NAMES = ("CRUN_API_KEY", "NANOBANANA_API_KEY", "OTHER_API_KEY")
KEYS = pytest.mark.parametrize("key", [USUAL, ODD], ids=["usual", "odd"])


def loaded(tmp_path: Path, **environ: str) -> Any:
    """Load the settings of an environment."""
    return config.load(environ={"NANOBANANA_HOME": str(tmp_path), **environ})


def shown(error: BaseException) -> str:
    """All that an error shows."""
    return f"{error!r} {error}"


@KEYS
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variable", VARIABLES.values())
def test_key_in_a_variable_is_refused(tmp_path: Path, variable: str, name: str, key: str) -> None:
    """As it is, in an address, and encoded: the variable is named, and the key is not."""
    for value in (key, f"https://me.example/{key}/x", quote(key, safe=""), f" x{key} "):
        with pytest.raises(SettingsError, match=f"Your API key stands in {variable}") as refusal:
            loaded(tmp_path, **{name: key, variable: value})
        assert key not in shown(refusal.value)


@KEYS
def test_report_says_where_a_key_stands(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """It holds nothing of it."""
    monkeypatch.setenv("CRUN_API_KEY", key)
    monkeypatch.setenv("NANOBANANA_MODEL", key)
    rows = config.rows()
    assert "Your API key stands in NANOBANANA_MODEL" in str(rows)
    assert key not in "".join(cell for row in rows for cell in row)


def test_report_of_a_short_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word in place of a key may be one of a path, so it is no error; it is not shown."""
    monkeypatch.setenv("CRUN_API_KEY", "nine-word")
    monkeypatch.setenv("NANOBANANA_MODEL", "google/nine-word")
    assert ["model", "google/[key]"] in [row[:2] for row in config.rows()]


@KEYS
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("line", ["{} = 1", "[{}]\na = 1"])
def test_key_as_a_name_in_the_file(tmp_path: Path, key: str, known: bool, line: str) -> None:
    """It is not repeated, also where nobody knows that it is one."""
    (tmp_path / "config.toml").write_text(line.format(json.dumps(key)))
    with pytest.raises(SettingsError, match=r"config\.toml") as refusal:
        loaded(tmp_path, **({"CRUN_API_KEY": key} if known else {}))
    assert key not in shown(refusal.value)
    assert (known or key == USUAL) is ("Your API key stands in" in shown(refusal.value))


def test_key_of_the_usual_shape_that_nobody_knows(tmp_path: Path) -> None:
    """It is refused too: pasted in the wrong place it is in no other."""
    with pytest.raises(SettingsError, match="Your API key stands in NANOBANANA_MODEL"):
        loaded(tmp_path, NANOBANANA_MODEL=USUAL)
    assert loaded(tmp_path, NANOBANANA_IMAGES_DIR=f"break_{USUAL[3:]}").settings.images_dir


@KEYS
def test_key_in_the_file_or_configured(tmp_path: Path, key: str) -> None:
    """So it is with a value there and with what `%config` set."""
    environ = {"NANOBANANA_HOME": str(tmp_path), "CRUN_API_KEY": key}
    with pytest.raises(SettingsError, match=r"stands in model \(%config\)"):
        config.load(configured={"model": key}, environ=environ)
    (tmp_path / "config.toml").write_text(f"model = {json.dumps(key)}")
    with pytest.raises(SettingsError, match=r"stands in model \(.*config.toml\)"):
        config.load(environ=environ)


@pytest.mark.parametrize("field", ["callback_url", "model", "base_url", "images_dir"])
def test_key_that_is_known_later(monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """A key from a store or typed in is looked for in the settings before anything is sent."""
    monkeypatch.setenv("CRUN_API_KEY", ODD)
    value: dict[str, Any] = {field: f"https://127.0.0.1:9/{ODD}"}
    settings = Settings(provider="crun", **value)
    with pytest.raises(SettingsError, match=f"stands in the setting {field}"):
        RUNTIME.session(settings)
