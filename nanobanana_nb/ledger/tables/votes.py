"""Votes on pairs of images: what each person said last of each pair in each round."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.ledger.store.rows import storable
from nanobanana_nb.model.opinion import LEFT, RIGHT, Vote

_PUT = (
    "INSERT INTO votes (voter, one, other, outcome, voted_at, round) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (voter, one, other, round) DO UPDATE SET outcome = excluded.outcome,"
    " voted_at = excluded.voted_at"
)
_OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT}


@dataclass(frozen=True)
class Votes:
    """The votes of one ledger. Those of several people add up."""

    _database: Database

    def get(self, hashes: Iterable[str]) -> list[Vote]:
        """Return the votes on pairs of these images, oldest first."""
        images = set(hashes)
        rows = self._database.read("SELECT * FROM votes ORDER BY voted_at, rowid")
        return [
            Vote(row["one"], row["other"], row["outcome"], row["voter"], row["round"])
            for row in rows
            if row["one"] in images and row["other"] in images
        ]

    def put(self, vote: Vote) -> None:
        """Write a vote down, in the place of what this person said of the pair in this round."""
        left, right, outcome = vote.left, vote.right, vote.outcome
        if left > right:  # a pair is the same pair with its sides changed
            left, right, outcome = right, left, _OPPOSITE.get(outcome, outcome)
        values = (storable(vote.voter), left, right, outcome, time.time(), vote.round)
        with self._database.write(durable=False) as connection:
            connection.execute(_PUT, values)
