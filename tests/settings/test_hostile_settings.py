"""Settings of any kind from every source: used as meant, or refused by name, never lost."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanobanana_nb.entry.launch import SettingsWarning, session_for
from nanobanana_nb.errors import SettingsError
from nanobanana_nb.settings import config
from nanobanana_nb.settings.config import VARIABLES, Loaded, Settings
from nanobanana_nb.settings.origin import start_folder

NAMES = [field.name for field in fields(Settings)]
LIMITS = ("max_credits_day", "max_credits_notebook", "confirm_above")
SOURCES = ("explicit", "%config", "environment", "file")
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
VALUES = TEXT | st.sampled_from(
    ["3", " 3 ", "3 credits", "nan", "inf", "-1", "1e400", "٣", "$NO", "~no/x", '"/a"', "'", "20/1"]
)
given_home = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def load(source: str, name: str, value: Any, home: Path) -> Loaded:
    """Return the settings with one value from one source."""
    home.mkdir(exist_ok=True)
    file = home / "config.toml"
    file.write_text(f"{name} = {json.dumps(value)}" if source == "file" else "", encoding="utf-8")
    environ = {"NANOBANANA_HOME": str(home)}
    if source == "environment":
        environ[VARIABLES[name]] = str(value)
    explicit = {name: value} if source == "explicit" else None
    configured = {name: value} if source == "%config" else None
    return config.load(explicit, configured, environ)


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES)
@given_home
@given(name=st.sampled_from(NAMES), value=VALUES)
def test_no_value_raises_what_is_not_ours(
    tmp_path: Path, source: str, name: str, value: str
) -> None:
    """Every text for every setting is taken or refused with a `SettingsError`."""
    try:
        where = f"{name} {load(source, name, value, tmp_path / 'home').settings.home}"
    except SettingsError as error:
        where = str(error)
    assert any(word in where for word in (name, VARIABLES[name], "config.toml"))


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES)
@given_home
@given(name=st.sampled_from(LIMITS), value=VALUES | st.floats() | st.integers() | st.booleans())
def test_no_limit_is_lost(tmp_path: Path, source: str, name: str, value: Any) -> None:
    """A limit is the number that was written, or an error; empty is not set."""
    if source == "file" and isinstance(value, float) and value != value // 1:
        value = str(value)  # JSON is not TOML there
    try:
        limit = getattr(load(source, name, value, tmp_path / "home").settings, name)
    except SettingsError:
        return
    if str(value).strip():
        assert limit == float(value)
    else:
        assert limit == getattr(Settings(), name)


@given_home
@given(data=st.binary(max_size=80))
def test_no_file_raises_what_is_not_ours(tmp_path: Path, data: bytes) -> None:
    """Whatever bytes are in `config.toml`, they are settings or a `SettingsError`."""
    (tmp_path / "config.toml").write_bytes(data)
    told = "config.toml"
    try:
        config.load(environ={"NANOBANANA_HOME": str(tmp_path)})
    except SettingsError as error:
        told = str(error)
    assert "config.toml" in told


@pytest.mark.parametrize(
    ("coding", "is_read"), [("utf-8", True), ("utf-8-sig", True), ("utf-16", False)]
)
def test_file_of_an_editor_is_read(tmp_path: Path, coding: str, is_read: bool) -> None:
    """A byte order mark is no part of a setting; another coding is told."""
    (tmp_path / "config.toml").write_text("max_credits_day = 3", encoding=coding)
    environ = {"NANOBANANA_HOME": str(tmp_path)}
    if is_read:
        assert config.load(environ=environ).settings.max_credits_day == 3
    else:
        with pytest.raises(SettingsError, match="save it as UTF-8"):
            config.load(environ=environ)


def test_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """What is no file may hold a limit for all that is known."""
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read"):
        config.load(environ={"NANOBANANA_HOME": str(tmp_path)})


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("provider", "simulator ", "simulator"),
        ("provider", "\tsimulator\r\n", "simulator"),
        ("model", " nano-banana ", "nano-banana"),
        ("base_url", " https://a.example/ ", "https://a.example"),
        ("status", " off ", "off"),
        ("sidecar", "off ", "off"),
        ("images_dir", " off", ""),
        ("rate_limit", " 20/10 ", (20, 10.0)),
        ("callback_port", " 80 ", 80),
        ("max_credits_day", " 3 ", 3.0),
    ],
)
def test_blanks_around_a_value_do_not_count(
    tmp_path: Path, source: str, name: str, value: str, kept: Any
) -> None:
    """Wherever it was written."""
    assert getattr(load(source, name, value, tmp_path / "home").settings, name) == kept


QUOTED = ("images_dir", "provider", "model", "max_credits_day")


@pytest.mark.parametrize(
    ("source", "name"),
    [(source, name) for source in SOURCES for name in QUOTED]
    + [("explicit", "home"), ("%config", "home"), ("environment", "home")],
)
@pytest.mark.parametrize("value", ['"/data"', "'~/x'", '"', "/data'", '"simulator"'])
def test_stray_quotes_are_refused(tmp_path: Path, source: str, name: str, value: str) -> None:
    """Quotes that a shell would have taken off would be a part of the name."""
    with pytest.raises(SettingsError, match="leave out the quotes"):
        load(source, name, value, tmp_path / "home")


@pytest.mark.parametrize(
    ("home", "meant"),
    [
        ("nbhome", "{cwd}/nbhome"),
        ("./nbhome/", "{cwd}/nbhome"),
        ("~/nbhome", "{tmp}/nbhome"),
        ("$PLACE/nbhome", "{tmp}/place/nbhome"),
        ("${PLACE}", "{tmp}/place"),
    ],
)
def test_home_is_absolute_and_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str, meant: str
) -> None:
    """`~` and variables are filled in; the folder of this process is where it began."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PLACE", str(tmp_path / "place"))
    began = start_folder()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NANOBANANA_HOME", home)
    assert str(config.load().settings.home) == meant.format(cwd=began, tmp=tmp_path)


