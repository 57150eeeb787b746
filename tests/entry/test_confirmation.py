"""One rule about asking first: above the setting or the balance every door sends nothing."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.entry.launch import session_for
from nanobanana_nb.errors import BudgetError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.show.grid import ImageGrid
from tests.service import Service

PRICE = 4
STYLES = ["ink", "oil"]


def _scouted() -> ImageGrid:
    return nb.sweep("A {a} {b}", {"a": ["red", "blue"], "b": ["cat", "owl"]}, scout=True)


def _failed(service: Service) -> ImageGrid:
    service.fault("create", skip=1, status=422)
    grid = nb.sweep("A heron, {style}", {"style": STYLES})
    assert grid.counts()["failed"] == 1
    return grid


# Each door: what is there before, and what then would pay. The start is not to be asked about.
DOORS: dict[str, Callable[[Service], Callable[..., Any]]] = {
    "generate": lambda service: lambda **yes: nb.generate("A fox", **yes),
    "agenerate": lambda service: lambda **yes: asyncio.run(nb.agenerate("A fox", **yes)),
    "submit": lambda service: lambda **yes: nb.submit("A fox", **yes).result(),
    "sweep": lambda service: lambda **yes: nb.sweep("A {x}", {"x": ["fox"]}, **yes),
    "asweep": lambda service: lambda **yes: asyncio.run(nb.asweep("A {x}", {"x": ["fox"]}, **yes)),
    "edit": lambda service: _edits("edit"),
    "aedit": lambda service: _awaited(_edits("aedit")),
    "replay": lambda service: _replays("replay"),
    "areplay": lambda service: _awaited(_replays("areplay")),
    "retry": lambda service: _failed(service).retry,
    "extend": lambda service: _extends(nb.sweep("A heron, {style}", {"style": STYLES})),
    "repeat": lambda service: _repeats(nb.sweep("A heron, {style}", {"style": STYLES})),
    "complete": lambda service: _scouted().complete,
}


def _edits(name: str) -> Callable[..., Any]:
    image = nb.generate("A fox")[0]
    return lambda **yes: getattr(image, name)("make it night", **yes)


def _replays(name: str) -> Callable[..., Any]:
    image = nb.generate("A fox")[0].edit("make it night").one
    return lambda **yes: getattr(image, name)({"night": "dusk"}, **yes)


def _awaited(work: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **yes: asyncio.run(work(**yes))


def _extends(grid: ImageGrid) -> Callable[..., Any]:
    return lambda **yes: grid.extend(style=["photo"], **yes)


def _repeats(grid: ImageGrid) -> Callable[..., Any]:
    return lambda **yes: grid.repeat(2, **yes)


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
def test_every_door_asks_above_the_setting(
    faces: Service, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """A bill above `confirm_above` sends nothing, and the error says how to say yes here."""
    pay = DOORS[door](faces)
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOVE", "3")
    sent = len(faces.creates())
    with pytest.raises(BudgetError) as refused:
        pay()
    assert "above 3 credits it asks first" in str(refused.value)
    assert "`yes=True`" in str(refused.value)
    assert "`max_credits=N`" in str(refused.value)
    with pytest.raises(BudgetError, match="at most 3 credits are allowed"):
        pay(max_credits=3)
    with pytest.raises(BudgetError, match="at most 3 credits are allowed"):
        pay(max_credits=3, yes=True)
    assert len(faces.creates()) == sent


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("yes", [{"yes": True}, {"max_credits": 100}])
def test_every_door_takes_a_yes(
    faces: Service, monkeypatch: pytest.MonkeyPatch, door: str, yes: dict[str, Any]
) -> None:
    """With `yes=True`, or within `max_credits`, the same call runs."""
    pay = DOORS[door](faces)
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOVE", "3")
    sent = len(faces.creates())
    assert all(one.ok for one in pay(**yes))
    assert len(faces.creates()) > sent


@pytest.mark.parametrize("door", ["generate", "agenerate", "submit", "sweep", "asweep"])
def test_every_door_asks_above_the_balance(
    tcp: Any, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """What the account cannot pay is not sent either, however small it is."""
    poor = tcp.simulator(balance=3.0)
    for name, value in poor.environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BudgetError, match=r"balance does not suffice.*(yes=True|Top up)"):
        DOORS[door](poor)()
    assert poor.creates() == []


@pytest.mark.long
def test_several_images_of_unknown_price_want_a_yes(faces: Service) -> None:
    """Where the service tells no price, one image goes and several ask first."""
    faces.fault("estimate", times=None, status=500)
    with pytest.raises(BudgetError, match=r"the price is not known.*yes=True"):
        nb.generate("A heron", repeats=2)
    assert faces.creates() == []
    assert nb.generate("A heron").one.ok
    assert len(nb.generate("A heron", repeats=2, yes=True)) == 2
    with pytest.raises(BudgetError, match="price"):
        nb.generate("A heron", repeats=4, yes=True, max_credits=100)


def test_what_nobody_named_terms_for_asks_as_well(
    faces: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule stands below all doors: a run without any limits is asked about too."""
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOVE", "3")
    with pytest.raises(BudgetError):
        session_for().submit(nb.plan("A fox")).result()
    assert faces.creates() == []
    assert session_for().submit(nb.plan("A fox"), RunLimits(yes=True)).result().one.ok


@pytest.mark.long
def test_steps_of_a_replay_share_what_was_allowed(
    faces: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch of two steps below the limit runs: each may cost what the others leave."""
    image = nb.generate("A fox at night")[0].edit("add a boat").one
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOVE", "8")
    assert image.replay({"night": "dusk"}).one.ok
    assert image.replay({"night": "noon"}, max_credits=8).one.ok


PAID = (nb.generate, nb.agenerate, nb.submit, nb.sweep, nb.asweep, nb.Job.again)
GROWN = (ImageGrid.retry, ImageGrid.extend, ImageGrid.repeat, ImageGrid.complete)


@pytest.mark.parametrize("paid", [*PAID, *GROWN], ids=lambda paid: paid.__qualname__)
def test_whatever_is_paid_takes_a_yes(paid: Callable[..., Any]) -> None:
    """`yes` and `max_credits` are keywords wherever something is paid."""
    assert {"yes", "max_credits"} <= set(inspect.signature(paid).parameters)
