"""The scores of a grid under one name, as they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import Score
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.markup import tag
from nanobanana_nb.show.html.plain_table import table_html
from nanobanana_nb.show.html.text import table_text
from nanobanana_nb.text.terminal import printed

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_ROWS = 20
_Row = tuple[str, str, str]


@printed
@dataclass(frozen=True, repr=False)
class Scores:
    """What one score says of each image of a grid, in the grid's order.

    `values` are None where there is none, `reasons` say why where a function gave none and are
    empty elsewhere; `labels` are what the images are called.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> grid = sweep("A cat, {style}", {"style": ["ink", "oil"]})
        >>> scores = grid.score([3, 4.5], name="rater 1")
        >>> scores.values
        (3.0, 4.5)
    """

    name: str
    values: tuple[float | None, ...]
    reasons: tuple[str, ...]
    labels: tuple[str, ...] = ()

    @property
    def scored(self) -> int:
        """How many images have a value.

        Examples:
            >>> scores.scored
            2
        """
        return sum(value is not None for value in self.values)

    @property
    def failed(self) -> int:
        """How many have none since the function failed.

        Examples:
            >>> scores.failed
            0
        """
        return sum(map(bool, self.reasons))

    @property
    def sentence(self) -> str:
        """How many have a value, and between what it lies.

        Examples:
            >>> scores.sentence
            'rater 1: 2 of 2 images, 3 to 4.5, median 3.75.'
        """
        return f"{self.name}: {self._summary()}"

    def to_frame(self) -> DataFrame:
        """Return the values as a table of pandas, with the index of `grid.to_frame()`.

        Raises:
            InputError: pandas is not installed.

        Examples:
            >>> scores.to_frame()["rater 1"].to_list()
            [3.0, 4.5]
        """
        try:
            import pandas
        except ImportError as error:
            action = "`%pip install pandas`, or use `scores.values`."
            what = "A table needs pandas, which is not installed"
            raise InputError(what, action=action) from error
        reason = "reason" if self.name != "reason" else "reason (none)"
        return pandas.DataFrame({self.name: self.values, reason: self.reasons})

    def __repr__(self) -> str:
        return table_text(("#", "", "score"), self._rows(), self._below())

    def _repr_html_(self) -> str:
        table = table_html(("#", "", "score"), self._rows(), self._more())
        name = tag("b", tag("bdi", wording.plain(self.name)))
        return str(tag("div", tag("div", name, f": {self._summary()}"), table))

    def _summary(self) -> str:
        values = [value for value in self.values if value is not None]
        words = f"{len(values):,} of {wording.counted(len(self.values), 'image')}"
        if values:
            ends = (min(values), median(values), max(values))
            low, middle, high = (wording.figures(end, ends[2] - ends[0]) for end in ends)
            words += f", {low} to {high}, median {middle}" if low != high else f", {low} each"
        return words + f", {self.failed:,} failed" * bool(self.failed) + "."

    def _below(self) -> str:
        return "\n".join(filter(None, (self.sentence, self._more())))

    def _more(self) -> str:
        more = len(self.values) - self.values.count(None) + self.failed - MOST_ROWS
        return f"{more:,} more: `.to_frame()` has them all." if more > 0 else ""

    def _rows(self) -> list[_Row]:
        """Return the first rows: what failed, then the highest."""
        return [row for row, _ in zip(self._ordered(), range(MOST_ROWS), strict=False)]

    def _ordered(self) -> Iterator[_Row]:
        labels = self.labels or ("",) * len(self.values)
        for place, reason in enumerate(self.reasons):
            if reason:
                yield f"#{place}", labels[place], f"failed: {reason}"
        values = [value for value in self.values if value is not None]
        apart = max(values) - min(values) if values else 0.0
        known = ((value, place) for place, value in enumerate(self.values) if value is not None)
        for value, place in sorted(known, key=lambda pair: (-pair[0], pair[1])):
            yield f"#{place}", labels[place], wording.figures(value, apart)


def scores_of(grid: GridData, name: str, scores: Sequence[Score | None]) -> Scores:
    """Return the scores of the images of a grid, one or none for each."""
    return Scores(
        name,
        tuple(None if score is None else score.value for score in scores),
        tuple("" if score is None else score.reason for score in scores),
        tuple(_labels(grid, grid.generations)),
    )


def _labels(grid: GridData, images: Sequence[Generation]) -> Iterator[str]:
    image_places = places(images, grid.plan)
    for place in range(len(images)):
        values = image_places.values(place, image_places.varying)
        yield wording.cut(wording.DOT.join(values.values()), 120)
