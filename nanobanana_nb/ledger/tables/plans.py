"""Plans that were run, so that a grid can be shown, gone on with and exported later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nanobanana_nb.ledger.store.database import Database

_WITH_TASKS = (
    "WHERE EXISTS (SELECT 1 FROM json_each(plans.fingerprints) AS asked"
    " JOIN tasks ON tasks.fingerprint = asked.value"
    " WHERE tasks.id IN (SELECT value FROM json_each(?))) ORDER BY run_at DESC, id DESC"
)


@dataclass(frozen=True)
class StoredPlan:
    """A plan as it was written down: its number, its JSON, and its requests in their order.

    `run_at` is when it was last run, in seconds since the epoch.
    """

    id: int
    plan: str
    fingerprints: tuple[str, ...]
    run_at: float
    notebook: str | None = None


@dataclass(frozen=True)
class Plans:
    """The plans of one ledger."""

    _database: Database

    def keep(
        self, plan: str, fingerprints: Sequence[str], now: float, notebook: str | None = None
    ) -> int:
        """Write a plan down and return its number: the same one for the same requests."""
        key = json.dumps(list(fingerprints))
        with self._database.write(durable=False) as connection:
            connection.execute(
                "INSERT INTO plans (fingerprints, plan, notebook, run_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (fingerprints) DO UPDATE SET plan = excluded.plan,"
                " notebook = excluded.notebook, run_at = excluded.run_at",
                (key, plan, notebook, now),
            )
            query = "SELECT id FROM plans WHERE fingerprints = ?"
            return int(connection.execute(query, (key,)).fetchone()[0])

    def get(self, number: int) -> StoredPlan | None:
        """Return the plan of a number."""
        plans = self._read("WHERE id = ?", number)
        return plans[0] if plans else None

    def with_tasks(self, numbers: Sequence[int]) -> list[StoredPlan]:
        """Return the plans that ask for any of these tasks, newest first."""
        return self._read(_WITH_TASKS, json.dumps(list(numbers)))

    def recent(self, limit: int) -> list[StoredPlan]:
        """Return the plans that were run last, newest first."""
        return self._read("ORDER BY run_at DESC, id DESC LIMIT ?", limit)

    def _read(self, where: str, *values: object) -> list[StoredPlan]:
        rows = self._database.read(f"SELECT * FROM plans {where}", *values)
        return [
            StoredPlan(
                row["id"],
                row["plan"],
                tuple(json.loads(row["fingerprints"])),
                row["run_at"],
                row["notebook"],
            )
            for row in rows
        ]
