"""Inverses and equations: NumPy and plain Python give the same."""

from __future__ import annotations

import random

import pytest

from nanobanana_nb.stats.linear import inverse, inverse_of_factors, product
from nanobanana_nb.stats.sparse import SparseMatrix


def _sparse(size: int) -> SparseMatrix:
    """A matrix as votes have it: what is beside the diagonal is negative, and less than it."""
    chance = random.Random(size)
    beside: list[dict[int, float]] = [{} for _ in range(size)]
    for _ in range(2 * size):
        a, b = chance.sample(range(size), 2)
        beside[a][b] = beside[b][a] = -chance.random()
    return SparseMatrix([(0.1 - sum(row.values()), tuple(row.items())) for row in beside])


@pytest.mark.parametrize("size", [2, 3, 40])
def test_inverse_times_the_matrix_is_one(size: int) -> None:
    """With either way, which NumPy's is for 40 rows."""
    matrix = _sparse(size).dense()
    for inverted in (inverse(matrix), inverse_of_factors(matrix)):
        for n, row in enumerate(inverted):
            times = [product(row, column) for column in zip(*matrix, strict=True)]
            assert times == pytest.approx([float(n == m) for m in range(size)], abs=1e-9)


def test_without_numpy_the_numbers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used where it can be imported, and not missed where it cannot."""
    matrix = _sparse(40).dense()
    usual = inverse(matrix)
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    for one, other in zip(usual, inverse(matrix), strict=True):
        assert one == pytest.approx(other, abs=1e-9)


@pytest.mark.parametrize("size", [2, 12, 60])
def test_equations_are_solved(size: int) -> None:
    """What the matrix makes of the solution is the vector; of nothing it is nothing."""
    matrix, chance = _sparse(size), random.Random(1)
    vector = [chance.gauss(0, 1) for _ in range(size)]
    assert matrix.times(matrix.solution(vector, 1e-12)) == pytest.approx(vector, abs=1e-9)
    assert matrix.solution([0.0] * size) == [0.0] * size
