"""Numbers that a service says: what can be no price, charge or balance is not known."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.api.crun import CrunWire, number
from nanobanana_nb.api.provider import Answer, Estimate, TaskInfo
from nanobanana_nb.errors import NanobananaError, UnexpectedAnswerError
from nanobanana_nb.model.credits import MOST_PRICE, plausible
from nanobanana_nb.model.result import State

WIRE = CrunWire()
NO_NUMBERS = [None, True, False, "", "four", "1_0", "٣", "NaN", "Infinity", [], {}, [4]]
HUGE = [MOST_PRICE + 1, 1e308, "1e308", 10**30, 10**400, math.inf]
ODD = [*NO_NUMBERS, -4, -1000, -0.5, "-4", 1e308, 10**30, 10**400, math.nan, math.inf, -math.inf]
FINE = [(0, 0.0), (4, 4.0), (2.5, 2.5), ("4", 4.0), (" 2.5 ", 2.5), ("1e2", 100.0)]


def answer(data: Any) -> Answer:
    """An answer of the service that holds this."""
    return Answer(200, {}, json.dumps({"code": 200, "message": "success", "data": data}).encode())


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd not in HUGE])
@pytest.mark.parametrize("name", ["credits", "estimated_credits"])
def test_odd_price_is_no_price(name: str, odd: object) -> None:
    """An estimate below zero, without measure or in words raises our own error."""
    with pytest.raises(UnexpectedAnswerError, match="usable number"):
        WIRE.read_estimate(answer({name: odd, "estimated": False}))


@pytest.mark.parametrize("huge", HUGE)
@pytest.mark.parametrize("name", ["credits", "estimated_credits"])
def test_huge_price_is_the_highest(name: str, huge: object) -> None:
    """A price beyond all that can be is asked about like any that is high, not forgotten."""
    assert WIRE.read_estimate(answer({name: huge})).credits == MOST_PRICE


@pytest.mark.parametrize("overdrawn", [-0.5, -5, "-5", -1000, -1e9])
def test_overdrawn_account_is_empty(overdrawn: object) -> None:
    """Of a balance below zero nothing is left, on its own and beside an estimate."""
    assert WIRE.read_balance(answer({"balance": overdrawn})) == 0.0
    told = WIRE.read_estimate(answer({"estimated_credits": 4, "balance": overdrawn}))
    assert told.balance == 0.0
    assert Estimate(4.0, balance=-5.0).balance == 0.0


@pytest.mark.parametrize("odd", [o for o in ODD if o not in (-4, -1000, -0.5, "-4")])
def test_odd_balance_is_no_balance(odd: object) -> None:
    """On its own it is an error, beside an estimate it is left out and the price stays."""
    with pytest.raises(UnexpectedAnswerError, match="usable number"):
        WIRE.read_balance(answer({"balance": odd}))
    told = WIRE.read_estimate(answer({"estimated_credits": 4, "balance": odd}))
    assert (told.credits, told.balance) == (4.0, None)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("status", ["success", "failed", "running"])
def test_odd_charge_is_not_known(status: str, odd: object) -> None:
    """A charge that can be none is not known, and the task is what it is without it."""
    result = {"code": 200, "media_urls": ["https://x.example/a.png"]}
    info = WIRE.read_info(
        answer({"task_id": "a", "status": status, "credits": odd, "result": result}), "a"
    )
    assert info.credits is None
    assert info.state == status


@pytest.mark.parametrize("odd", [*ODD, "soon"])
def test_odd_duration_is_not_known(odd: object) -> None:
    """A task of no time that can be has no duration."""
    info = WIRE.read_info(answer({"task_id": "a", "status": "running", "duration_s": odd}), "a")
    assert info.seconds is None


@pytest.mark.parametrize(("said", "value"), FINE)
def test_number_and_numeric_text_are_numbers(said: object, value: float) -> None:
    """What is a number keeps its value, as a price, a charge and a balance."""
    assert WIRE.read_estimate(answer({"credits": said})).credits == value
    assert WIRE.read_balance(answer({"balance": said})) == value
    info = WIRE.read_info(answer({"task_id": "a", "status": "running", "credits": said}), "a")
    assert info.credits == value


@pytest.mark.parametrize("odd", [-4.0, math.nan, math.inf, 1e308, MOST_PRICE * 2])
def test_odd_number_of_any_provider(odd: float) -> None:
    """A wire of somebody else that lets such a number through is checked as well."""
    if odd > MOST_PRICE:
        assert Estimate(odd).credits == MOST_PRICE
    else:
        with pytest.raises(UnexpectedAnswerError):
            Estimate(odd)
    assert TaskInfo("a", State.RUNNING, odd).credits is None


@given(st.one_of(st.floats(), st.integers(), st.text(max_size=12), st.none(), st.booleans()))
def test_whatever_is_said_is_a_number_or_none(value: object) -> None:
    """No value breaks the reading, and what comes out is finite, not negative and not absurd."""
    read = number(value)
    assert read is None or math.isfinite(read)
    credits = plausible(read)
    assert credits is None or 0 <= credits <= MOST_PRICE


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
        lambda inner: st.dictionaries(
            st.sampled_from(["credits", "estimated_credits", "balance", "estimated", "code"]), inner
        ),
        max_leaves=6,
    )
)
def test_any_answer_is_read_or_refused(data: object) -> None:
    """Whatever JSON comes in the place of a price or a balance ends as one or as our own error."""
    for read in (WIRE.read_estimate, WIRE.read_balance):
        with suppress(NanobananaError):
            read(answer(data))
