"""Ratings and votes as records."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Rating, Vote


def test_what_is_not_given_stays() -> None:
    """Stars, favourite and note change one by one, and can be taken back."""
    rating = Rating().changed(stars=4).changed(favourite=True).changed(note="soft light")
    assert rating == Rating(4, True, "soft light")
    assert not rating.changed(stars=0, favourite=False, note="")


@pytest.mark.parametrize(
    "wrong",
    [{"stars": 6}, {"stars": -1}, {"stars": 2.5}, {"stars": True}, {"stars": "3"},
     {"favourite": 1}, {"note": 7}, {"note": "x" * 2001}],
)  # fmt: skip
def test_what_is_no_rating_is_an_error(wrong: dict[str, Any]) -> None:
    """Each says what may be given."""
    with pytest.raises(InputError):
        Rating().changed(**wrong)


@pytest.mark.parametrize(("outcome", "share"), [("left", 1.0), ("right", 0.0), ("tie", 0.5)])
def test_a_tie_is_half_a_point(outcome: str, share: float) -> None:
    """A vote gives one point in all."""
    assert Vote("a", "b", outcome).share == share
