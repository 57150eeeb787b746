"""The votes on a grid as ranks: of its images, or of the values of one of its axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Vote
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.arrange.records import data_frame
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.grid_name import variable_of
from nanobanana_nb.show.judge import ranks_table
from nanobanana_nb.show.judge.image_values import image_values
from nanobanana_nb.show.judge.ranks_record import RanksRecord, Subject
from nanobanana_nb.show.judge.vote_numbers import opposed_voters, votes_on
from nanobanana_nb.stats.bradley_terry import ranked
from nanobanana_nb.stats.groups import ranked_groups
from nanobanana_nb.text.terminal import printed

if TYPE_CHECKING:
    from pandas import DataFrame


@printed
class Ranks(RanksRecord):
    """Shows who is liked more. `ranking` has the numbers, `best` the first if the votes suffice.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> ranks = sweep("A cat, {style}", {"style": ["ink", "oil"]}).ranks()
        >>> ranks
        Nobody has voted on two of these yet; grid.vote() begins.
    """

    @property
    def best(self) -> str | None:
        """What is liked most, None where the votes are too few to say so.

        Examples:
            >>> ranks.best is None
            True
        """
        return self.ranking.best

    @property
    def sentence(self) -> str:
        """What may be concluded, in words.

        Examples:
            >>> ranks.sentence
            'Nobody has voted on two of these yet; grid.vote() begins.'
        """
        return wording.code_free(ranks_table.sentence(self))

    def to_frame(self) -> DataFrame:
        """Return a row for each image or value, the best first, as a table of pandas.

        `share` is the part of pairs with the average of all that it would win, `low` and `high`
        hold it with 95 %; without votes there is none. Rows of images have the index that they
        have in `grid.to_frame()`.

        Raises:
            InputError: pandas is not installed.

        Examples:
            >>> ranks.to_frame().columns.tolist()
            ['number', 'id', 'name', 'votes', 'wins', 'ties', 'share', 'low', 'high']
        """
        table = data_frame(ranks_table.records(self))
        return table.set_index("number", drop=False).rename_axis(None) if self.subjects else table

    def __repr__(self) -> str:
        return ranks_table.ranks_text(self)

    def _repr_html_(self) -> str:
        return ranks_table.ranks_html(self)


def ranks(grid: GridData, votes: Iterable[Vote], by: str | None = None) -> Ranks:
    """Return the ranks of the images, or with `by` of the values of an axis.

    The strength of a value is the mean of those of its images.

    Raises:
        InputError: there is no such axis, or fewer than two things to rank.
    """
    axis = None if by is None else image_values(grid, by)
    subjects = dict(_subjects(grid)) if axis is None else {}
    names = _names(subjects) if axis is None else axis.values
    if len(names) < 2:
        raise InputError("There are not two things to rank", action="")
    counted = votes_on(names, votes)
    points = [vote.point for vote in counted]
    if axis is not None:
        ranking = ranked_groups(names, points, axis.traits)
    else:
        named = [(names[left], names[right], share) for left, right, share in points]
        ranking = ranked(list(names.values()), named)
    voters = len({vote.voter for vote in counted if names[vote.left] != names[vote.right]})
    unlike = () if axis is None else map(_unlike, axis.unlike)
    notes = tuple(filter(None, (opposed_voters(counted, names), *unlike)))
    return Ranks(grid, ranking, voters, subjects, variable_of(grid) or "grid", notes, by or "")


def _unlike(values: tuple[str, str]) -> str:
    one, other = (wording.cut(value, 60) for value in values)
    return f"{one} and {other} cannot be compared: no two images differ in that alone."


def _names(subjects: Mapping[str, Subject]) -> dict[str, str]:
    return {subject.sha256: name for name, subject in subjects.items()}


def _subjects(grid: GridData) -> Iterator[tuple[str, Subject]]:
    """Yield each image that is here once, by what tells it apart."""
    image_places = places(grid.generations, grid.plan)
    labels = [
        wording.DOT.join(image_places.values(n, image_places.varying).values())
        for n in range(len(grid))
    ]
    distinct = len(set(labels)) == len(labels) and all(labels)
    known: set[str] = set()
    for n, (image, label) in enumerate(zip(grid, labels, strict=True)):
        if image.ok and image.sha256 and image.sha256 not in known:
            known.add(image.sha256)
            name = label if distinct else wording.DOT.join(filter(None, (f"#{n}", label)))
            yield name, Subject(n, image.sha256, label)
