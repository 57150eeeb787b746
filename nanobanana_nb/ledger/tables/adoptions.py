"""Tasks that were made elsewhere on the same account, taken into the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import State

_TWIN = "SELECT id FROM tasks WHERE task_id = ? AND provider = ?"
_SETTLE = (
    f"UPDATE tasks SET state = '{State.DETACHED}', task_id = ?, error = NULL"
    f" WHERE id = ? AND state = '{State.UNKNOWN}' AND task_id IS NULL"
)


@dataclass(frozen=True)
class Adoptions:
    """Takes tasks into one ledger: their images can be fetched afterwards."""

    _database: Database

    def add(self, request: GenerationRequest, task_id: str, created_at: float) -> int:
        """Write a task down and return its number; one that is there already keeps its own."""
        columns = {
            **rows.request_columns(request),
            "state": State.DETACHED,
            "task_id": rows.storable(task_id),
            "created_at": created_at,
            "sent_at": created_at,
        }
        with self._database.write() as connection:
            twin = connection.execute(_TWIN, (columns["task_id"], request.provider)).fetchone()
            return int(twin["id"]) if twin else rows.insert(connection, columns)

    def settle(self, number: int, task_id: str) -> bool:
        """Say that a task is the one of an unknown row, and return whether that still was one."""
        with self._database.write() as connection:
            values = (rows.storable(task_id), number)
            return connection.execute(_SETTLE, values).rowcount > 0
