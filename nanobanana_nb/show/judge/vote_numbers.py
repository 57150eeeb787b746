"""Votes on the images of a grid as numbers."""

from __future__ import annotations

from collections.abc import Container, Iterable

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Vote
from nanobanana_nb.show.arrange.data import GridData, opinions_of
from nanobanana_nb.stats.bradley_terry import ranked

FOR_IMAGES = (3, 7)  # pairs for each until a first answer, and a clear leader: see `stats.race`
FOR_VALUES = (6, 17)  # of an axis: see `stats.groups`


def votes_on(images: Container[str], votes: Iterable[Vote]) -> list[Vote]:
    """Return the votes on two different ones of these images."""
    return [v for v in votes if v.left in images and v.right in images and v.left != v.right]


def vote_numbers(grid: GridData) -> list[float | None]:
    """Return for each image the share of pairs that it would win; None without votes.

    Raises:
        InputError: there are no votes, or no ledger.
    """
    hashes = [image.sha256 if image.ok else None for image in grid]
    images = list(dict.fromkeys(sha256 for sha256 in hashes if sha256))
    votes = votes_on(set(images), opinions_of(grid).votes.get(images))
    if not votes:
        raise InputError(
            "Nobody has voted on two of these images", action="`grid.vote()` begins a vote."
        )
    standings = ranked(images, [vote.point for vote in votes]).standings
    shares = {standing.name: standing.score for standing in standings if standing.votes}
    return [shares.get(sha256) if sha256 else None for sha256 in hashes]
