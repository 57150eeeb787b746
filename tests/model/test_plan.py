"""From a prompt and its options to requests."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan import Bill, Plan, make_plan


def _plan(prompt: str, **options: Any) -> Plan:
    return make_plan(prompt, provider="simulator", model="nano-banana", **options)


def test_repeats_are_distinct_requests() -> None:
    """Each repeat has a number, so that each is paid once and found again."""
    plan = _plan("a cat", repeats=3)
    assert [cell.request.repeat for cell in plan.cells] == [1, 2, 3]
    assert len({cell.request.fingerprint() for cell in plan.cells}) == 3
    assert plan.in_words() == "3 repeats = 3 images"


def test_a_list_in_the_namespace_is_an_axis() -> None:
    """Two lists make every combination, in order."""
    values = {"animal": ["cat", "heron"], "style": ("woodcut", "photo", "oil"), "other": [1]}
    plan = _plan("a {animal}, {style}", namespace=values)
    assert len(plan.cells) == 6
    assert plan.cells[0].request.prompt == "a cat, woodcut"
    assert plan.cells[-1].values == (("animal", "heron"), ("style", "oil"))
    assert plan.in_words() == "2 animal × 3 style = 6 images"


def test_without_a_namespace_braces_are_text() -> None:
    """Raw prompts and the Python faces take the text as it is."""
    assert _plan("a {animal}").cells[0].request.prompt == "a {animal}"


def test_notes_are_told_once() -> None:
    """What concerns every cell is one note."""
    assert len(_plan("a cat", repeats=3, parameters={"resolution": "2K"}).notes) == 1


@pytest.mark.parametrize(
    ("prompt", "options", "said"),
    [
        ("a cat", {"repeats": 0}, "repeats"),
        ("{a}", {"namespace": {"a": []}}, "empty list"),
        ("{a}", {"namespace": {"a": ["x", "x"]}}, "twice"),
        ("{a}", {"namespace": {"a": range(10_001)}}, "10,001 images"),
    ],
)
def test_what_cannot_be_planned_is_an_error(
    prompt: str, options: dict[str, Any], said: str
) -> None:
    """Bad input ends in one clear error before anything is sent."""
    with pytest.raises(InputError, match=said):
        _plan(prompt, **options)


def test_the_balance_after_needs_both_numbers() -> None:
    """No balance is invented where the price is not known."""
    assert Bill(3, 1, 8.0, 100.0).balance_after == 92.0
    assert Bill(3, 1, 8.0, 100.0).new == 2
    assert Bill(3, 1, None, 100.0).balance_after is None
