"""Scores of a grid: what a function computes, and what a list, a column or a file has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from nanobanana_nb.entry.front import front
from nanobanana_nb.errors import InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import Score, checked_name, one_line
from nanobanana_nb.run.scoring.scoring import Scoring
from nanobanana_nb.show.arrange.columns import OF_EXPORTS, REFERENCES, VOTES
from nanobanana_nb.show.arrange.data import GridData, opinions_of
from nanobanana_nb.show.arrange.records import unscored_records
from nanobanana_nb.show.arrange.view import nearest
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.show.judge.image_scores import Scores, scores_of
from nanobanana_nb.show.judge.ready_scores import READY
from nanobanana_nb.show.judge.tables.given_scores import numbers_of
from nanobanana_nb.show.judge.tables.score_file import ENDINGS, scores_in
from nanobanana_nb.show.judge.tables.score_frame import scores_of_frame

_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
_NAME_IT = 'Name it: `grid.score(..., name="on brand")`.'


def score(
    grid: GridData, source: Any, name: str | None, *, again: bool = False, workers: int = 1
) -> Scores:
    """Score the images of a grid and return what each has under this name.

    Raises:
        InputError: an argument cannot be used, or the grid has no ledger; nothing is kept then.
    """
    arguments.check(again=again, workers=workers)
    table, images = opinions_of(grid).scores, grid.generations
    source = _ready(source)
    if callable(source):
        name = _free_name(grid, _name_of(source) if name is None else name)
        unique = {image.sha256: image for image in images if image.ok and image.sha256}
        scoring = Scoring(name, source, unique, table, again=again, workers=workers)
        front().follow_work(scoring)
        return scores_of(grid, name, scoring.failures, scoring.untried)
    name, source = _named(grid, source, name)
    name = _free_name(grid, name)
    table.put(name, _by_hash(images, numbers_of(images, source)))
    return scores_of(grid, name)


def _ready(source: Any) -> Any:
    """Return the function or the path that a text stands for; anything else as it is.

    Raises:
        InputError: the text is neither.
    """
    if isinstance(source, str) and source in READY:
        return READY[source]
    if isinstance(source, str | Path) and str(source).lower().endswith(_SPREADSHEETS):
        path = cut(source, 80)
        action = f'Save it as CSV, or: `grid.score(pd.read_excel("{path}"), name="column")`.'
        raise InputError(f"{path} is no table that can be read", action=action)
    if not isinstance(source, str):
        return source
    if source.lower().endswith(ENDINGS):
        return Path(source)
    what = "There is no ready-made score of this name, and no .csv or .json file"
    raise InputError(what, action=nearest(source, list(READY)))


def _name_of(function: Callable[[Any], Any]) -> str:
    """Return what a function is called.

    Raises:
        InputError: it has no name of its own.
    """
    function = getattr(function, "func", function)  # of a partial
    name = getattr(function, "__name__", type(function).__name__)
    if name == "<lambda>":
        raise InputError("This score has no name", why="the function has none", action=_NAME_IT)
    return str(name)


def _named(grid: GridData, source: Any, name: str | None) -> tuple[Any, Any]:
    """Return the name of numbers that are there, and the numbers; a file or a column has one."""
    name = None if name is None else checked_name(name)
    if isinstance(source, PathLike):
        name, source = scores_in(Path(source), name, grid, own_columns(grid))
    elif hasattr(source, "columns"):
        name, source = scores_of_frame(source, name, grid, own_columns(grid))
    if name is None:
        name = getattr(source, "name", None)
    if name is None:
        raise InputError("These scores have no name", action=_NAME_IT)
    return name, source


def _free_name(grid: GridData, name: Any) -> str:
    """Return the name of a score in the form in which it is kept.

    Raises:
        InputError: it cannot be one, or a table of the grid has a column of this name.
    """
    line = checked_name(name)
    if line == VOTES:
        why = "`grid.vote` counts what is called so"
        raise InputError(f"{line} cannot be the name of a score", why=why, action=_NAME_IT)
    if line in own_columns(grid):
        why = "tables of this grid have a column of this name"
        raise InputError(f"{line} cannot be the name of a score", why=why, action=_NAME_IT)
    return line


def own_columns(grid: GridData) -> set[str]:
    """Return what a table of a grid has anyway, besides its scores."""
    return {*map(one_line, (*OF_EXPORTS, REFERENCES, *(unscored_records(grid) or [{}])[0]))}


def _by_hash(images: Sequence[Generation], values: dict[int, float | None]) -> dict[str, Score]:
    """Return the scores by image; what stands at a place without one is not kept.

    Raises:
        InputError: the same image has two.
    """
    numbered: dict[str, int] = {}
    for place in (place for place, value in values.items() if value is not None):
        first = numbered.setdefault(images[place].sha256 or "", place)
        if values[first] != values[place] and images[place].sha256:
            why = f"#{first} and #{place} are the same, byte for byte"
            raise InputError("The same image has two different numbers", why=why, action="")
    hashes = {images[place].sha256 or "" for place in values} - {""}
    return {key: Score(values[numbered[key]] if key in numbered else None) for key in hashes}
