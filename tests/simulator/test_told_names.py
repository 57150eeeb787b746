"""Who a reference shows is told in words, and is nothing to be drawn beside it."""

from __future__ import annotations

import pytest

from nanobanana_nb.simulator.words.told_names import without_names


@pytest.mark.parametrize(
    ("prompt", "bare"),
    [
        ("A heron", "A heron"),
        ("Mia and an old boat\n\nImage 1 shows Mia.", "and an old boat"),
        ("Mia runs\n\nImages 1, 2 and 3 show Mia. Image 4 shows the dog.", "runs"),
        ("Amia runs\n\nImage 1 shows mia.", "Amia runs"),
        ("Image one shows a heron.", "Image one shows a heron."),
    ],
)
def test_names_are_taken_out(prompt: str, bare: str) -> None:
    """What is left says what is new in the scene."""
    assert without_names(prompt) == bare
