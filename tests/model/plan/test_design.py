"""Which points of a grid are made, and in which order."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan import design
from nanobanana_nb.model.plan.design import Choice, Point

SIZES = st.lists(st.integers(1, 6), max_size=4)


def _seen(points: list[Point]) -> set[tuple[int, int]]:
    return {value for point in points for value in enumerate(point)}


@given(SIZES, st.integers(1, 2000), st.integers(0, 2**31))
def test_a_sample_is_drawn_again_by_its_seed(sizes: list[int], count: int, seed: int) -> None:
    """The same seed draws the same points: distinct, in the order of the grid, as many as asked."""
    points = design.random_points(sizes, count, seed)
    assert points == design.random_points(sizes, count, seed)
    assert points == sorted(set(points))
    assert len(points) == min(count, prod(sizes))
    assert set(points) <= set(design.all_points(sizes))


def test_another_seed_draws_other_points() -> None:
    """Seeds make a difference."""
    samples = {tuple(design.random_points([9, 9, 9], 5, seed)) for seed in range(20)}
    assert len(samples) > 15


def test_every_point_is_drawn_at_times() -> None:
    """No place of the grid is left out: each comes about as often as the others."""
    counts = dict.fromkeys(design.all_points([3, 4]), 0)
    for seed in range(2400):
        for point in design.random_points([3, 4], 3, seed):
            counts[point] += 1
    assert min(counts.values()) > 480  # 600 are expected, with a deviation of about 21
    assert max(counts.values()) < 720


def test_a_sample_of_a_huge_grid_is_small() -> None:
    """Nothing is built but the points that were drawn."""
    assert len(design.random_points([10_000] * 4, 7, 1)) == 7


@given(SIZES)
def test_a_scout_of_a_grid_shows_each_value(sizes: list[int]) -> None:
    """As few points as the longest axis has values show every value."""
    points = design.diagonal(sizes)
    assert _seen(points) == _seen(design.all_points(sizes))
    assert len(points) == max(sizes, default=1)


@given(SIZES)
def test_a_cover_of_a_grid_is_as_small(sizes: list[int]) -> None:
    """The greedy choice finds the fewest points of a whole grid."""
    chosen = design.cover(design.all_points(sizes))
    assert _seen(chosen) == _seen(design.all_points(sizes))
    assert len(chosen) == max(sizes, default=0)


@given(SIZES, st.integers(1, 30), st.integers(0, 99))
def test_a_scout_of_a_sample_shows_what_it_has(sizes: list[int], count: int, seed: int) -> None:
    """Each value of the sample is shown by points of the sample, each of which shows a new one."""
    points = design.random_points(sizes, count, seed)
    chosen = Choice(sample=count, seed=seed, scout=True).points(sizes)
    assert set(chosen) <= set(points)
    assert _seen(chosen) == _seen(points)
    assert len(chosen) <= max(1, len(_seen(points)))


def test_a_diagonal_from_a_start_shows_the_new_values() -> None:
    """Values from the start on are shown beside the old ones in turn."""
    assert design.diagonal([2, 5], [2, 3]) == [(0, 3), (1, 4)]


@pytest.mark.long
@given(SIZES, st.integers(1, 3))
def test_the_order_is_a_permutation_that_begins_with_each_value(
    sizes: list[int], repeats: int
) -> None:
    """The first cells show each value once, all first repeats come before the second ones."""
    cells = [(point, n + 1) for point in design.all_points(sizes) for n in range(repeats)]
    order = design.early_first(cells)
    assert sorted(order) == list(range(len(cells)))
    first = [cells[n][0] for n in order[: max(sizes, default=1)]]
    assert _seen(first) == _seen(design.all_points(sizes))
    numbers = [cells[n][1] for n in order]
    assert numbers == sorted(numbers)


def test_the_order_of_a_part_begins_with_what_is_there() -> None:
    """Where a first repeat is missing, the next one shows the value."""
    assert design.early_first([((0,), 2), ((0,), 3), ((1,), 3)]) == (0, 2, 1)


@pytest.mark.parametrize(
    ("choice", "sizes", "said"),
    [
        (Choice(0), [], "cannot be 0"),
        (Choice(sample=0), [2], "sample of 0"),
        (Choice(2), [100, 51], "10,200 images"),
        (Choice(2, sample=5001), [1000, 1000], "10,002 images"),
        (Choice(scout=True), [10_001], "10,001 images"),
    ],
)
def test_too_much_is_refused(choice: Choice, sizes: list[int], said: str) -> None:
    """The count is checked for what is made, not for what the grid would have."""
    with pytest.raises(InputError, match=said):
        choice.check(sizes)


@pytest.mark.parametrize(
    "choice", [Choice(2, sample=5000), Choice(9999, scout=True), Choice(sample=10**9, scout=True)]
)
def test_a_part_of_a_huge_grid_is_allowed(choice: Choice) -> None:
    """A sample or a scout of a grid that is too large as a whole can be made."""
    choice.check([100, 100] if choice.scout else [1000, 1000])


def test_a_seed_is_of_what_is_asked() -> None:
    """The same question has the same seed, which fits a plain integer."""
    assert design.seed_for("a", {"x": (1, 2)}) == design.seed_for("a", {"x": (1, 2)})
    assert design.seed_for("a") != design.seed_for("b")
    assert 0 <= design.seed_for("a") < 2**31
