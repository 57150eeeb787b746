"""Providers of third parties in a notebook: called by their name, billed as what they are."""

from __future__ import annotations

import pytest

from nanobanana_nb.errors import MissingKeyError, ProviderError
from nanobanana_nb.notebook.panel.service_line import key_words
from nanobanana_nb.settings.config import load
from tests.conftest import InstallProvider
from tests.notebook.bench import Bench
from tests.notebook.commands.test_doctor import checks
from tests.notebook.conftest import KEY
from tests.notebook.panel.opened_panel import Opened, on_loop, until
from tests.provider_sources import KEYLESS

WANTS_A_KEY = """
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider

def provider(settings):
    return Provider("acme", "https://acme.invalid", CrunWire())
"""
CLAIMS = ("nothing is paid", "nothing to pay", "play money", "simulat", "SIMULATED")


@pytest.fixture
def keyless(install_provider: InstallProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider without a key answers, and takes credits."""
    install_provider("local", KEYLESS)
    monkeypatch.setenv("NANOBANANA_PROVIDER", "local")
    monkeypatch.setattr(
        "nanobanana_nb.run.task.poll_schedule.Durations.next_look_s", lambda *_: 0.02
    )


@pytest.mark.parametrize(
    "cells",
    [
        ["%%nanobanana --dry-run\nA cat"],
        ["%%nanobanana\nA cat", "%nanobanana spend", "%nanobanana show 1", "%nanobanana history"],
        ["%nanobanana doctor"],
        ["%nanobanana balance"],
    ],
)
def test_no_cell_takes_a_keyless_provider_for_the_simulator(
    bench: Bench, keyless: None, cells: list[str]
) -> None:
    """Bill, result, sums, doctor: what costs credits is nowhere said to be free."""
    for cell in cells:
        ran = bench.run(cell)
        assert ran.error is None, ran.told
        assert not [claim for claim in CLAIMS if claim in ran.told], ran.told
    assert "credits" in ran.told or "4" in ran.told


@pytest.mark.long
def test_panel_bills_a_keyless_provider(bench: Bench, keyless: None) -> None:
    """Its head asks for no key, and its bill says credits."""
    assert "no key needed · local answers" in key_words(load().settings)

    async def story() -> None:
        opened = Opened(bench)
        opened.form.prompt.value = "A cat"
        await until(lambda: "credits" in opened.bill)
        assert not [claim for claim in CLAIMS if claim in opened.bill], opened.bill

    on_loop(story)


@pytest.fixture
def acme(install_provider: InstallProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that wants a key of its own answers; CRUN's keys are there."""
    install_provider("acme", WANTS_A_KEY)
    monkeypatch.setenv("NANOBANANA_PROVIDER", "acme")
    monkeypatch.setenv("CRUN_API_KEY", KEY)
    monkeypatch.setenv("NANOBANANA_API_KEY", KEY)


def test_missing_key_is_called_by_its_provider(bench: Bench, acme: None) -> None:
    """Cell, doctor and panel name its variable, and none of CRUN's."""
    told = bench.fails("%%nanobanana\nA cat", MissingKeyError).told
    found = checks(bench)
    head = key_words(load().settings)
    assert found["key"][0] == found["service"][0] == "wrong"
    assert "key not set · acme wants one: set ACME_API_KEY" in head
    for text in (told, found["key"][1], head):
        assert "ACME_API_KEY" in text
        assert "CRUN" not in text + found["service"][1]


@pytest.mark.long
def test_own_key_is_called_by_its_source(
    bench: Bench, acme: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its shape is its provider's business."""
    monkeypatch.setenv("ACME_API_KEY", "short-and-odd")
    assert checks(bench)["key"] == ("ok", "From environment (ACME_API_KEY).")
    assert "key set, from environment (ACME_API_KEY) · acme answers" in key_words(load().settings)


@pytest.mark.parametrize("source", ["import nowhere_to_be_found", "provider = lambda settings: 3"])
def test_provider_that_does_not_work_is_one_error(
    bench: Bench, install_provider: InstallProvider, source: str
) -> None:
    """Cells, doctor and panel say which it is; loading the extension does not need it."""
    install_provider("acme", source)
    bench.run("%config NanobananaMagics.provider = 'acme'")
    told = bench.fails("%%nanobanana\nA cat", ProviderError).told
    found = checks(bench)
    head = key_words(load({"provider": "acme"}).settings)
    for text in (told, found["service"][1], head):
        assert "Provider acme cannot be" in text
    assert found["home"][0] == "ok"


def test_default_model_that_is_not_listed_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doctor compares it with the live list: a model may be gone, or never have been there."""
    monkeypatch.setenv("NANOBANANA_MODEL", "nano-banana-2.1")
    state, detail = checks(bench)["service"]
    assert state == "note"
    assert "google/nano-banana-2.1, the default model, is not among its" in detail


def test_bare_name_of_a_new_model_gets_its_prefix(bench: Bench) -> None:
    """The bill says under which name it goes out, before anything is paid."""
    ran = bench.run("%%nanobanana --dry-run -m nano-banana-2.1\nA cat")
    assert "nano-banana-2.1 is not a model known here: sent as google/nano-banana-2.1" in ran.text
    plan = bench.plan("-m nano-banana-2.1")
    assert plan.cells[0].request.model == "google/nano-banana-2.1"


def test_misspelt_limit_is_told_where_people_look(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once by itself, at `%load_ext` or the first cell, and always in `config` and `doctor`."""
    meant = "NANOBANANA_MAX_CREDITS_DAYS is set and is no setting: did you mean NANOBANANA_MAX_"
    monkeypatch.setenv("NANOBANANA_MAX_CREDITS_DAYS", "3")
    assert meant in bench.run("%reload_ext nanobanana_nb").text
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOV", "3")
    assert "NANOBANANA_CONFIRM_ABOVE" in bench.run("%%nanobanana --dry-run\nA cat").text
    assert meant not in bench.run("%%nanobanana --dry-run\nA cat").told
    assert meant in bench.run("%nanobanana config").text
    rows = bench.run("%nanobanana doctor").text
    assert "settings  note" in rows
    assert meant in rows
