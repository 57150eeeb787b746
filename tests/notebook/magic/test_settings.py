"""`%config NanobananaMagics`: settings for this kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb.settings import config
from tests.notebook.bench import Bench

PRO = "google/nano-banana-pro"


def row(bench: Bench, name: str) -> str:
    """Return the line of `%nanobanana config` about a setting."""
    lines = bench.run("%nanobanana config").text.splitlines()
    return next(line for line in lines if line.startswith(f"{name} "))


def test_model_takes_effect_and_can_be_taken_back(bench: Bench) -> None:
    """The next cell uses it, `%nanobanana config` says so, and empty means not set."""
    assert "default" in row(bench, "model")
    assert bench.run('%config NanobananaMagics.model = "nano-banana-pro"').error is None
    assert bench.plan("").cells[0].request.model == PRO
    assert "nano-banana-pro" in row(bench, "model")
    assert "%config" in row(bench, "model")
    bench.run('%config NanobananaMagics.model = ""')
    assert bench.plan("").cells[0].request.model == "google/nano-banana"
    assert "default" in row(bench, "model")


def test_order_of_the_layers(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """An option goes before `%config`, which goes before the environment."""
    monkeypatch.setenv("NANOBANANA_MODEL", "nano-banana-2")
    assert bench.plan("").cells[0].request.model == "google/nano-banana-2"
    assert "environment" in row(bench, "model")
    bench.run('%config NanobananaMagics.model = "nano-banana-pro"')
    assert bench.plan("").cells[0].request.model == PRO
    assert bench.plan("-m nano-banana-v2").cells[0].request.model == "google/nano-banana-v2"


def test_file_is_named_as_a_source(bench: Bench, tmp_path: Path) -> None:
    """A setting of `config.toml` names the file that it comes from."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text('model = "nano-banana-pro"\n')
    assert str(home / "config.toml") in row(bench, "model")


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("wait_s", "30", "30"),
        ("wait_s", "0", "0"),
        ("simulator_speed", "0.5", "0.5"),
        ("status", "'text'", "text"),
        ("images_dir", "'pictures'", "pictures"),
        ("provider", "'simulator'", "simulator"),
        ("base_url", "'https://x.example/'", "https://x.example"),
        ("callback_url", "'https://me.example/'", "https://me.example"),
        ("callback_port", "0", "0"),
    ],
)
def test_every_setting_can_be_configured(bench: Bench, name: str, value: str, shown: str) -> None:
    """What is set shows with its source, 0 among it."""
    bench.run(f"%config NanobananaMagics.{name} = {value}")
    assert shown in row(bench, name).split()[1]
    assert "%config" in row(bench, name)


def test_number_can_be_taken_back(bench: Bench) -> None:
    """-1 means not set."""
    bench.run("%config NanobananaMagics.wait_s = 30")
    bench.run("%config NanobananaMagics.wait_s = -1")
    assert "default" in row(bench, "wait_s")


def test_settings_survive_a_reload(bench: Bench) -> None:
    """What `%config` set still holds after `%reload_ext`, as `%config` itself says."""
    bench.run('%config NanobananaMagics.model = "nano-banana-pro"')
    bench.run("%reload_ext nanobanana_nb")
    shown = bench.run("%config NanobananaMagics.model").value
    used = bench.plan("").cells[0].request.model
    assert (shown == "nano-banana-pro") is (used == PRO), f"shown {shown!r}, used {used!r}"
    assert used == PRO


def test_settings_can_be_changed_after_a_reload(bench: Bench) -> None:
    """`%config` reaches the class that is in force."""
    bench.run("%reload_ext nanobanana_nb")
    bench.run('%config NanobananaMagics.model = "nano-banana-pro"')
    assert bench.plan("").cells[0].request.model == PRO


def test_every_setting_has_a_trait(bench: Bench) -> None:
    """The traits are the settings, no more and no fewer, and each is explained."""
    (magics,) = [o for o in bench.shell.configurables if type(o).__name__ == "NanobananaMagics"]
    assert set(magics.trait_names(config=True)) == set(config.Settings.__dataclass_fields__)
    assert all(trait.help for trait in magics.traits(config=True).values())


def test_provider_in_force_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is set, the list names who answers instead of `None`."""
    monkeypatch.delenv("NANOBANANA_PROVIDER")
    assert "None" not in row(bench, "provider").split()
    assert "simulator" in row(bench, "provider").split("NANOBANANA_PROVIDER")[0]
