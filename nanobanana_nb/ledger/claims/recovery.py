"""What claimants leave behind that are gone, and what becomes of it.

What the service has is there to be fetched, what was on its way is `unknown`, what was never
sent is given back with the price that was set aside for it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

from nanobanana_nb.errors import Charged, OutcomeUnknownError
from nanobanana_nb.ledger.claims.pending_writes import Memory
from nanobanana_nb.ledger.claims.processes import Claimant, this_process
from nanobanana_nb.ledger.claims.transitions import writing
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.model.result import Generation, State

JOINED = (
    "SELECT t.*, c.machine, c.pid, c.born, c.beat FROM tasks t"
    " LEFT JOIN claimants c ON c.id = t.owner"
)
_IN_WORK = f"{JOINED} WHERE t.state IN ({rows.listed(rows.HELD)}) OR t.owner IS NOT NULL"
_UNUSED = (
    "SELECT * FROM claimants WHERE id NOT IN (SELECT owner FROM tasks WHERE owner IS NOT NULL)"
)


class Recovery:
    """Tells which rows of a ledger are in somebody's hands, and takes back the others."""

    def __init__(self, database: Database, images: Images, memory: Memory) -> None:
        self._database = database
        self._images = images
        self._memory = memory

    def recover(self) -> None:
        """Take back what was left behind: rows, half-written files, names of claimants.

        In a ledger that may only be read that is left to its owner.
        """
        if self._database.is_read_only:
            return
        if any(map(self._is_left_behind, self._database.read(_IN_WORK))):
            with writing(self._database, self._memory) as connection:
                self.take_back(connection)
        self._forget_parts()
        self._forget_claimants()

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

    def _forget_parts(self) -> None:
        if not (writers := self._images.files.part_writers()):
            return
        claimants = {row["id"]: row for row in self._database.read("SELECT * FROM claimants")}
        gone = {name for name in writers & claimants.keys() if self._is_gone(claimants[name], name)}
        living = (claimants.keys() - gone) | {this_process().id}
        self._images.files.forget_parts(gone - {this_process().id}, living)

    def _forget_claimants(self) -> None:
        """Forget those that are gone and hold nothing, neither a row nor a half-written file."""
        busy = {this_process().id} | self._images.files.part_writers()
        unused = [row for row in self._database.read(_UNUSED) if row["id"] not in busy]
        gone = [(row["id"],) for row in unused if self._is_gone(row, row["id"])]
        if gone:
            with self._database.write(durable=False) as connection:
                connection.executemany(
                    "DELETE FROM claimants WHERE id = ?"
                    " AND id NOT IN (SELECT owner FROM tasks WHERE owner IS NOT NULL)",
                    gone,
                )

    def _is_gone(self, row: sqlite3.Row, name: str) -> bool:
        claimant = Claimant(name, row["machine"], row["pid"], row["born"])
        return self._memory.liveness.is_gone(claimant, row["beat"])
