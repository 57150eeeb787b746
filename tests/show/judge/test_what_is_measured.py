"""What can be tested of a grid, and what is said of images that were not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.score_chance import score_chance
from tests.show.conftest import failed, planned_grid
from tests.show.judge.memory_opinions import Kept

Use = Callable[[ImageGrid], object]
NO_MEASUREMENTS: dict[str, tuple[Use, str]] = {
    "votes": (lambda grid: grid.chance(by="votes"), r'grid\.ranks\(by="size"\).*vote\(by="size"\)'),
    "drawn votes": (lambda grid: grid.plot("size", "votes"), r'grid\.ranks\(by="size"\)'),
    "axis": (lambda grid: grid.chance(by="size"), "size is an axis and no score"),
    "drawn axis": (lambda grid: grid.plot("size", "size"), "size is an axis and no score"),
    "repeats": (lambda grid: grid.chance(by="repeat"), "repeat is an axis and no score"),
}


@pytest.fixture
def grid(photos: list[Path]) -> ImageGrid:
    """Three images of each of two sizes, and somewhere to keep scores."""
    grid = planned_grid(photos, "{size} cats", 3, size=[1, 2])
    images = [replace(g, sha256=f"{n:064d}") for n, g in enumerate(grid)]
    return ImageGrid(images, grid.plan, opinions=Kept())


@pytest.mark.parametrize("kind", NO_MEASUREMENTS)
def test_what_is_no_measurement_of_images_is_not_tested(grid: ImageGrid, kind: str) -> None:
    """Shares of votes, and what an axis says itself; columns of numbers stay."""
    use, words = NO_MEASUREMENTS[kind]
    with pytest.raises(InputError, match=words):
        use(grid)
    assert grid.chance(by="width").images == len(grid)
    assert [g.request.repeat for g in grid.sort("repeat")] == [1, 1, 2, 2, 3, 3]


def test_missing_scores_are_not_bought(grid: ImageGrid) -> None:
    """Three of each are there: what is advised costs nothing, and n is not 1."""
    sentence = score_chance(grid, "q", [1, None, None, 2, None, None]).sentence
    assert sentence.endswith("4 images have no such score: score them.")
    assert "n=1" not in sentence
    sentence = score_chance(grid, "q", [1, 2, None, 2, 3, 4]).sentence
    assert sentence.endswith("at 5 %. 1 image has no such score: score it.")


def test_failed_images_are_asked_for_again(grid: ImageGrid) -> None:
    """Where as many as it takes were asked for."""
    whole = planned_grid([Path(str(g.path)) for g in grid], "{size} cats", 4, size=[1, 2])
    part = ImageGrid([*whole[:6], failed(), failed()], whole.plan)
    assert part.chance(by="width").sentence.endswith("the same number.")
    sentence = score_chance(part, "q", [1, 2, 3, 4, 5, 6, None, None]).sentence
    assert sentence.endswith("2 images failed: grid.retry() asks once more.")


def test_what_is_constant_costs_nothing(photos: list[Path]) -> None:
    """All images have the same number: neither words nor table want more of them."""
    grid = planned_grid(photos, "{size} cats", 3, size=[1, 2])
    constant = score_chance(grid, "q", [7.0] * 6)
    features = grid.chance(features=lambda _: [1, 2])
    distance = grid.chance(distance=lambda *_: 0.0)
    for chance in (constant, features, distance):
        assert chance.sentence.endswith("all images have the same number.")
        assert not any("needs" in text for text in chance.to_frame()["conclusion"])
