"""Where a grid finds and keeps what people and functions say of its images: a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from nanobanana_nb.model.opinion import Rating, Vote
from nanobanana_nb.model.score import Score


class Ratings(Protocol):
    """Keeps ratings by the hash of an image."""

    def get(self, hashes: Iterable[str]) -> Mapping[str, Rating]:
        """Return those that there are."""
        ...

    def put(self, sha256: str, rating: Rating) -> None:
        """Write one down in the place of an earlier one."""
        ...


class Votes(Protocol):
    """Keeps votes on pairs of images."""

    def get(self, hashes: Iterable[str]) -> Sequence[Vote]:
        """Return those on pairs of these images."""
        ...

    def put(self, vote: Vote) -> None:
        """Write one down in the place of what the same person said of the pair in this round."""
        ...


class ScoreTable(Protocol):
    """Keeps scores by the hash of an image, by name and by recipe; those of no image are none."""

    def get(self, hashes: Iterable[str]) -> Mapping[str, Mapping[str, Score]]:
        """Return by name those that count: one function's, and what people gave."""
        ...

    def of_recipe(self, hashes: Iterable[str], name: str, recipe: str) -> Mapping[str, Score]:
        """Return what one recipe gave, the oldest first, whether it counts or not."""
        ...

    def put(self, name: str, scores: Mapping[str, Score]) -> None:
        """Write some down, which count from now on."""
        ...


class Opinions(Protocol):
    """Where a grid finds and keeps what people think of its images: a ledger."""

    @property
    def ratings(self) -> Ratings:
        """Stars, favourites and notes."""
        ...

    @property
    def votes(self) -> Votes:
        """Which of two images people like more."""
        ...

    @property
    def scores(self) -> ScoreTable:
        """Numbers that functions and people give."""
        ...