@pytest.mark.parametrize(
    ("home", "why"),
    [
        ("$NOWHERE/x", "no variable $NOWHERE"),
        ("${NOWHERE}", "no variable ${NOWHERE}"),
        ("~nobody-of-that-name/x", "home"),
        ("a\nb", "line break"),
    ],
)
def test_home_that_cannot_be_meant_is_refused(home: str, why: str) -> None:
    """What cannot be filled in is an error, and no folder of that name."""
    with pytest.raises(SettingsError, match="NANOBANANA_HOME") as caught:
        config.load(environ={"NANOBANANA_HOME": home})
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("NANOBANANA_MAX_CREDITS_DAYS", "NANOBANANA_MAX_CREDITS_DAY"),
        ("NANOBANANA_MAX_CREDIT_DAY", "NANOBANANA_MAX_CREDITS_DAY"),
        ("NANOBANANA_MAX_CREDITS_DAY ", "NANOBANANA_MAX_CREDITS_DAY"),
        ("NANOBANANA-MAX-CREDITS-DAY", "NANOBANANA_MAX_CREDITS_DAY"),
        ("nanobanana_max_credits_day", "NANOBANANA_MAX_CREDITS_DAY"),
        ("Nanobanana_Max_Credits_Day", "NANOBANANA_MAX_CREDITS_DAY"),
        ("NANO_BANANA_MAX_CREDITS_DAY", "NANOBANANA_MAX_CREDITS_DAY"),
        ("NANOBANNANA_MAX_CREDITS_NOTEBOOK", "NANOBANANA_MAX_CREDITS_NOTEBOOK"),
        ("NANOBANANA_CONFIRM", "NANOBANANA_CONFIRM_ABOVE"),
        ("NANOBANANA_XYZ", "config` lists"),
    ],
)
def test_misspelt_variable_is_told(variable: str, meant: str) -> None:
    """With the nearest name there is; its value is not repeated."""
    (line,) = config.unknown_variables({variable: "s3cret", "HOME": "/", "PATH": "/bin"})
    assert line.startswith(f"{variable} is set and is no setting")
    assert meant in line
    assert "s3cret" not in line


@pytest.mark.parametrize(
    "variable",
    [
        *VARIABLES.values(),
        *("CRUN_API_KEY", "NANOBANANA_API_KEY", "NANOBANANA_GEMINI_API_KEY"),
        *("NANOBANANA_CHROMIUM", "NANOBANANA_SCREENSHOTS"),
        *("HOME", "MODEL", "STATUS", "BANANA_HOME", "CRUN_BASE_URL"),
    ],
)
def test_other_variables_are_nobodys_business(variable: str) -> None:
    """Settings, keys, those of the tests, and of other programs."""
    assert config.unknown_variables({variable: "1"}) == []


def test_misspelt_variable_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call warns, and one that is set later is told as well."""
    monkeypatch.setenv("NANOBANANA_MAX_CREDITS_DAYS", "3")
    with pytest.warns(SettingsWarning, match="did you mean NANOBANANA_MAX_CREDITS_DAY"):
        session_for()
    session_for()
    monkeypatch.setitem(os.environ, "NANOBANANA_MODLE", "x")
    with pytest.warns(SettingsWarning, match="NANOBANANA_MODEL"):
        session_for()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("max_credits_days = 3", "did you mean max_credits_day?"),
        ("MAX_CREDITS_DAY = 3", "did you mean max_credits_day?"),
        ("NANOBANANA_MAX_CREDITS_DAY = 3", "did you mean max_credits_day?"),
        ('"max_credits_day " = 3', "did you mean max_credits_day?"),
        ("max-credits-day = 3", "did you mean max_credits_day?"),
        ("[nanobanana]\nmax_credits_day = 3", "at the top, under no [nanobanana]"),
        ("limits.max_credits_day = 3", "at the top, under no [limits]"),
    ],
)
def test_misspelt_name_in_the_file_is_told(tmp_path: Path, text: str, hint: str) -> None:
    """Other cases, dashes, the variable's name, and sections of which there are none."""
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        config.load(environ={"NANOBANANA_HOME": str(tmp_path)})
    assert hint in str(caught.value)


@pytest.mark.parametrize("value", [["a"], {"a": 1}, 3, True])
@pytest.mark.parametrize("name", ["provider", "model", "home"])
def test_text_is_text(tmp_path: Path, name: str, value: Any) -> None:
    """A list or a table in the file is no name of a model."""
    with pytest.raises(SettingsError, match="it must be a text"):
        config.load({name: value}, None, {"NANOBANANA_HOME": str(tmp_path)})


@pytest.mark.parametrize("prefix", ["", "NB_", "CRUN_", "MY_NOTEBOOKS_", "nb_"])
@pytest.mark.parametrize("limit", ["MAX_CREDITS_DAY", "MAX_CREDITS_NOTEBOOK"])
def test_limit_of_another_prefix_is_told(prefix: str, limit: str) -> None:
    """A variable that ends in the name of a limit was meant as one, whatever stands before."""
    (line,) = config.unknown_variables({prefix + limit: "5", "HOME": "/"})
    assert f"did you mean NANOBANANA_{limit}?" in line
