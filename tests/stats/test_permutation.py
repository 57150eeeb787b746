"""The test of one label by shuffling it."""

from __future__ import annotations

import random
import sys
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.stats import permutation
from nanobanana_nb.stats.distance import distances
from nanobanana_nb.stats.permutation import Significance, permutation_test, smallest_p

FAR = distances([(float(x),) for x in (0, 1, 2, 100, 101, 102)])


def test_two_clear_groups_have_the_smallest_p() -> None:
    """Of 20 ways to halve six images two are as clear: the one that is, and its mirror."""
    assert permutation_test([FAR], (0, 0, 0, 1, 1, 1), (0,) * 6) == Significance(0.1, 0.1)


def test_mixed_groups_have_a_large_p() -> None:
    """Labels that go across the two heaps are no clearer than most."""
    assert permutation_test([FAR], (0, 1, 0, 1, 0, 1), (0,) * 6).p > 0.5


def test_labels_are_shuffled_within_strata_only() -> None:
    """What the strata do is no effect of the label: the heaps here are the strata."""
    found = permutation_test([FAR], (0, 1, 0, 1, 0, 1), (0, 0, 0, 1, 1, 1))
    assert found.smallest_p == pytest.approx(1 / 9)
    assert found.p == 1


def test_a_stratum_with_one_label_says_nothing() -> None:
    """It is left out; where all are so, nothing can be told."""
    assert permutation_test([FAR], (0, 0, 0, 1, 1, 1), (0, 0, 0, 1, 1, 1)) == Significance(1, 1)
    alone = permutation_test([FAR], (0, 1, 1, 2, 2, 2), (0, 0, 0, 1, 1, 1))
    assert alone.smallest_p == pytest.approx(1 / 3)


def test_no_images_are_no_surprise() -> None:
    """An empty grid has p 1."""
    assert permutation_test([], (), ()) == Significance(1, 1)


def test_images_that_are_all_alike_have_p_one() -> None:
    """Where every distance is 0 each arrangement is as extreme as the real one."""
    assert permutation_test([distances([(0.0,)] * 6)], (0, 0, 0, 1, 1, 1), (0,) * 6).p == 1


@pytest.mark.parametrize(
    ("table", "p"),
    [
        ([[2, 2]], 2 / 6),
        ([[4, 4]], 2 / 70),
        ([[3, 3, 3]], 6 / 1680),
        ([[2, 2], [2, 2]], 2 / 36),
        ([[1, 1], [1, 1]], 2 / 4),
        ([[1, 2]], 1 / 3),
        ([[3, 0]], 1),
        ([], 1),
    ],
)
def test_the_smallest_p_is_counted(table: list[list[int]], p: float) -> None:
    """Arrangements that differ in the names of equally many labels are the same."""
    assert smallest_p(table) == pytest.approx(p)


@given(st.lists(st.integers(0, 2), max_size=6))
def test_each_order_comes_once(labels: list[int]) -> None:
    """The list of arrangements is that of all permutations without doubles."""
    orders = permutation._orders(tuple(Counter(labels).items()))
    assert len(orders) == len(set(orders))
    assert set(orders) == set(permutations(labels))


def test_the_estimate_agrees_with_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a middling p, shuffling comes near what looking at every arrangement gives."""
    chooser = random.Random(0)
    table = distances([(chooser.gauss(0, 1) + 0.8 * (i < 4),) for i in range(8)])
    labels, strata = (0, 0, 0, 0, 1, 1, 1, 1), (0,) * 8
    exact = permutation_test([table], labels, strata).p
    monkeypatch.setattr(permutation, "ENUMERATED", 0)
    estimated = permutation_test([table], labels, strata).p
    assert 0.02 < exact < 0.5
    assert estimated == pytest.approx(exact, rel=0.4)
    assert estimated == permutation_test([table], labels, strata).p


def test_several_tables_are_one_test() -> None:
    """The table that sees something decides, and the p is as small as one alone could give."""
    chooser = random.Random(3)
    noise = distances([(chooser.gauss(0, 1),) for _ in range(6)])
    assert permutation_test([noise, FAR], (0, 0, 0, 1, 1, 1), (0,) * 6) == Significance(0.1, 0.1, 1)


@pytest.mark.long
def test_several_tables_make_no_more_false_alarms() -> None:
    """Of a thousand tables of noise few have p at most 5 %, though the smallest p counts."""
    chooser, labels = random.Random(4), (0, 0, 0, 0, 1, 1, 1, 1)
    alarms = 0
    for _ in range(1000):
        tables = [distances([(chooser.gauss(0, 1),) for _ in range(8)]) for _ in range(4)]
        alarms += permutation_test(tables, labels, (0,) * 8).p <= 0.05
    assert 0.01 * 1000 <= alarms <= (0.05 + 3 * 0.007) * 1000


@pytest.mark.parametrize(("count", "of"), [(8, 2), (24, 2), (24, 5)])
def test_numbers_are_the_same_without_numpy(
    count: int, of: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NumPy is faster, and changes nothing; of labels that are as many and of others."""
    chooser = random.Random(count)
    tables = [distances([(chooser.gauss(i % 2, 1),) for i in range(count)]) for _ in range(2)]
    labels, strata = [i % of % 2 for i in range(count)], [i % 4 // 2 for i in range(count)]
    fast = permutation_test(tables, labels, strata)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert permutation_test(tables, labels, strata) == fast


def test_an_effect_that_turns_round_is_seen() -> None:
    """A label that pulls one way in one stratum and the other way in the next is found."""
    shifts = [1.0 if label == stratum else -1.0 for stratum in (0, 1) for label in (0, 1)]
    chooser = random.Random(1)
    each = [tuple(s + chooser.gauss(0, 0.3) for _ in range(4)) for s in shifts for _ in range(4)]
    labels = [label for _ in (0, 1) for label in (0, 1) for _ in range(4)]
    assert permutation_test([distances(each)], labels, [0] * 8 + [1] * 8).p < 0.05
