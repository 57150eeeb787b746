"""The columns of a table of images, where names that people chose meet those of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.score import Score
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.stats.bradley_terry import Standing

FACTS = ("credits", "seconds", "cached", "width", "height")  # in tables of all forms
NUMBER, NUMBER_IN_LIST = "number", "number in this list"  # a sorted grid counts in its own order
OF_EXPORTS = (
    *(NUMBER, NUMBER_IN_LIST, "sha256", "media_type", "simulated"),
    *("created_at", "finished_at"),
)
REFERENCES = "reference images"
WOULD_WIN, VOTES = "would win", "votes"
Rows = Sequence[Mapping[str, Any]]


def columns(names: Iterable[str], kind: str, taken: Iterable[str]) -> dict[str, str]:
    """Return the column of each name: itself, or `state (axis)` where the record has a `state`."""
    used, result = set(taken), dict[str, str]()
    for name in names:
        column = name
        while column in used:
            column = f"{column} ({kind})"
        used.add(column)
        result[name] = column
    return result


def names_of(rows: Rows) -> list[str]:
    """Return all names, in the order in which they first come."""
    return list(dict.fromkeys(name for row in rows for name in row))


def is_covered(name: str, rows: Rows, others: Rows) -> bool:
    """Whether `others` have all that `rows` have under this name, as `model` where it varies."""
    pairs = zip(rows, others, strict=True)
    return all(name in other and row[name] == other[name] for row, other in pairs if name in row)


def rating_columns(rating: Rating) -> dict[str, Any]:
    """Return a rating as tables of all forms have it: None where there are no stars."""
    return {**rating.to_record(), "stars": rating.stars or None}


def number_column(view: View | None) -> str:
    """Return what the numbers of images are called: those of a list say nothing in the whole."""
    return NUMBER_IN_LIST if view is not None and view.by else NUMBER


def error_column(name: str) -> str:
    """Return under which name it stands why an image has no such score."""
    return f"{name} error"


def score_columns(
    scores: Mapping[str, Sequence[Score | None]], taken: Iterable[str]
) -> dict[str, list[Any]]:
    """Return by column the numbers of the images; where some failed, a column says why."""
    table, used = dict[str, list[Any]](), set(taken)
    for name, of_images in scores.items():
        reasons = [(score and score.reason) or None for score in of_images]
        column = columns([name], "score", {*used, *table})[name]
        table[column] = [score and score.value for score in of_images]
        if any(reasons):
            error = error_column(column)
            table[columns([error], "score", {*used, *table})[error]] = reasons
    return table


def vote_columns(standings: Sequence[Standing | None], taken: Iterable[str]) -> dict[str, Any]:
    """Return by column the share of pairs that each image would win, and its votes, if any has."""
    if not any(standings):
        return {}
    names = columns((WOULD_WIN, VOTES), "votes", taken)
    shares = [standing and standing.score for standing in standings]
    counts = [standing.votes if standing else 0 for standing in standings]
    return {names[WOULD_WIN]: shares, names[VOTES]: counts}
