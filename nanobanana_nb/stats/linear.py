"""The inverse of a positive definite matrix; NumPy, where it is there, does the large ones."""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import mul

Matrix = list[list[float]]
_LARGE = 32  # rows from which on it pays to hand the numbers over


def inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a positive definite matrix."""
    if len(matrix) < _LARGE:
        return inverse_of_factors(matrix)
    try:
        import numpy
    except ImportError:
        return inverse_of_factors(matrix)
    rows: Matrix = numpy.linalg.inv(numpy.array(matrix)).tolist()
    return rows


def inverse_of_factors(matrix: Matrix) -> Matrix:
    """Return the inverse by the factors of Cholesky, in plain Python."""
    columns = _columns(_factor(matrix))  # of the factor's inverse, each from its diagonal on
    rows = [[0.0] * len(matrix) for _ in matrix]
    for n, column in enumerate(columns):
        for m in range(n + 1):
            rows[n][m] = rows[m][n] = product(columns[m][n - m :], column)
    return rows


def _factor(matrix: Matrix) -> Matrix:
    """Return the rows of the lower factor, each up to its diagonal."""
    factor: Matrix = []
    for n, row in enumerate(matrix):
        new: list[float] = []
        for value, above in zip(row, factor, strict=False):
            new.append((value - product(new, above)) / above[-1])
        new.append(math.sqrt(row[n] - product(new, new)))
        factor.append(new)
    return factor


def _columns(factor: Matrix) -> Matrix:
    columns: Matrix = []
    for n, row in enumerate(factor):
        for m, column in enumerate(columns):
            column.append(-product(row[m:n], column) / row[n])
        columns.append([1 / row[n]])
    return columns


def product(one: Iterable[float], other: Iterable[float]) -> float:
    """Return the sum of the products of numbers at the same place, as far as both go."""
    total: float = sum(map(mul, one, other))
    return total
