"""Experiments from Python: what is sent is what the bill says, and grids that ask for more."""

from __future__ import annotations

import asyncio

import pytest

import nanobanana_nb
from nanobanana_nb.entry.launch import session_for
from nanobanana_nb.entry.stored_grid import kept_grid
from nanobanana_nb.errors import BudgetError, InputError, NanobananaError
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import State
from tests.service import Service

STYLES = ["woodcut", "ink", "oil"]


def prompts(service: Service) -> list[str]:
    """What the service was asked to make, in the order in which it arrived."""
    return [call["body"]["input"]["prompt"] for call in service.creates()]


@pytest.mark.long
def test_sweep_makes_the_product(faces: Service) -> None:
    """Two axes and repeats: as many creates as the plan says, each with its own values."""
    axes = {"style": STYLES, "aspect_ratio": ["1:1", "3:2"]}
    asked = nanobanana_nb.plan("A {animal}, {style}", axes, repeats=2, animal="heron")
    assert faces.creates() == []
    grid = nanobanana_nb.sweep("A {animal}, {style}", axes, repeats=2, animal="heron")
    assert len(grid) == len(asked.cells) == len(faces.creates()) == 12
    assert {one.request.prompt for one in grid} == {f"A heron, {style}" for style in STYLES}
    assert len(grid.select(style="ink", aspect_ratio="3:2")) == 2


def test_sweep_without_blocking(faces: Service) -> None:
    """`asweep` makes the same, and a second time it is free."""
    axes = {"style": STYLES}
    grid = asyncio.run(nanobanana_nb.asweep("A heron, {style}", axes))
    assert [one.ok for one in grid] == [True] * 3
    again = nanobanana_nb.sweep("A heron, {style}", axes)
    assert [one.cached for one in again] == [True] * 3
    assert len(faces.creates()) == 3


def test_bill_of_a_plan_is_shown_and_not_spent(faces: Service) -> None:
    """A plan says what it costs, less what is in the ledger, and sends nothing."""
    asked = nanobanana_nb.plan("A heron, {style}", {"style": STYLES})
    nanobanana_nb.generate("A heron, ink")
    told = repr(asked.bill())
    assert "1 already in the ledger · 2 new · 8 credits" in told
    assert len(faces.creates()) == 1


@pytest.mark.parametrize("face", ["generate", "submit", "sweep"])
def test_wish_for_a_dry_run_is_not_sent(faces: Service, face: str) -> None:
    """Where there is none it is no field for the service, which might make and charge it."""
    with pytest.raises(InputError, match=r"Not sent.*plan\(...\)\.bill\(\)"):
        getattr(nanobanana_nb, face)("A heron", dry_run=True)
    assert faces.creates() == []


