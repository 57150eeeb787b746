"""Amounts, models and addresses that cannot be: one sentence of ours before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import nanobanana_nb as nb
from nanobanana_nb.entry.launch import session_for
from nanobanana_nb.errors import InputError, SettingsError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.settings.config import load
from tests.service import Service

Made = Callable[..., Any]
DOORS: dict[str, Made] = {
    "generate": nb.generate,
    "submit": nb.submit,
    "sweep": lambda prompt, **given: nb.sweep(prompt + " {a}", a=["x", "y"], **given),
    "plan": nb.plan,
}
NO_ADDRESS = [
    "not a link",
    "javascript:x",
    "ftp://h",
    "http://",
    "https://",
    "https://:80",
    "http://me.example/hook",
    "https://h/\x00",
    "\x00",
    "https://h/\ud800",
    "https://h/a b",
    "https://h/\nb",
    "https://[::1",
    "https://h:port/",
    "https://h:99999/",
    "http://me.example\\@127.0.0.1/",
    "//h/x",
    " ",
]


@pytest.mark.parametrize("address", NO_ADDRESS)
@pytest.mark.parametrize("door", DOORS)
def test_callback_that_is_no_address(faces: Service, door: str, address: str) -> None:
    """It is refused by the rule of the setting of that name, and is not repeated."""
    with pytest.raises(InputError, match="callback_url is no address") as refusal:
        DOORS[door]("a heron", callback_url=address)
    assert address.strip() == "" or address not in str(refusal.value)
    assert not faces.calls()


@pytest.mark.parametrize("address", [address for address in NO_ADDRESS if address.strip()])
def test_setting_that_is_no_address(address: str) -> None:
    """The same texts cannot be set."""
    for variable in ("NANOBANANA_CALLBACK_URL", "NANOBANANA_BASE_URL"):
        with pytest.raises(SettingsError, match=variable):
            load(environ={variable: address})


@pytest.mark.parametrize("secret", ["/?token=hush-1", "/x;sig=hush-1"])
def test_callback_may_hold_a_secret_of_its_own(faces: Service, secret: str) -> None:
    """What follows the host is the person's, and goes out as it is."""
    address = f"https://user:word@me.example{secret}"
    nb.generate("a heron", callback_url=address)
    assert [call["body"]["callback_url"] for call in faces.creates()] == [address]


def test_plan_made_by_hand_with_half_a_character(faces: Service) -> None:
    """It ends as an error of what was given, and not of the provider."""
    request = GenerationRequest("crun", "google/nano-banana", "an owl")
    plan = Plan((Cell(request),), callback_url="\ud800")
    with pytest.raises(InputError, match="cannot be written down"):
        session_for(None).submit(plan).result()
    assert not faces.creates()


@pytest.mark.parametrize("model", ["\ud800", "google/\ud800", "google/nano-banana\udcff"])
@pytest.mark.parametrize("door", DOORS)
def test_model_that_is_no_name(faces: Service, door: str, model: str) -> None:
    """Half a character is told before anything is sent."""
    with pytest.raises(InputError, match="half a character"):
        DOORS[door]("a heron", model=model)
    assert not faces.creates()


@pytest.mark.long
@pytest.mark.parametrize(
    "amount",
    [10**400, 10**5000, Fraction(10**400), Fraction(-1, 2)],
    ids=["large", "huge", "large fraction", "negative"],
)
def test_limit_beyond_any_number(faces: Service, amount: Any) -> None:
    """Wherever a limit is given, one that is none is one sentence."""
    grid = nb.generate("a heron", repeats=2)
    job = nb.submit("a heron")
    job.result()
    sent = len(faces.creates())
    acts: list[Callable[[], Any]] = [
        lambda: nb.generate("an owl", max_credits=amount),
        lambda: nb.sweep("a {bird}", bird=["owl", "jay"], max_credits=amount),
        lambda: grid.retry(max_credits=amount),
        lambda: grid.repeat(3, max_credits=amount),
        lambda: grid[0].edit("in snow", max_credits=amount),
        lambda: grid[0].replay({"heron": "owl"}, max_credits=amount),
        lambda: job.again(0, max_credits=amount),
    ]
    for act in acts:
        with pytest.raises(InputError, match="max_credits is a number of credits, 0 or more"):
            act()
    assert len(faces.creates()) == sent


@pytest.mark.parametrize(
    ("amount", "most"), [(Fraction(9, 2), 4.5), (np.float32(2.5), 2.5), (np.int64(3), 3), (7, 7)]
)
def test_limit_of_any_kind_of_number(amount: Any, most: float) -> None:
    """It counts as the number that it is, so that a refusal can tell it."""
    assert RunLimits(max_credits=amount).max_credits == most
    assert type(RunLimits(max_credits=amount).max_credits) is float
