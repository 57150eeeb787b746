"""Opinions that are kept in memory, as a ledger keeps them on disk."""

from __future__ import annotations

from collections.abc import Iterable

from nanobanana_nb.model.opinion import Rating, Vote


class KeptRatings:
    """Ratings by hash."""

    def __init__(self) -> None:
        self.known: dict[str, Rating] = {}

    def get(self, hashes: Iterable[str]) -> dict[str, Rating]:
        """Return those that there are."""
        return {sha: self.known[sha] for sha in hashes if sha in self.known}

    def put(self, sha256: str, rating: Rating) -> None:
        """Keep one."""
        self.known[sha256] = rating


class KeptVotes:
    """Votes in their order; in each round a person's last word on a pair counts."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, frozenset[str], int], Vote] = {}

    def get(self, hashes: Iterable[str]) -> list[Vote]:
        """Return those on these images."""
        wanted = set(hashes)
        return [vote for vote in self.known.values() if {vote.left, vote.right} <= wanted]

    def put(self, vote: Vote) -> None:
        """Keep one."""
        key = (vote.voter, frozenset((vote.left, vote.right)), vote.round)
        self.known.pop(key, None)
        self.known[key] = vote


class Kept:
    """Both."""

    def __init__(self) -> None:
        self.ratings = KeptRatings()
        self.votes = KeptVotes()
