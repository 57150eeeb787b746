"""Opinions that are kept in memory, as a ledger keeps them on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nanobanana_nb.model.opinion import Rating, Vote
from nanobanana_nb.model.score import Score, counting


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


class KeptScores:
    """Scores by image, name and recipe in the order in which they came."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str, str], Score] = {}

    def get(self, hashes: Iterable[str]) -> dict[str, dict[str, Score]]:
        """Return of each name those that count."""
        wanted, scores = set(hashes), dict[str, list[tuple[str, Score]]]()
        for (sha256, name, _), score in self.known.items():
            if sha256 in wanted:
                scores.setdefault(name, []).append((sha256, score))
        return {name: counting(rows) for name, rows in scores.items()}

    def of_recipe(self, hashes: Iterable[str], name: str, recipe: str) -> dict[str, Score]:
        """Return what one recipe gave, the oldest first."""
        wanted = {(sha256, name, recipe) for sha256 in hashes}
        return {key[0]: score for key, score in self.known.items() if key in wanted}

    def put(self, name: str, scores: Mapping[str, Score]) -> None:
        """Keep some."""
        for sha256, score in scores.items():
            self.known.pop((sha256, name, score.recipe), None)
            self.known[sha256, name, score.recipe] = score


class Kept:
    """All of them."""

    def __init__(self) -> None:
        self.ratings = KeptRatings()
        self.votes = KeptVotes()
        self.scores = KeptScores()
