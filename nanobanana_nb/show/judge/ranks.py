"""The votes on a grid as ranks: of its images, or of the values of one of its axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Vote
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import ELSEWHERE, places
from nanobanana_nb.show.arrange.selection import part_of
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.plain_table import table_html
from nanobanana_nb.show.html.text import table_text
from nanobanana_nb.stats.bradley_terry import Ranking, Standing, ranked
from nanobanana_nb.stats.groups import ranked_groups
from nanobanana_nb.text.terminal import printed

_BAR_PX = 160
_MOST_PICTURES = 120_000  # bytes
_METHOD = (
    "chance: that it is liked more than the average of all, and where that lies with 95 %"
    " (Bradley and Terry's model of 1952; a tie is half a vote for each). One leads where the"
    " votes say with 95 % that no other is better, however often somebody looked (bounds of Ville"
    " 1939 and Robbins 1970)."
)


@printed
class Ranks:
    """Shows who is liked more. `ranking` has the numbers, `best` the first if the votes suffice.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> ranks = sweep("A cat, {style}", {"style": ["ink", "oil"]}).ranks()
        >>> ranks
        Nobody has voted on two of these yet; grid.vote() begins.
    """

    def __init__(self, grid: GridData, names: Sequence[str], ranking: Ranking, voters: int):
        self.ranking = ranking
        self._grid = grid
        self._names = names
        self._voters = voters

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
        if not self.ranking.votes:
            return "Nobody has voted on two of these yet; grid.vote() begins."
        votes = wording.counted(self.ranking.votes, "vote")
        people = wording.counted(self._voters, "person").replace("persons", "people")
        return f"{self._verdict()} ({votes} of {people})."

    def __repr__(self) -> str:
        if not self.ranking.votes:
            return self.sentence
        headers = ("", "chance", "95 %", "votes")
        rows = [(s.name, _percent(s.score), _between(s), str(s.votes)) for s in self._standings()]
        return table_text(headers, rows, self.sentence)

    def _repr_html_(self) -> str:
        if not self.ranking.votes:
            return str(tag("div", self.sentence))
        headers = ("", "", "chance", "votes")
        rows = [(self._picture(s), s.name, _bar(s), str(s.votes)) for s in self._standings()]
        sentence = tag("div", tag("b", self.sentence))
        return str(tag("div", sentence, table_html(headers, rows, _METHOD)))

    def _standings(self) -> tuple[Standing, ...]:
        return self.ranking.standings

    def _verdict(self) -> str:
        contenders, count = self.ranking.contenders, len(self._standings())
        if self.best is not None:
            return f"{wording.cut(self.best, 120)} leads: with 95 % none of the others is better"
        if not contenders:
            return "The votes go round in a circle: each has lost too often to be the best"
        if len(contenders) == 2 < count:
            names = " and ".join(wording.cut(name, 120) for name in contenders)
            return f"{names} lead together: which of them is better cannot be told yet"
        if len(contenders) == 1:
            return f"{wording.cut(contenders[0], 120)} is ahead, but by too few votes to be sure"
        still = f": {len(contenders)} of {count} can still be" if len(contenders) < count else ""
        return f"Too few votes to say which is best{still}"

    def _picture(self, standing: Standing) -> Markup:
        """Return the image that has the name, where each name is of one image."""
        images = [
            g for g, name in zip(self._grid, self._names, strict=True) if name == standing.name
        ]
        if len({g.sha256 for g in images}) != 1:
            return Markup("")
        style = tiles.TileStyle(72, max(900, _MOST_PICTURES // len(self._standings())))
        return tiles.picture(images[0], style, None, "")


def ranks(grid: GridData, votes: Iterable[Vote], by: str | None = None) -> Ranks:
    """Return the ranks of the images, or with `by` of the values of an axis.

    The strength of a value is the mean of those of its images.

    Raises:
        InputError: there is no such axis, or fewer than two things to rank.
    """
    names = _names(grid, by)
    known = {g.sha256: name for g, name in zip(grid, names, strict=True) if g.ok and g.sha256}
    items = list(dict.fromkeys(known.values()))
    if len(items) < 2:
        raise InputError("There are not two things to rank", action="")
    counted = [v for v in votes if v.left in known and v.right in known and v.left != v.right]
    voters = len({vote.voter for vote in counted})
    points = [(vote.left, vote.right, vote.share) for vote in counted]
    if len(items) < len(known):
        return Ranks(grid, names, ranked_groups(known, points), voters)
    named = [(known[left], known[right], share) for left, right, share in points]
    return Ranks(grid, names, ranked(items, named), voters)


def _names(grid: GridData, by: str | None) -> list[str]:
    """Return for each image what it is ranked as."""
    image_places = places(grid.generations, grid.plan)
    if by is not None:
        number, axis = part_of(image_places, by)
        labels = (*axis.labels, ELSEWHERE)
        return [labels[point[number]] for point in image_places.points]
    texts = [
        wording.DOT.join(image_places.values(i, image_places.varying).values())
        for i in range(len(grid))
    ]
    distinct = len(set(texts)) == len(texts) and all(texts)
    return (
        texts
        if distinct
        else [wording.DOT.join(filter(None, (f"#{n}", t))) for n, t in enumerate(texts)]
    )


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _between(standing: Standing) -> str:
    return f"{standing.low:.0%} to {standing.high:.0%}"


def _bar(standing: Standing) -> Markup:
    """Return the interval as a bar over 0 to 100 %, and the numbers."""
    start, end = (round(_BAR_PX * value) for value in (standing.low, standing.high))
    looks = "display:inline-block;vertical-align:middle;height:9px"
    before = tag("span", style=f"{looks};width:{start}px")
    bar = tag("span", style=f"{looks};width:{max(2, end - start)}px;background:{markup.GREY}")
    after = tag("span", style=f"{looks};width:{_BAR_PX - end + 6}px")
    numbers = markup.quiet(f"{_percent(standing.score)} ({_between(standing)})")
    return joined([before, bar, after, numbers])
