"""The next step from an image, and a branch made again: what is sent, what is paid."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb
from nanobanana_nb.entry.launch import session_for
from nanobanana_nb.errors import BudgetError, InputError, NanobananaError, ReferenceImageError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.settings import config
from tests.fixtures import png
from tests.service import Service


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no call wait for its turn."""
    monkeypatch.setenv("NANOBANANA_RATE_LIMIT", "1000/1")


def prompts(service: Service) -> list[str]:
    """What the service was asked to make, in the order in which it arrived."""
    return [call["body"]["input"]["prompt"] for call in service.creates() if call["body"]]


def branch() -> tuple[Generation, Generation, Generation]:
    """An image, an edit of it, and an edit of that."""
    root = nanobanana_nb.generate("a heron", aspect_ratio="3:2", output_format="jpeg").one
    night = root.edit("make it night").one
    return root, night, night.edit("add a boat").one


def chain(one: Generation) -> list[str]:
    """The prompts on the way to an image, as the ledger has them."""
    return [g.request.prompt for g in session_for().ledger.family(one).chain()]


def test_edit_is_made_from_the_image(faces: Service) -> None:
    """Its bytes go along as the first reference, its settings are kept, its parent is known."""
    root, night, boat = branch()
    assert chain(boat) == ["a heron", "make it night", "add a boat"]
    assert [image.sha256 for image in night.request.images] == [root.sha256]
    assert night.request.parameters == root.request.parameters
    assert len(faces.creates()[1]["body"]["input"]["img_urls"]) == 1


def test_changed_settings_upload_nothing_again(faces: Service) -> None:
    """What the account has at the service is known to all sessions with its key."""
    nanobanana_nb.generate("a heron", images=png())
    before = session_for()
    config.CONFIGURED["wait_s"] = 99.0
    assert session_for() is not before
    nanobanana_nb.generate("an owl", images=png())
    assert sum(call["method"] == "PUT" for call in faces.calls()) == 1


@pytest.mark.long
def test_edit_takes_what_generate_takes(faces: Service) -> None:
    """Settings can be replaced or left out, and further images go along."""
    root = nanobanana_nb.generate("a heron", aspect_ratio="3:2", private=True).one
    made = root.edit("x", aspect_ratio=None, output_format="png", images=png(), repeats=2)
    assert dict(made[0].request.parameters) == {"output_format": "png"}
    assert [len(one.request.images) for one in made] == [2, 2]
    assert made[0].request.private, "as private as its original"
    other = root.edit("x", model="nano-banana-2-lite")
    assert dict(other[0].request.parameters) == {}


@pytest.mark.long
def test_bill_of_an_edit_is_shown_and_not_spent(faces: Service) -> None:
    """A dry run says what the edit costs, as HTML and as text, and sends nothing."""
    root = nanobanana_nb.generate("a heron").one
    bill = root.edit("make it night", dry_run=True, repeats=2)
    assert "8 credits" in repr(bill)
    assert "make it night" in bill._repr_mimebundle_()["text/html"]
    assert prompts(faces) == ["a heron"]
    root.edit("make it night")
    assert "1 already in the ledger · 1 new · 4 credits" in repr(
        root.edit("make it night", dry_run=True, repeats=2)
    )


def test_edit_of_a_private_image_keeps_its_words_private(faces: Service, tmp_path: Path) -> None:
    """Not one file of the home folder has a word of its prompt: its number stands for it."""
    root = nanobanana_nb.generate("flamingo", private=True).one
    night = root.edit("make it zebra").one
    assert night.request.images[0].name == f"id {root.id}"
    root.edit("open", private=False)
    kept = [file for file in (tmp_path / "home").rglob("*") if file.is_file()]
    assert kept
    assert [f for f in kept if b"flamingo" in f.read_bytes() or b"zebra" in f.read_bytes()] == []


def test_edit_of_nothing_says_why(faces: Service) -> None:
    """An image that is not here cannot be edited, and nothing is sent."""
    root = nanobanana_nb.generate("a heron").one
    before = len(faces.creates())
    with pytest.raises(NanobananaError, match="no image"):
        replace(root, path=None).edit("make it night")
    assert len(faces.creates()) == before


@pytest.mark.long
def test_replay_makes_the_later_steps_again(faces: Service) -> None:
    """The root stays, the changed step and what came after it are paid, in their order."""
    _, _, boat = branch()
    dusk = boat.replay({"night": "dusk"}).one
    assert prompts(faces)[3:] == ["make it dusk", "add a boat"]
    assert chain(dusk) == ["a heron", "make it dusk", "add a boat"]
    assert dusk.sha256 != boat.sha256


@pytest.mark.long
def test_replay_from_the_root(faces: Service) -> None:
    """A word of the first prompt makes the whole branch anew."""
    _, _, boat = branch()
    assert chain(boat.replay({"heron": "owl"}).one) == ["a owl", "make it night", "add a boat"]
    assert len(faces.creates()) == 6


@pytest.mark.long
def test_replay_again_is_free(faces: Service) -> None:
    """What was replayed is in the ledger; a bill of nothing needs no allowance."""
    _, _, boat = branch()
    first = boat.replay({"night": "dusk"}).one
    again = boat.replay({"night": "dusk"}, max_credits=0).one
    assert (again.id, again.cached) == (first.id, True)
    assert len(faces.creates()) == 5


