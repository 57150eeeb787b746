"""Scores of images: for each image, name and recipe the last value; one function's count."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.ledger.store.rows import storable
from nanobanana_nb.model.score import Score, counting

_OF_IMAGES = "sha256 IN (SELECT value FROM json_each(?))"  # SQLite limits many values
_BY_TIME = "ORDER BY scored_at, rowid"
_IN_ORDER = f"SELECT * FROM scores WHERE {_OF_IMAGES} {_BY_TIME}"
_OF_RECIPE = f"SELECT * FROM scores WHERE {_OF_IMAGES} AND name = ? AND recipe = ? {_BY_TIME}"
_PUT = (
    "INSERT INTO scores (sha256, name, recipe, value, reason, scored_at)"
    " VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (sha256, name, recipe) DO UPDATE SET"
    " value = excluded.value, reason = excluded.reason, scored_at = excluded.scored_at"
    # A judge that is out of order takes no value away; a person does, without a reason.
    " WHERE excluded.value IS NOT NULL OR excluded.reason = '' OR scores.value IS NULL"
)


@dataclass(frozen=True)
class Scores:
    """The scores of one ledger. An earlier recipe of a name stays: going back to it is free."""

    _database: Database

    def get(self, hashes: Iterable[str]) -> dict[str, dict[str, Score]]:
        """Return by name the scores of the images with these hashes, those that count."""
        scores: dict[str, list[tuple[str, Score]]] = {}
        for row in self._database.read(_IN_ORDER, json.dumps(sorted(set(hashes)))):
            score = Score(row["value"], row["reason"], row["recipe"])
            scores.setdefault(row["name"], []).append((row["sha256"], score))
        return {name: counting(scores[name]) for name in sorted(scores)}

    def of_recipe(self, hashes: Iterable[str], name: str, recipe: str) -> dict[str, Score]:
        """Return what one recipe gave these images, the oldest first, whether it counts or not."""
        images = json.dumps(sorted(set(hashes)))
        rows = self._database.read(_OF_RECIPE, images, storable(name), recipe)
        return {row["sha256"]: Score(row["value"], row["reason"], recipe) for row in rows}

    def put(self, name: str, scores: Mapping[str, Score]) -> None:
        """Write scores down by the hashes of their images; from now on they count."""
        now = time.time()
        rows = [
            (sha256, storable(name), score.recipe, score.value, storable(score.reason), now)
            for sha256, score in scores.items()
        ]
        with self._database.write(durable=False) as connection:
            connection.executemany(_PUT, rows)
