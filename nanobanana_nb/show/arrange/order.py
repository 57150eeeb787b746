"""Images by a number that each has: a score, stars, votes, or a column of the records."""

from __future__ import annotations

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.score import one_line
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.records import records
from nanobanana_nb.show.arrange.view import unknown
from nanobanana_nb.show.judge.vote_numbers import vote_numbers

VOTES = "votes"
Numbers = list[float | None]  # one for each image, None where there is none


def numbers_by(grid: GridData, by: str) -> Numbers:
    """Return the number of each image under a name; an image without stars or votes has none.

    Raises:
        InputError: there are no numbers of this name.
    """
    scores = grid.scores()
    by = one_line(by)
    if by in scores:
        return scores[by]
    rows = records(grid)
    columns = {
        name: [_number(row[name]) for row in rows]
        for name in (rows[0] if rows else ())
        if name not in scores
    }
    columns = {name: numbers for name, numbers in columns.items() if any_number(numbers)}
    if by == "stars":
        return [stars or None for stars in columns.get(by, [0.0] * len(rows))]
    if by == VOTES and by not in columns:
        return vote_numbers(grid)
    if by not in columns:
        error = unknown("score or number", by, [*scores, *columns])
        raise InputError(error.what, action=f"{error.action} `grid.score` makes scores.".strip())
    return columns[by]


def ordered(numbers: Numbers, *, descending: bool) -> list[int]:
    """Return the places by their numbers, those without one last and equal ones as they stood."""
    sign = -1 if descending else 1
    known = [(sign * n, place) for place, n in enumerate(numbers) if n is not None]
    return [place for _, place in sorted(known)] + [p for p, n in enumerate(numbers) if n is None]


def any_number(numbers: Numbers) -> bool:
    """Whether an image has one."""
    return any(number is not None for number in numbers)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
