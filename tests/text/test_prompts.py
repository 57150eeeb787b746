"""The one form in which a text is sent, and what only looks the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.text.prompts import as_sent, likeness
from tests.model.plans import fingerprints_of, plan_of

FOX = "A fox\n\n  in the snow"
SAME = [
    *("A fox\r\n\r\n  in the snow", "A fox\r\r  in the snow", f"{FOX}\r\n", f"{FOX}  \t\n \n"),
    *(f"\n\n{FOX}", f" \t\n{FOX}", f"\r\n{FOX}\u00a0", "A fox\u2028\u2029  in the snow\u3000"),
]


@pytest.mark.parametrize("text", SAME)
def test_line_ends_and_outer_blanks_are_not_paid_again(text: str) -> None:
    """A file, a form and a cell give one request, whether braces mean something or not."""
    wanted = fingerprints_of(plan_of(FOX))
    assert (
        fingerprints_of(plan_of(text)) == fingerprints_of(plan_of(text, namespace=None)) == wanted
    )
    assert plan_of(text).prompt == FOX


@pytest.mark.parametrize("text", SAME)
def test_a_value_goes_out_in_the_same_form(text: str) -> None:
    """What a variable, an axis or an option puts into the prompt has the form of a cell too."""
    held = f"{text} and hare"
    wanted = as_sent(held)
    assert plan_of("{a}", namespace={"a": held}).cells[0].request.prompt == wanted
    assert plan_of("{a}", axes={"a": [held]}).cells[0].request.prompt == wanted
    assert plan_of("{a}", namespace={"a": [text, "b"]}).cells[0].request.prompt == FOX


@pytest.mark.parametrize("text", [" A fox", "A  fox", "A fox.", "a fox", "A\tfox", "A fo\u0301x"])
def test_every_other_difference_is_the_persons(text: str) -> None:
    """Indents, case, signs and accents are sent as they were written."""
    assert plan_of(text).cells[0].request.prompt == text


@given(st.text())
def test_the_form_is_stable(text: str) -> None:
    """What has the form already is left alone, and nothing but its edges and line ends changes."""
    once = as_sent(text)
    assert as_sent(once) == once
    assert "".join(once.split()) == "".join(text.split())


@given(st.text())
def test_what_looks_alike_has_one_likeness(text: str) -> None:
    """Encodings of accents, blanks and unseen signs do not count."""
    assert likeness(unicodedata.normalize("NFD", text)) == likeness(text)
    assert likeness(f" {text}\u200b ") == likeness(text)


def test_joined_emoji_are_not_their_parts() -> None:
    """What joins letters and emoji is seen, so it counts."""
    assert likeness("👨\u200d👩") != likeness("👨👩")


def test_values_that_look_alike_are_noted() -> None:
    """Two values of an axis that nobody can tell apart are told before both are paid."""
    plan = plan_of("A {a}", namespace={"a": ["f\u00f6x", "fo\u0308x", "hare"]})
    assert "2 values of a look alike and differ: föx" in plan.notes
