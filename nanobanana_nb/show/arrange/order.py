"""Images by a number that each has: a score, stars, votes, or a column of the records."""

from __future__ import annotations

from collections.abc import Sequence

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.score import Score, one_line
from nanobanana_nb.show.arrange.columns import VOTES, WOULD_WIN
from nanobanana_nb.show.arrange.data import GridData, scores_by_name
from nanobanana_nb.show.arrange.positions import REPEAT, places
from nanobanana_nb.show.arrange.records import records
from nanobanana_nb.show.arrange.view import nearest, unknown, whole
from nanobanana_nb.show.html.wording import counted, cut
from nanobanana_nb.show.judge.vote_numbers import vote_numbers

STARS = "stars"
Numbers = list[float | None]  # one for each image, None where there is none


def numbers_by(grid: GridData, by: str) -> Numbers:
    """Return the number of each image under a name; an image without stars or votes has none.

    Raises:
        InputError: there are no numbers of this name.
    """
    scores, name = scores_by_name(grid), one_line(by)
    if name in scores:
        return _numbers(name, scores[name])
    if name == VOTES:
        return vote_numbers(grid)
    rows = records(grid)
    columns = {
        column: [_number(row[column]) for row in rows]
        for column in (rows[0] if rows else ())
        if column not in scores
    }
    with_numbers = [column for column, numbers in columns.items() if any_number(numbers)]
    if name in with_numbers:
        return columns[name]
    if name == STARS:
        raise InputError("No image here has stars", action="`grid.rate(0, stars=4)` gives some.")
    raise _no_numbers(grid, name, with_numbers)


def measurements_by(grid: GridData, by: str) -> Numbers:
    """Return numbers that can be tested: each image's own, and none that an axis says itself.

    Raises:
        InputError: there are no numbers of this name, or they are votes or an axis.
    """
    name = one_line(by)
    if name in scores_by_name(grid):
        return numbers_by(grid, by)
    if name in (VOTES, WOULD_WIN):
        raise _votes_as_score(grid)
    if name == REPEAT or is_axis(grid, name):
        raise _no_numbers(grid, name, ())
    return numbers_by(grid, by)


def _no_numbers(grid: GridData, name: str, others: Sequence[str]) -> InputError:
    error = unknown("score or number", name, [*grid.scores(), *others])
    is_known = name == REPEAT or is_axis(grid, name)
    what = f"{cut(name, 60)} is an axis and no score" if is_known else error.what
    return InputError(what, action=f"{error.action} `grid.score` makes scores.".strip())


def _votes_as_score(grid: GridData) -> InputError:
    axis = next(iter(_axes(grid)), "")
    by = f'by="{cut(axis, 40)}"' if axis else ""
    return InputError(
        "Votes are of pairs, and not one number for each image",
        action=f"`grid.ranks({by})` compares by votes, `grid.vote({by})` asks for more.",
    )


def _axes(grid: GridData) -> list[str]:
    """Return the axes of which these images have several values."""
    return [axis for axis in places(grid.generations, grid.plan).varying if axis != REPEAT]


def is_axis(grid: GridData, name: str) -> bool:
    """Whether an axis of the grid, or one of several side by side, has this name."""
    try:
        return bool(whole(places(grid.generations, grid.plan), name))
    except InputError:
        return False


def check_axis(grid: GridData, name: str) -> None:
    """Check that what is to be an axis is no score.

    Raises:
        InputError: it is one.
    """
    if one_line(name) in scores_by_name(grid) and not is_axis(grid, name):
        action = nearest(name, _axes(grid))
        raise InputError(f"{cut(name, 60)} is a score and no axis", action=action)


def _numbers(name: str, scores: Sequence[Score | None]) -> Numbers:
    """Return the numbers of a score.

    Raises:
        InputError: there are none, for the function failed.
    """
    numbers = [None if score is None else score.value for score in scores]
    reasons = [score.reason for score in scores if score and score.reason]
    if any_number(numbers):
        return numbers
    each = ":" if len(set(reasons)) == 1 else ", the first:"
    why = f"it failed for {counted(len(reasons), 'image')}{each} {reasons[0]}"
    action = "The same call of `grid.score` tries again."
    raise InputError(f"{cut(name, 60)} has no number", why=why, action=action)


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
