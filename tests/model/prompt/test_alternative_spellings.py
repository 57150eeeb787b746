"""Values that may be meant otherwise: each spelling that a refusal gives is accepted and holds."""

from __future__ import annotations

import ast
import re
import shlex
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.prompt import value_syntax
from tests.model.plans import plan_of

BODY = "A {s} heron"
BRACKETED = ["{ink|oil}", "[ink|oil]", "(ink|oil)", "<ink|oil>", "（ink|oil）", "[[ink | oil]]"]
LISTED = ["(ink, oil)", "<ink, oil>", '"ink", "oil"', "'ink', 'oil'", "ink، oil", "“ink”, “oil”"]
ALIKE = [f"ink{sign}oil" for sign in "│¦∣❘ǀ┃丨"]
DYNAMIC = ["2$$ink|oil", "0.5::ink|2::oil", "1-2$$ink | oil", "ink|oil # two styles"]
SPANS = ["1 .. 2", "1...2", "1…2", "1..2..1", "range(1, 3)"]
PIECES = st.sampled_from(
    (
        *("ink", "a b", "|", "|", "│", "¦", ", ", "/", " / ", ";", "1..3", "1 .. 3", "1..9..2"),
        *("(", ")", "[", "]", "<", ">", '"', "'", "“", "”", "„", "«", "»", "\\", "range(3)"),
        *(" # ", "2$$", "0.5::", "{x}", "…", "、"),
    )
)
TEXTS = st.lists(PIECES, min_size=1, max_size=7).map("".join)


def _spellings(text: str, place: str) -> list[str] | None:
    """Return the two spellings of the refusal, or None where there is none."""
    with suppress(InputError):
        _placed(text, place)
        return None
    with pytest.raises(InputError) as caught:
        _placed(text, place)
    spelled = r"Write `(.*)` for the values, quotes for what is text: `(.*)`\."
    found = re.fullmatch(spelled, caught.value.action)
    assert found or "Not clear" not in caught.value.what
    return [_value(each) for each in found.groups()] if found else None


def _value(spelled: str) -> str:
    if not spelled.startswith("--vary "):
        return spelled
    return shlex.split(spelled)[1].removeprefix("s=")


def _placed(text: str, place: str) -> Plan:
    if place == "below":
        return plan_of(f"{BODY}\n---\ns: {text}")
    if place == "option":
        return plan_of(BODY, vary=[f"s={text}"])
    return plan_of(f"A {{s: {text}}} heron")


def _values(text: str, place: str) -> tuple[Any, ...]:
    return _placed(text, place).axes[0].values


@pytest.mark.parametrize("place", ["below", "option"])
@pytest.mark.parametrize("text", [*BRACKETED, *LISTED, *ALIKE, *DYNAMIC, *SPANS])
def test_what_may_be_meant_otherwise_is_refused_with_both_spellings(text: str, place: str) -> None:
    """The one gives two values, the other the text with nothing taken away."""
    spelled = _spellings(text, place)
    assert spelled is not None, "it would be paid in silence"
    assert list(map(str, _values(spelled[0], place))) in (["ink", "oil"], ["1", "2"])
    assert _values(spelled[1], place) in ((text,), value_syntax.values(text))


@pytest.mark.parametrize("text", [*ALIKE, *DYNAMIC, *SPANS, "2$$ink|oil|wax"])
def test_braces_refuse_the_same(text: str) -> None:
    """A choice with such values is never sent in silence, with a name and without."""
    for prompt in (f"A {{s: {text}}} heron", f"A {{{text}}} heron"):
        if "range" not in text:
            with pytest.raises(InputError, match=r"Not clear|not defined"):
                plan_of(prompt)
            assert plan_of(prompt, namespace=None).cells[0].request.prompt == prompt


@pytest.mark.parametrize("text", [*BRACKETED, *LISTED, *SPANS, "ink|oil", "1..2"])
def test_a_text_from_python_is_refused_with_both_lists(text: str) -> None:
    """`axes` takes a list; the refusal writes either, and that is what is made."""
    with pytest.raises(InputError, match="one value or several") as caught:
        plan_of(BODY, axes={"s": text})
    found = re.fullmatch(
        r"Write (\[.*\]) for several values, (\[.*\]) for one\.", caught.value.action
    )
    assert found
    several, single = map(ast.literal_eval, found.groups())
    assert len(plan_of(BODY, axes={"s": several}).cells) == 2
    assert plan_of(BODY, axes={"s": single}).axes[0].values == (text,)


@pytest.mark.long
@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_no_advice_is_refused_again(text: str) -> None:
    """Whatever is written, what the refusal says instead is accepted in the same place."""
    for place in ("below", "option"):
        for spelled in _spellings(text, place) or ():
            assert _spellings(spelled, place) is None


@pytest.mark.parametrize("quotes", ["“”", "„“", "‘’", "«»", "»«", "「」", '""', "''"])
def test_quotes_of_every_kind_are_dropped_around_a_value(quotes: str) -> None:
    """What a word processor makes of quotes is none of the value, and bars in it are text."""
    first, last = quotes
    text = f"{first}ink, wet{last} | {first}a|b{last}"
    for place in ("below", "option"):
        assert _values(text, place) == ("ink, wet", "a|b")
    with pytest.raises(InputError, match="whether the quotes") as caught:
        plan_of(f"A {{{first}ink{last}|{first}oil{last}}} heron")
    right = caught.value.action.partition("Write ")[2].partition(" to send")[0]
    kept = [cell.request.prompt for cell in plan_of(f"A {right} heron").cells]
    assert kept == [f"A {first}{word}{last} heron" for word in ("ink", "oil")]


@pytest.mark.parametrize(
    "text", ["(wet) | (dry)", "f/1.4 | f/8", "ink (wet, black)", "'80s | '90s", "it’s | that’s"]
)
def test_plain_values_with_signs_are_not_asked_about(text: str) -> None:
    """Brackets within a value, stops of a lens and apostrophes have one reading."""
    assert _values(text, "below") == tuple(map(str.strip, text.split("|")))
