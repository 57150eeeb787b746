"""How often the measure is wrong and how often it sees, counted over many grids."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from nanobanana_nb.show.judge.chance import Item, chance_of
from tests.show.judge.painted_grids import STYLES, SUBJECTS, Pair, chance_of_painted, painted
from tests.show.judge.simulated_features import found, share_found, uneven_alarms

DESIGNS = [((2,), 4), ((3,), 3), ((3, 2), 2), ((3, 2), 3), ((4, 3), 2), ((2, 2, 2), 2)]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("by_hand")]


@pytest.mark.parametrize(("levels", "repeats"), DESIGNS)
def test_false_alarms_of_a_thousand_grids(levels: tuple[int, ...], repeats: int) -> None:
    """Where nothing acts, at most 5 % are false alarms, give or take three errors of the rate."""
    share = share_found(levels, repeats, (), 1000)
    print(f"{levels} × {repeats}: {share:.1%} false alarms")  # noqa: T201
    assert share <= 0.05 + 3 * 0.007


def test_false_alarms_of_four_ways_to_look() -> None:
    """What is seen in four ways, of which the clearest counts, makes no more of them."""
    share = share_found((2, 2), 3, (), 1000, views=4)
    print(f"(2, 2) × 3, four views: {share:.1%} false alarms")  # noqa: T201
    assert share <= 0.05 + 3 * 0.007


@pytest.mark.parametrize("spread", [1.0, 3.0])
@pytest.mark.parametrize(
    ("counts", "most"), [((6, 6), 0.07), ((3, 9), 0.07), ((4, 4, 4), 0.11), ((3, 3, 9), 0.14)]
)
def test_false_alarms_of_unequal_spreads(
    counts: tuple[int, ...], most: float, spread: float
) -> None:
    """Images of the first value vary as much as the others, or three times as much."""
    share = uneven_alarms(counts, [spread] + [1.0] * (len(counts) - 1), 1000)
    print(f"{counts}, {spread}: {share:.1%} false alarms")  # noqa: T201
    assert share <= (0.05 if spread == 1 else most) + 3 * 0.01


@pytest.mark.parametrize(("levels", "repeats"), DESIGNS)
def test_effects_found_in_three_hundred_grids(levels: tuple[int, ...], repeats: int) -> None:
    """A larger effect is found more often, one as large as the noise nearly surely."""
    shares = [share_found(levels, repeats, (effect,), 300) for effect in (0.5, 0.75, 1.0)]
    print(f"{levels} × {repeats}: found", *(f"{share:.0%}" for share in shares))  # noqa: T201
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


@pytest.mark.parametrize(
    ("axis", "pairs"), [("subject", SUBJECTS), ("style", STYLES)], ids=["subjects", "styles"]
)
def test_what_the_eye_sees_is_found(tmp_path: Path, axis: str, pairs: tuple[Pair, ...]) -> None:
    """Of pairs of subjects and of styles nine in ten are told apart, with three of each."""
    missed = []
    for pair in pairs:
        subjects, styles = (pair, ("ink", "oil")) if axis == "subject" else (("dog", "cat"), pair)
        one = chance_of_painted(tmp_path, subjects, styles)
        print(f"{axis} {pair}: p {one[axis].p:.3f} in {one[axis].measure}")  # noqa: T201
        missed += [pair] * (axis not in found(one))
    print(f"{len(pairs) - len(missed)} of {len(pairs)} pairs of {axis}s found")  # noqa: T201
    assert len(missed) <= len(pairs) / 10, missed


def test_styles_of_the_simulator_are_found(tmp_path: Path) -> None:
    """Painted pictures of two animals in three styles, three of each: both axes act."""
    cells = product(("cat", "heron"), ("woodcut", "watercolour", "35 mm photo"), "123")
    items: list[Item] = [
        ({"animal": a, "style": s}, painted(tmp_path, f"A {a} by the sea, {s}", f"{a}{s}{n}"))
        for a, s, n in cells
    ]
    assert found(chance_of(items)) == ["animal", "style"]


def test_repeats_of_the_simulator_are_no_effect(tmp_path: Path) -> None:
    """Pictures of one prompt, given axes in name only: few of 60 grids show anything."""
    alarms = 0
    for grid in range(60):
        cells = product("ab", "cd", "123")
        items: list[Item] = [
            ({"x": x, "y": y}, painted(tmp_path, "A cat by the sea, woodcut", f"{grid}{x}{y}{n}"))
            for x, y, n in cells
        ]
        alarms += bool(found(chance_of(items)))
    print(f"{alarms} of 60 grids of painted repeats are false alarms")  # noqa: T201
    assert alarms <= 60 * (0.05 + 3 * 0.028)
