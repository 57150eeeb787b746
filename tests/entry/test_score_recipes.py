"""A score is what one function says: numbers of two never stand in one column."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.show.grid import ImageGrid
from tests.service import Service


@pytest.fixture
def grid(service: Service) -> ImageGrid:
    """Four images, two values on one axis."""
    return nb.sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)


def first(image: Any) -> float:
    """A judge."""
    return 100


def second(image: Any) -> float:
    """The judge that came after it."""
    return 2


def broken(image: Any) -> float:
    """A judge that fails."""
    return 1 / 0


def test_two_functions_are_no_one_score(grid: ImageGrid) -> None:
    """While the newest has not seen all images, the others have no number; going back is free."""
    grid.score(first, name="v")
    grid[:2].score(second, name="v")
    assert grid.scores() == {"v": [2.0, 2.0, None, None]}
    assert len(grid.best(4, by="v")) == 2
    grid[:1].score(first, name="v")
    assert grid.scores() == {"v": [100.0] * 4}


@pytest.mark.parametrize("again", [False, True])
def test_newest_call_says_whose_score_it_is(grid: ImageGrid, again: bool) -> None:
    """Though nothing is called, or the function fails now where it had numbers."""
    service = SimpleNamespace(is_up=True)

    def judge(image: Any) -> int:
        if not service.is_up:
            raise OSError("down")
        return 7

    grid.score(judge, name="v")
    grid.score(second, name="v")
    service.is_up = False
    assert grid.score(judge, name="v", again=again).values == (7.0,) * 4


def test_broken_function_counts(grid: ImageGrid) -> None:
    """Its failures are told and hide what another function gave, but no number by hand."""
    grid.score(first, name="v")
    assert grid.score(broken, name="v").values == (None,) * 4
    grid.score({0: 5}, name="v")
    assert grid.score(broken, name="v").values == (5.0, None, None, None)


def test_numbers_by_hand_stand_beside_those_of_a_function(grid: ImageGrid) -> None:
    """Newer ones correct single images, and the sentence counts them; older ones give way."""
    grid.score([5, 5, 5, 5], name="v")
    grid[:2].score(second, name="v")
    assert grid.scores() == {"v": [2.0, 2.0, None, None]}
    scores = grid.score({3: 9}, name="v")
    assert scores.values == (2.0, 2.0, None, 9.0)
    assert (scores.by_hand, scores.sentence) == (
        1,
        "v: 3 of 4 images, 2 to 9, median 2, 1 given by hand.",
    )
    assert grid.score([1, 2, 3, 4], name="other").by_hand == 0