def test_order_of_running_judges_early(faces: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """What shows each value once is created first; the grid keeps its own order."""
    monkeypatch.setattr("nanobanana_nb.run.task.context.WIDTH", 1)
    grid = nanobanana_nb.sweep("A {animal}, {style}", {"animal": ["cat", "owl"], "style": STYLES})
    early = prompts(faces)[:3]
    assert {word for text in early for word in text.split(", ")[1:]} == set(STYLES)
    assert {text.split(",")[0] for text in early} == {"A cat", "A owl"}
    assert [one.request.prompt for one in grid][:3] == [f"A cat, {style}" for style in STYLES]


@pytest.mark.long
def test_scout_and_then_the_rest(faces: Service) -> None:
    """A scout pays for what shows each value once, `complete` for the others and no more."""
    axes = {"animal": ["cat", "owl"], "style": STYLES}
    grid = nanobanana_nb.sweep("A {animal}, {style}", axes, scout=True)
    assert len(grid) == len(faces.creates()) == 3
    whole = grid.complete()
    assert [one.ok for one in whole] == [True] * 6
    assert len(faces.creates()) == 6
    assert sum(one.credits or 0 for one in whole) == 24


def test_retry_pays_for_the_failed_alone(faces: Service) -> None:
    """One refused create is one tile that failed; asking again sends one."""
    faces.fault("create", skip=1, status=422)
    grid = nanobanana_nb.sweep("A heron, {style}", {"style": STYLES})
    assert sorted(one.state for one in grid) == ["failed", "success", "success"]
    assert f"1 failed: %nanobanana retry g{grid.number}" in repr(grid)
    number, part = grid.number, grid[:]
    assert grid.retry() is grid
    assert [one.ok for one in [*grid, *part]] == [True] * 6
    assert len(faces.creates()) == 4
    assert grid.retry().number == number
    assert len(faces.creates()) == 4


@pytest.mark.long
def test_extend_and_repeat_pay_for_what_is_new(faces: Service) -> None:
    """A further value and further repeats: what is here is neither asked for nor paid again."""
    grid = nanobanana_nb.sweep("A heron, {style}", {"style": STYLES})
    more = grid.extend(style=["photo"])
    assert len(more) == len(faces.creates()) == 4
    twice = more.repeat(2)
    assert len(twice) == len(faces.creates()) == 8
    with pytest.raises(InputError, match="photo"):
        more.extend(style=["photo"])
    assert len(twice.pivot(rows="repeat", cols="style")) == 8
    assert len(faces.creates()) == 8


def test_axis_of_reference_images(faces: Service) -> None:
    """Images are an axis too: each is uploaded once and sent with its own create."""
    from tests.fixtures import png

    pictures = [png("800000", (8, 8)), png("008000", (8, 8))]
    grid = nanobanana_nb.sweep("A heron, {style}", {"image": pictures, "style": ["ink", "oil"]})
    assert [one.ok for one in grid] == [True] * 4
    links = [call["body"]["input"]["img_urls"] for call in faces.creates()]
    assert len({link for own in links for link in own}) == 2


@pytest.mark.long
def test_large_bill_is_refused_unless_allowed(
    faces: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above `confirm_above` a sweep and a grid that grows send nothing and say how to allow it."""
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOVE", "10")
    axes = {"style": STYLES}
    with pytest.raises(BudgetError, match="max_credits"):
        nanobanana_nb.sweep("A heron, {style}", axes)
    assert faces.creates() == []
    grid = nanobanana_nb.sweep("A heron, {style}", axes, max_credits=12)
    with pytest.raises(BudgetError, match=r"yes=True.*max_credits=N"):
        grid.repeat(9)
    assert len(faces.creates()) == 3
    assert len(grid.repeat(3, max_credits=24)) == 9


def test_kept_grid_is_what_the_ledger_has(faces: Service) -> None:
    """A grid that was run comes back by its number, with its plan, its states, its failures."""
    faces.fault("create", skip=1, status=422)
    grid = nanobanana_nb.sweep("A heron, {style}", {"style": STYLES}, repeats=2)
    assert grid.number is not None
    session = session_for()
    found = kept_grid(session, f"g{grid.number}")
    assert [one.state for one in found] == [one.state for one in grid]
    assert isinstance(found.plan, Plan)
    assert found.plan.axes == grid.plan.axes  # type: ignore[union-attr]
    assert [one.ok for one in found.retry()] == [True] * 6
    with pytest.raises(InputError, match="no grid"):
        kept_grid(session, "g99")


def test_private_grid_comes_back_without_its_words(faces: Service) -> None:
    """The images are found though their prompts were never written down."""
    grid = nanobanana_nb.sweep("A secret {bird}", {"bird": ["heron", "owl"]}, private=True)
    session = session_for()
    kept = session.ledger.plans.get(grid.number or 0)
    assert kept is not None
    assert "secret" not in kept.plan
    found = kept_grid(session, str(grid.number))
    assert [one.sha256 for one in found] == [one.sha256 for one in grid]


def test_strict_raises_for_one_failure(faces: Service) -> None:
    """Without `strict` a grid with a failure is a result, with it an error that says how many."""
    from nanobanana_nb.model.plan.limits import RunLimits

    faces.fault("create", skip=1, status=422)
    asked = nanobanana_nb.plan("A heron, {style}", {"style": STYLES})
    with pytest.raises(NanobananaError) as raised:
        session_for().submit(asked, RunLimits(strict=True)).result()
    assert any("1 of the 3 images" in note for note in raised.value.__notes__)
    states = [one.state for one in kept_grid(session_for(), "1")]
    assert states.count(State.SUCCESS) == 2
