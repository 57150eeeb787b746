"""Words for states, money and time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.html import wording
from tests.show.conftest import failed, waiting

Made = Callable[..., Generation]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (0.42, "0.4 s"), (14.2, "14 s"), (119, "119 s"), (125, "2 min 5 s"),
     (3720, "1 h 2 min")],
)  # fmt: skip
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    """Tenths below a second, whole seconds, then minutes and hours."""
    assert wording.seconds_text(seconds) == text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"credits": 4}, "4 credits"),
        ({"credits": 1.0}, "1 credit"),
        ({"credits": 0.5}, "0.5 credits"),
        ({"credits": 0, "cached": True}, "0 credits · from the ledger"),
        ({"credits": None}, ""),
    ],
)
def test_credits_say_where_an_image_came_from(
    made: Made, fields: dict[str, Any], text: str
) -> None:
    """The price, and that an image of the ledger cost nothing."""
    assert wording.credits_text(made(**fields)) == text


def test_a_caption_names_settings_in_one_order(made: Made) -> None:
    """Shape, size and format speak for themselves; other settings carry their name."""
    settings = (("aspect_ratio", "16:9"), ("google_search", True), ("output_format", "png"),
                ("resolution", "2K"), ("seed", 7))  # fmt: skip
    request = made(parameters=settings).request
    assert list(wording.settings_of(request).values()) == [
        "google/nano-banana", "16:9", "2K", "png", "google_search", "seed 7",
    ]  # fmt: skip


def test_what_was_charged_is_said_as_far_as_it_is_known() -> None:
    """The error's word, the credits, a doubt, or nothing."""
    assert wording.charged_text(failed()) == "no credits were taken"
    assert wording.charged_text(waiting(State.UNKNOWN)) == "credits may have been taken"
    assert wording.charged_text(waiting(State.FAILED, credits=4)) == "4 credits taken"
    assert wording.charged_text(waiting(State.PLANNED, reserved=4)) == ""
    assert wording.charged_text(waiting(State.DETACHED, reserved=4)) == "4 credits reserved"


def test_text_is_one_clean_line() -> None:
    """Line breaks, control characters and broken Unicode are gone, and long text is cut."""
    assert wording.plain("a\n\tb\x07\ud800") == "a b?"
    assert wording.cut("x" * 30, 10) == "x" * 9 + "…"
    assert wording.short_id("task_9f2c4be1a07d") == "task_9f2c4b…"


@pytest.mark.parametrize(
    ("value", "apart", "words"),
    [
        (0.0, 0.0, "0"),
        (0.0123, 0.0, "0.0123"),
        (12.3456, 0.0, "12.3"),
        (999.7, 0.0, "1,000"),
        (12345.0, 0.0, "12,345"),
        (-3.5, 0.0, "-3.5"),
        (1e16, 0.0, "1e+16"),
        (1e-14, 1e-15, "1e-14"),
        (5123.25, 0.8, "5,123.25"),
        (0.27134, 0.0004, "0.27134"),
        (50.1, 400.0, "50.1"),
    ],
)
def test_figures_show_what_is_apart(value: float, apart: float, words: str) -> None:
    """Three figures, and more where numbers lie close to each other."""
    assert wording.figures(value, apart) == words
