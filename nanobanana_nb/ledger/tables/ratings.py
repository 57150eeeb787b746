"""Stars, favourites and notes: one rating for an image, whichever tasks made it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.ledger.store.rows import storable
from nanobanana_nb.model.opinion import Rating

_GET = "SELECT * FROM ratings WHERE sha256 IN (SELECT value FROM json_each(?))"
_PUT = (
    "INSERT INTO ratings (sha256, stars, favourite, note, rated_at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (sha256) DO UPDATE SET stars = excluded.stars,"
    " favourite = excluded.favourite, note = excluded.note, rated_at = excluded.rated_at"
)


@dataclass(frozen=True)
class Ratings:
    """The ratings of one ledger. The newest counts, whoever gave it."""

    _database: Database

    def get(self, hashes: Iterable[str]) -> dict[str, Rating]:
        """Return the ratings of the images with these hashes, without those that have none."""
        keys = sorted(set(hashes))
        if not keys:
            return {}
        return {
            row["sha256"]: Rating(row["stars"], bool(row["favourite"]), row["note"])
            for row in self._database.read(_GET, json.dumps(keys))  # SQLite limits many values
        }

    def put(self, sha256: str, rating: Rating) -> None:
        """Write the rating of an image down, in the place of an earlier one."""
        note = storable(rating.note)
        values = (sha256, rating.stars, int(rating.favourite), note, time.time())
        with self._database.write(durable=False) as connection:
            connection.execute(_PUT, values)
