"""Settings and where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb import config
from nanobanana_nb.errors import SettingsError


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
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str, tmp_path: Path) -> None:
    """The error says which variable, which value and why."""
    with pytest.raises(SettingsError, match=name) as caught:
        config.load(environ={name: value, "NANOBANANA_HOME": str(tmp_path)})
    assert value in str(caught.value)


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
