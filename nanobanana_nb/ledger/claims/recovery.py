"""What claimants leave behind that are gone, and what becomes of it.

What the service has is there to be fetched, what was on its way is `unknown`, what was never
sent is given back with the price that was set aside for it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from nanobanana_nb.errors import Charged, OutcomeUnknownError
from nanobanana_nb.ledger.claims.pending_writes import Memory
from nanobanana_nb.ledger.claims.processes import Claimant, this_process
from nanobanana_nb.ledger.claims.transitions import writing
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.ledger.store.folder import is_read_only
from nanobanana_nb.model.result import Generation, State

JOINED = (
    "SELECT t.*, c.machine, c.pid, c.born, c.beat FROM tasks t"
    " LEFT JOIN claimants c ON c.id = t.owner"
)
_IN_WORK = f"{JOINED} WHERE t.state IN ({rows.listed(rows.HELD)}) OR t.owner IS NOT NULL"
_IDLE = "id NOT IN (SELECT owner FROM tasks WHERE owner IS NOT NULL)"


@dataclass(frozen=True)
class Recovery:
    """Tells which rows of a ledger are in somebody's hands, and takes back the others."""

    _database: Database
    _images: Images
    _memory: Memory

    def recover(self) -> None:
        """Take back what claimants left behind that are gone: rows, half-written files, names.

        In a ledger that may only be read that is left to its owner.
        """
        if is_read_only(self._database.file):
            return
        if any(map(self._is_left_behind, self._database.read(_IN_WORK))):
            with writing(self._database, self._memory) as connection:
                self.take_back(connection)
        claimants = self._database.read(f"SELECT *, {_IDLE} AS idle FROM claimants")
        writers = self._images.part_writers()
        if claimants or writers:
            self._forget_claimants(claimants, writers)

    def take_back(self, connection: sqlite3.Connection) -> bool:
        """Take back the rows that were left behind, and say whether there were any."""
        tasks = connection.execute(_IN_WORK).fetchall()
        orphans = [row for row in tasks if self._is_left_behind(row)]
        for row in orphans:
            self._take_back(connection, row)
        return bool(orphans)

    def is_held(self, row: sqlite3.Row) -> bool:
        """Whether some run that lives works on this row."""
        if row["machine"] is None:  # nobody's, or of a claimant that was forgotten
            return False
        if row["owner"] == this_process().id:
            return row["id"] in self._memory.held
        return not self._is_gone(row, row["owner"])

    def mark_unknown(self, connection: sqlite3.Connection, row: sqlite3.Row) -> Generation:
        """Write down that nobody can say what became of a request that was on its way."""
        sent = datetime.fromtimestamp(row["sent_at"] or row["created_at"], UTC)
        error = OutcomeUnknownError(
            "The process ended while the request was on its way",
            why=f"sent {sent:%Y-%m-%d %H:%M:%S} UTC",
            charged=Charged.UNKNOWN,
        ).with_number(row["id"])
        task = replace(rows.generation(row), state=State.UNKNOWN, error=error)
        columns = {**rows.changing_columns(task), "owner": None}
        rows.update(connection, row["id"], columns)
        return task

    def _is_left_behind(self, row: sqlite3.Row) -> bool:
        if row["state"] == State.PLANNED and row["owner"] is None:
            return False
        return not self.is_held(row)

    def _take_back(self, connection: sqlite3.Connection, row: sqlite3.Row) -> None:
        state = row["state"]
        if state == State.SENT:
            self.mark_unknown(connection, row)
        elif state == State.PLANNED:
            rows.update(connection, row["id"], {"owner": None, "reserved": None})
        elif state in rows.OPEN:
            rows.update(connection, row["id"], {"owner": None, "state": State.DETACHED})
        else:
            rows.update(connection, row["id"], {"owner": None})

    def _forget_claimants(self, claimants: list[sqlite3.Row], writers: set[str]) -> None:
        """Forget those that are gone: their half-written files, and names that hold no row."""
        this = this_process().id
        others = [row for row in claimants if row["id"] != this]
        free = [row for row in others if row["idle"] or row["id"] in writers]
        gone = {row["id"] for row in free if self._is_gone(row, row["id"])}
        living = {this, *(row["id"] for row in others)} - gone
        self._images.forget_parts(gone, living)
        if gone:
            with self._database.write(durable=False) as connection:
                connection.executemany(
                    f"DELETE FROM claimants WHERE id = ? AND {_IDLE}", [(name,) for name in gone]
                )

    def _is_gone(self, row: sqlite3.Row, name: str) -> bool:
        claimant = Claimant(name, row["machine"], row["pid"], row["born"])
        return self._memory.liveness.is_gone(claimant, row["beat"])
