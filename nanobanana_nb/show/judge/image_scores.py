"""The scores of a grid under one name, as they are looked at."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import GIVEN, Score
from nanobanana_nb.show.arrange.columns import NUMBER, number_column, score_columns
from nanobanana_nb.show.arrange.data import GridData, scores_by_name
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.arrange.records import with_images
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

    `values` are None where there is none, `reasons` say why where a function gave none now, though
    a number from before may stay, and are empty elsewhere; `labels` are what the images are called.
    `untried` says for how many a function was not called, since it failed alike for the first ones;
    `by_hand` how many values people gave, where a function gave the others.

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
    untried: int = 0
    by_hand: int = 0
    _images: tuple[str, ...] = ()
    _index: str = NUMBER

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
        """For how many the function failed.

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
        pairs = zip(self.values, self.reasons, strict=True)
        scores = [Score(*pair) for pair in pairs]
        table = pandas.DataFrame(score_columns({self.name: scores}, ()))
        return with_images(table, self._images, self._index)

    def __repr__(self) -> str:
        if self._only_reason or not self._rows():
            return self.sentence
        return table_text(("#", "", "score"), self._rows(), self._below())

    def _repr_html_(self) -> str:
        name = tag("b", tag("bdi", wording.plain(self.name)))
        line = tag("div", name, f": {self._summary()}")
        if self._only_reason or not self._rows():
            return str(tag("div", line))
        return str(tag("div", line, table_html(("#", "", "score"), self._rows(), self._more())))

    @property
    def _only_reason(self) -> str:
        """Why there is no number at all, where the function failed alike each time."""
        reasons = set(filter(None, self.reasons))
        return reasons.pop() if len(reasons) == 1 and not self.scored else ""

    def _summary(self) -> str:
        values = [value for value in self.values if value is not None]
        if self._only_reason:
            every = "all " * (self.failed > 1 and not self.untried)
            return f"{every}{self.failed:,} failed: {self._only_reason.rstrip('.')}.{self._left()}"
        words = f"{len(values):,} of {wording.counted(len(self.values), 'image')}"
        if values:
            ends = (min(values), median(values), max(values))
            low, middle, high = (wording.figures(end, ends[2] - ends[0]) for end in ends)
            words += f", {low} to {high}, median {middle}" if low != high else f", {low} each"
        failed = f", {self.failed:,} failed" * bool(self.failed)
        pairs = zip(self.values, self.reasons, strict=True)
        stays = any(reason and value is not None for value, reason in pairs)
        failed += ", numbers from before stay" * stays
        by_hand = f", {self.by_hand:,} given by hand" * bool(self.by_hand)
        return f"{words}{failed}{by_hand}.{self._left()}"

    def _left(self) -> str:
        """Return how many are left, since what is broken is not called for all."""
        were = "was" if self.untried == 1 else "were"
        left = f" {self.untried:,} {were} not tried, the same call goes on."
        return left if self.untried else ""

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


def scores_of(
    grid: GridData,
    name: str,
    failures: Mapping[str, str] | None = None,
    untried: Container[str | None] = (),
) -> Scores:
    """Return the scores that a grid has under a name.

    Args:
        failures: why a function gave no number now, by the hashes of the images: one from before
            may stand there all the same.
        untried: the hashes of the images that it was not called for.
    """
    images = grid.generations
    scores = scores_by_name(grid).get(name, [None] * len(images))
    reasons = ["" if score is None else score.reason for score in scores]
    if failures is not None:
        reasons = [failures.get(image.sha256 or "", "") for image in images]
    values = tuple(None if score is None else score.value for score in scores)
    left = sum(image.sha256 in untried for image in images)
    hashes = tuple(image.sha256 or "" for image in images)
    labels, index = tuple(_labels(grid, images)), number_column(grid.view)
    return Scores(name, values, tuple(reasons), labels, left, _by_hand(scores), hashes, index)


def _by_hand(scores: Sequence[Score | None]) -> int:
    """Return how many numbers people gave, none where no function gave any."""
    recipes = [score.recipe for score in scores if score and score.value is not None]
    return recipes.count(GIVEN) if {*recipes} - {GIVEN} else 0


def _labels(grid: GridData, images: Sequence[Generation]) -> Iterator[str]:
    image_places = places(images, grid.plan)
    for place in range(len(images)):
        values = image_places.values(place, image_places.varying)
        yield wording.cut(wording.DOT.join(values.values()), 120)
