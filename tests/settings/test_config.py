"""Settings and where they come from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nanobanana_nb.errors import SettingsError
from nanobanana_nb.settings import config


def test_the_nearer_source_wins(tmp_path: Path) -> None:
    """Explicit before %config before environment before file before default."""
    (tmp_path / "config.toml").write_text('model = "file"\nwait_s = 5\nprovider = "crun"')
    environ = {"NANOBANANA_HOME": str(tmp_path), "NANOBANANA_MODEL": "environment"}
    loaded = config.load({"provider": "simulator"}, {"base_url": "http://127.0.0.1:1/"}, environ)
    assert loaded.settings.provider == "simulator"
    assert loaded.settings.base_url == "http://127.0.0.1:1"
    assert loaded.settings.model == "environment"
    assert loaded.settings.wait_s == 5
    assert loaded.sources["provider"] == "explicit"
    assert loaded.sources["base_url"] == "%config"
    assert loaded.sources["model"] == "environment"
    assert loaded.sources["wait_s"] == str(tmp_path / "config.toml")
    assert loaded.sources["status"] == "default"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NANOBANANA_SIMULATOR_SPEED", "fast"),
        ("NANOBANANA_SIMULATOR_SPEED", "-1"),
        ("NANOBANANA_WAIT_S", "nan"),
        ("NANOBANANA_BASE_URL", "ftp://x"),
        ("NANOBANANA_STATUS", "loud"),
        ("NANOBANANA_CALLBACK_URL", "me.example"),
        ("NANOBANANA_CALLBACK_URL", "http://me.example"),
        ("NANOBANANA_CALLBACK_URL", "http://10.0.0.1:8971"),
        ("NANOBANANA_CALLBACK_URL", "http://localhost.example"),
        ("NANOBANANA_CALLBACK_URL", "https://"),
        ("NANOBANANA_CALLBACK_URL", "https://me.example:x"),
        ("NANOBANANA_CALLBACK_PORT", "http"),
        ("NANOBANANA_CALLBACK_PORT", "-2"),
        ("NANOBANANA_CALLBACK_PORT", "65536"),
        ("NANOBANANA_CALLBACK_PORT", "80.5"),
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str, tmp_path: Path) -> None:
    """The error says which variable, which value and why."""
    with pytest.raises(SettingsError, match=name) as caught:
        config.load(environ={name: value, "NANOBANANA_HOME": str(tmp_path)})
    assert value in str(caught.value)


def test_no_callback_is_asked_for_unless_an_address_is_set(tmp_path: Path) -> None:
    """With nothing set there is no public address, which is what opens the receiver."""
    settings = config.load(environ={"NANOBANANA_HOME": str(tmp_path)}).settings
    assert (settings.callback_url, settings.callback_port) == (None, 8971)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://me.example/", "https://me.example"),
        ("https://me.example:8443/hooks/", "https://me.example:8443/hooks"),
        ("http://localhost:8971", "http://localhost:8971"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://[::1]:1", "http://[::1]:1"),
    ],
)
def test_address_for_callbacks_is_https_or_this_machine(
    url: str, kept: str, tmp_path: Path
) -> None:
    """Any https address will do, and plain http only where nothing leaves the machine."""
    environ = {"NANOBANANA_CALLBACK_URL": url, "NANOBANANA_HOME": str(tmp_path)}
    assert config.load(environ=environ).settings.callback_url == kept


@pytest.mark.parametrize("rest", ["me:word@me.example", "me.example/?word", "me.example/#word"])
def test_address_for_callbacks_has_no_secret_of_its_own(rest: str, tmp_path: Path) -> None:
    """A password, a query and a fragment are refused, and the error does not repeat them."""
    environ = {"NANOBANANA_CALLBACK_URL": f"https://{rest}", "NANOBANANA_HOME": str(tmp_path)}
    with pytest.raises(SettingsError, match="a host, a port and a path, and no more") as caught:
        config.load(environ=environ)
    assert "NANOBANANA_CALLBACK_URL" in str(caught.value)
    assert "word" not in str(caught.value)


@pytest.mark.parametrize("port", ["0", "8971", "65535"])
def test_port_for_callbacks_is_a_number(port: str, tmp_path: Path) -> None:
    """Every port there is can be set; 0 is any free one."""
    environ = {"NANOBANANA_CALLBACK_PORT": port, "NANOBANANA_HOME": str(tmp_path)}
    assert config.load(environ=environ).settings.callback_port == int(port)


def test_an_unknown_name_in_the_file_is_told(tmp_path: Path) -> None:
    """A typing error in the file does not pass silently."""
    (tmp_path / "config.toml").write_text('modle = "x"')
    with pytest.raises(SettingsError, match="did you mean model"):
        config.load(environ={"NANOBANANA_HOME": str(tmp_path)})


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    """A file that is no TOML is named."""
    (tmp_path / "config.toml").write_text("model = ")
    with pytest.raises(SettingsError, match=r"config\.toml"):
        config.load(environ={"NANOBANANA_HOME": str(tmp_path)})


def _pipe(file: Path) -> None:
    os.mkfifo(file)


def _nowhere(file: Path) -> None:
    file.symlink_to(file.with_name("gone.toml"))


def _itself(file: Path) -> None:
    file.symlink_to(file)


def _device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def _folder(file: Path) -> None:
    file.mkdir()


def _huge(file: Path) -> None:
    file.touch()
    os.truncate(file, 1 << 40)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("put", [_pipe, _nowhere, _itself, _device, _folder, _huge])
def test_what_is_no_file_is_told(tmp_path: Path, put: Callable[[Path], None]) -> None:
    """Whatever stands there instead of a file is told: its ceilings were meant to hold."""
    file = tmp_path / "config.toml"
    put(file)
    with pytest.raises(SettingsError, match=re.escape(str(file))):
        config.load({}, {}, {"NANOBANANA_HOME": str(tmp_path)})


def test_no_file_is_fine_behind_a_link_too(tmp_path: Path) -> None:
    """A link to a file that is there is read, and a home without a file has the defaults."""
    environ = {"NANOBANANA_HOME": str(tmp_path)}
    assert config.load({}, {}, environ).settings.max_credits_day is None
    (tmp_path / "own.toml").write_text("max_credits_day = 7")
    (tmp_path / "config.toml").symlink_to(tmp_path / "own.toml")
    assert config.load({}, {}, environ).settings.max_credits_day == 7