@pytest.mark.long
def test_replay_has_one_bill(faces: Service) -> None:
    """The sum of all steps is what counts: one too many, and not one of them is sent."""
    _, _, boat = branch()
    config.CONFIGURED["confirm_above"] = 7
    with pytest.raises(BudgetError, match="max_credits=N"):
        boat.replay({"night": "dusk"})
    with pytest.raises(BudgetError, match="8 credits"):
        boat.replay({"night": "dusk"}, max_credits=5)
    assert len(faces.creates()) == 3
    assert boat.replay({"night": "dusk"}, max_credits=8).one.ok


@pytest.mark.long
def test_bill_of_a_replay_says_each_step(faces: Service) -> None:
    """A dry run sends nothing; afterwards it says that all of it is in the ledger."""
    _, _, boat = branch()
    config.CONFIGURED["confirm_above"] = 0
    lines = repr(boat.replay({"night": "dusk"}, dry_run=True)).splitlines()
    assert lines[0] == "2 images"
    assert lines[1].startswith("8 credits · balance after: ")
    assert lines[2:] == ["Step 1: make it dusk", "Step 2: add a boat"]
    assert len(faces.creates()) == 3
    boat.replay({"night": "dusk"}, max_credits=8)
    lines = repr(boat.replay({"night": "dusk"}, dry_run=True)).splitlines()
    assert lines[1] == "2 already in the ledger · 0 new · 0 credits"
    assert lines[2] == "Step 1: make it dusk · from the ledger"


@pytest.mark.long
def test_replay_may_not_cost_more_than_allowed(
    faces: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that is charged more than was estimated leaves less for those after it."""
    _, _, boat = branch()
    simulated = faces.app.state.service
    told = simulated.data
    monkeypatch.setattr(simulated, "data", lambda *task: {**told(*task), "credits": 7.0})
    with pytest.raises(BudgetError, match="about 7 credits") as caught:
        boat.replay({"night": "dusk"}, max_credits=8)
    assert "Step 2 of 2" in caught.value.__notes__[0]
    assert prompts(faces)[3:] == ["make it dusk"]


@pytest.mark.long
def test_replay_goes_on_where_it_failed(faces: Service) -> None:
    """A step that fails says which it is; the next try pays for the rest alone."""
    _, _, boat = branch()
    faces.fault("create", status=422, skip=1, times=2)  # with the link of a result, and without
    with pytest.raises(NanobananaError) as caught:
        boat.replay({"night": "dusk"})
    assert "Step 2 of 2" in caught.value.__notes__[0]
    assert boat.replay({"night": "dusk"}).one.ok
    assert prompts(faces).count("make it dusk") == 1


def test_replay_with_a_reference_from_outside(faces: Service) -> None:
    """Bytes that are still in hand go along; from the ledger alone they cannot be had."""
    made = nanobanana_nb.generate("a night", images=png()).one
    assert made.replay({"night": "day"}).one.ok
    kept = session_for().ledger.get(str(made.id))
    assert kept is not None
    with pytest.raises(ReferenceImageError, match="not at hand"):
        kept.replay({"night": "noon"})
    assert prompts(faces) == ["a night", "a day"]


def test_replay_of_an_image_of_nobody() -> None:
    """An image that no ledger has cannot be replayed."""
    asked = nanobanana_nb.GenerationRequest("simulator", "m", "night")
    with pytest.raises(InputError, match="does not know"):
        Generation(asked).replay({"night": "day"})


@pytest.mark.long
def test_edits_and_replays_can_be_awaited(faces: Service) -> None:
    """The awaited forms do the same, bills too, and the loop goes on meanwhile."""
    _, night, _ = branch()
    done, ticks = asyncio.run(_beside(_awaited(night)))
    assert ticks > 3
    assert [repr(bill).splitlines()[-1] for bill in done[:2]] == [
        "add a moon",
        "Step 2: add a moon",
    ]
    assert chain(done[2]) == ["a heron", "make it night", "add a moon"]
    assert chain(done[3]) == ["a heron", "make it dusk", "add a moon"]


async def _awaited(night: Generation) -> list[Any]:
    """The bill of an edit and of a replay, then both."""
    edit = await night.aedit("add a moon", dry_run=True)
    moon = (await night.aedit("add a moon")).one
    replay = await moon.areplay({"night": "dusk"}, dry_run=True)
    return [edit, replay, moon, (await moon.areplay({"night": "dusk"})).one]


async def _beside(work: Any) -> tuple[Any, int]:
    """What the work returns, and how often the loop came round meanwhile."""
    task, ticks = asyncio.ensure_future(work), 0
    while not task.done():
        await asyncio.wait({task}, timeout=0.01)
        ticks += 1
    return task.result(), ticks


@pytest.mark.long
def test_cancelled_replay_sends_no_further_step(faces: Service) -> None:
    """The step under way goes on at the service; the next one is not asked for."""
    _, _, boat = branch()
    faces.fault("info", delay_s=0.5, times=None)

    async def stopped() -> None:
        replaying = asyncio.ensure_future(boat.areplay({"night": "dusk"}))
        while len(faces.creates()) < 4:
            await asyncio.sleep(0.02)
        replaying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await replaying

    asyncio.run(stopped())
    assert prompts(faces)[3:] == ["make it dusk"]
