"""A plan's count in words."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.model.plan.builder import make_plan


def _words(prompt: str, **options: Any) -> str:
    given = {"provider": "simulator", "model": "nano-banana-2", "namespace": {}, **options}
    return make_plan(prompt, **given).in_words()


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a cat", "1 image"),
        ("{style: a|b|c} {ratio: 1|2}", "3 styles × 2 ratios = 6 images"),
        ("{a|b}", "2 values of choice 1 = 2 images"),
        ("{city: a|b} {brush: c|d} {child: e|f}", "2 cities × 2 brushes × 2 children = 8 images"),
        ("{animals: a|b} {glass: c|d} {day: e|f}", "2 animals × 2 glasses × 2 days = 8 images"),
        ("{größe: a|b}", "2 values of größe = 2 images"),
        ("x\n---\naspect_ratio: 1:1 | 4:3", "2 aspect ratios = 2 images"),
        ("x\n---\naspect_ratio: 1:1", "1 aspect ratio = 1 image"),
        ("{styles}\n---\nstyles: a\naspect-ratio:1:1", "1 of styles × 1 aspect ratio = 1 image"),
        (
            "{style}\n---\nstyle: a | b\naspect_ratio: 1:1 | 4:3\nzip: style, aspect_ratio",
            "2 pairs of style and aspect ratio = 2 images",
        ),
        (
            "{a: 1|2} {b: 1|2} {c: 1|2}\n---\nzip: a, b, c",
            "2 sets of a, b and c = 2 images",
        ),
    ],
)
def test_the_product_is_told(prompt: str, words: str) -> None:
    """Names become plurals where that is regular, and stand behind `values of` elsewhere."""
    assert _words(prompt) == words


def test_repeats_are_a_factor() -> None:
    """Repeats come last."""
    assert _words("{style: a|b}", repeats=2) == "2 styles × 2 repeats = 4 images"
    assert _words("a", repeats=3) == "3 repeats = 3 images"


def test_a_part_says_of_what() -> None:
    """A sample, a scout and any other part tell how many of how many they are."""
    prompt = "{style: a|b|c} {ratio: 1|2}"
    assert _words(prompt, sample=4) == "3 styles × 2 ratios: 4 of 6 images, drawn at random"
    assert _words(prompt, scout=True) == "3 styles × 2 ratios: 3 of 6 images, each value once"
    plan = make_plan(prompt, provider="simulator", model="nano-banana", namespace={})
    assert plan.only([0, 5]).in_words() == "3 styles × 2 ratios: 2 of 6 images"


@pytest.mark.long
def test_thousands_are_grouped() -> None:
    """Large numbers are readable."""
    words = _words("{x} {y}", namespace={"x": range(2000), "y": range(5)})
    assert words == "2,000 x × 5 y = 10,000 images"
