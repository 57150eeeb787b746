"""Symmetric positive definite matrices of which little is not zero. Pure numbers."""

from __future__ import annotations

from collections.abc import Sequence

from nanobanana_nb.stats.linear import Matrix, product

Row = tuple[float, Sequence[tuple[int, float]]]  # what is on the diagonal, and what beside it


class SparseMatrix:
    """A matrix by its rows, whose equations conjugate gradients solve.

    They take a step for each scale of the matrix, of votes on 200 images about 30 (M. R. Hestenes
    and E. Stiefel, Methods of conjugate gradients for solving linear systems, Journal of Research
    of the National Bureau of Standards 49, 1952). The diagonal scales the rows.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def times(self, vector: Sequence[float]) -> list[float]:
        """Return the matrix times a vector."""
        rows = zip(vector, self._rows, strict=True)
        return [d * own + sum([value * vector[n] for n, value in row]) for own, (d, row) in rows]

    def solution(self, vector: Sequence[float], close: float = 1e-6) -> list[float]:
        """Return what the matrix times gives a vector, but for the part `close` of it.

        A product with the vector itself is close to the square of that.
        """
        solution, rest = [0.0] * len(vector), [*vector]
        direction, size = self._scaled(rest)
        enough = close**2 * size
        for _ in range(20 + 10 * len(vector)):
            if size <= enough:
                break
            bent = self.times(direction)
            step = size / product(direction, bent)
            solution = [a + step * b for a, b in zip(solution, direction, strict=True)]
            rest = [a - step * b for a, b in zip(rest, bent, strict=True)]
            scaled, last = self._scaled(rest), size
            size = scaled[1]
            pairs = zip(scaled[0], direction, strict=True)
            direction = [a + size / last * b for a, b in pairs]
        return solution

    def dense(self) -> Matrix:
        """Return it with all its zeros."""
        matrix = [[0.0] * len(self._rows) for _ in self._rows]
        for n, (diagonal, row) in enumerate(self._rows):
            matrix[n][n] = diagonal
            for m, value in row:
                matrix[n][m] = value
        return matrix

    def _scaled(self, rest: Sequence[float]) -> tuple[list[float], float]:
        scaled = [value / diagonal for value, (diagonal, _) in zip(rest, self._rows, strict=True)]
        return scaled, product(rest, scaled)
