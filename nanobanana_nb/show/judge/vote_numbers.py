"""Votes on the images of a grid as numbers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import combinations

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Vote
from nanobanana_nb.privacy.redaction import storable
from nanobanana_nb.show.arrange.data import GridData, opinions_of
from nanobanana_nb.show.arrange.view import unknown
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.stats.bradley_terry import Standing, ranked
from nanobanana_nb.stats.likelihood import Point
from nanobanana_nb.stats.opposition import are_opposed, opposition

FOR_IMAGES = (3, 7)  # pairs for each until a first answer, and a clear leader: see `stats.race`
FOR_VALUES = (6, 17)  # of an axis: see `stats.groups`


def votes_on(images: Container[str], votes: Iterable[Vote]) -> list[Vote]:
    """Return the votes on two different ones of these images."""
    return [v for v in votes if v.left in images and v.right in images and v.left != v.right]


def standings(grid: GridData) -> Mapping[str, Standing]:
    """Return how the images stand that were voted on, by hash; of copies without a ledger none."""
    hashes = [image.sha256 for image in grid if image.ok and image.sha256]
    images = list(dict.fromkeys(hashes))
    votes = grid.opinions.votes.get(images) if grid.opinions and images else ()
    points = [vote.point for vote in votes_on(set(images), votes)]
    ranking = ranked(images, points).standings if points else ()
    return {standing.name: standing for standing in ranking if standing.votes}


def image_standings(grid: GridData) -> list[Standing | None]:
    """Return for each image how it stands by all votes on the grid, or on that it was sorted in."""
    known = (grid.view and grid.view.standings) or standings(grid)
    return [known.get(image.sha256 or "") if image.ok else None for image in grid]


def vote_numbers(grid: GridData) -> list[float | None]:
    """Return for each image the share of pairs that it would win; None without votes.

    Raises:
        InputError: there are no votes, or no ledger.
    """
    opinions_of(grid)
    known = standings(grid)
    if not known:
        raise InputError(
            "Nobody has voted on two of these images", action="`grid.vote()` begins a vote."
        )
    of_images = [known.get(image.sha256 or "") if image.ok else None for image in grid]
    return [standing.score if standing else None for standing in of_images]


def votes_of(votes: Iterable[Vote], voter: str) -> list[Vote]:
    """Return the votes of one person.

    Raises:
        InputError: others have voted, and this one has not.
    """
    known = list(votes)
    own = [vote for vote in known if vote.voter == storable(voter)]
    if known and not own:
        raise unknown("voter", voter, sorted({vote.voter for vote in known} - {""}))
    return own


def opposed_voters(votes: Iterable[Vote], names: Mapping[str, str]) -> str:
    """Return a sentence on the two people whose votes go opposite ways the most, if any do.

    Args:
        names: of what is ranked, by the hash of an image.
    """
    points: dict[str, list[Point]] = {}
    for vote in votes:
        left, right = names[vote.left], names[vote.right]
        if left != right:
            points.setdefault(vote.voter, []).append((left, right, vote.share))
    pairs = combinations(points, 2)
    most = max(pairs, key=lambda two: opposition(points[two[0]], points[two[1]]), default=None)
    if most is None or not are_opposed(points[most[0]], points[most[1]]):
        return ""
    one, other = (cut(name, 40).replace("`", "'") or "who gave no name" for name in most)
    return f"{one} and {other} like opposite things: `ranks(voter=)` has the votes of one person."
