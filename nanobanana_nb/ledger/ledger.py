"""The ledger: every task that was ever asked for, in one SQLite file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from nanobanana_nb.ledger import mending, rows, sidecar
from nanobanana_nb.ledger.claimant import this_process
from nanobanana_nb.ledger.claims import Claims
from nanobanana_nb.ledger.database import Database
from nanobanana_nb.ledger.images import Images
from nanobanana_nb.ledger.memory import memory_of
from nanobanana_nb.ledger.spending import Spending
from nanobanana_nb.model.result import Generation, State

SHORTEST_ID = 6
MOST_DURATIONS = 50


class Ledger:
    """Tasks and results under `home`. Safe for threads and processes; holds nothing open.

    Args:
        sidecars: write a JSON file beside each original.

    Raises:
        LedgerError: from every method, when the folder or the file cannot be used.
    """

    def __init__(self, home: Path, *, sidecars: bool = True) -> None:
        self.home = home
        self.images = Images(home / "originals")
        self._database = Database(home, partial(mending.mend, images=self.images))
        self._memory = memory_of(home)
        self._sidecars = sidecars
        self.claims = Claims(self._database, self.images, self._memory)
        self.spending = Spending(self._database.read)

    @property
    def file(self) -> Path:
        """The database."""
        return self._database.file

    def record(self, generation: Generation) -> None:
        """Write what is new about a task. States go forward: `success` and `failed` stay.

        What cannot be written now is kept in this process and written with whatever comes next.
        """
        assert generation.id is not None
        self._memory.unwritten[generation.id] = generation
        self.catch_up()

    def catch_up(self) -> None:
        """Write what could not be written before, because the disk was full for example."""
        waiting = dict(self._memory.unwritten)
        if not waiting:
            return
        if self._sidecars:
            for one in waiting.values():
                self._write_sidecar(one)
        with self._database.write() as connection:
            for one in waiting.values():
                connection.execute(*self._update(one))
        for number, one in waiting.items():
            if self._memory.unwritten.get(number) is one:
                del self._memory.unwritten[number]

    def _write_sidecar(self, one: Generation) -> None:
        if not one.ok:
            return
        found = self._database.read("SELECT fingerprint FROM tasks WHERE id = ?", one.id)
        sidecar.write(self.images, one, found[0]["fingerprint"])

    def _update(self, one: Generation) -> tuple[str, tuple[object, ...]]:
        """Return the statement that writes a task, and lets go of it when nobody holds it."""
        held = one.state in rows.HELD and one.id in self._memory.held
        columns = {**rows.changing_columns(one), "owner": this_process().id if held else None}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        if rows.is_free(one):
            assignments += ", reserved = 0"
        later = set(State) - set(rows.UNSENT)
        before = rows.listed(later if one.state in rows.UNSENT else rows.SETTLED)
        where = f"id = ? AND (state = ? OR state NOT IN ({before}))"
        values = (*columns.values(), one.id, one.state)
        return f"UPDATE tasks SET {assignments} WHERE {where}", values

    def find(self, fingerprint: str) -> Generation | None:
        """Return an earlier try that answers a request at no cost, or None.

        An image comes first, then a task to fetch it from, then one whose outcome is unknown.
        """
        found = self._all("WHERE fingerprint = ? ORDER BY id DESC", fingerprint)
        ranked = [(rank, one) for one in found if (rank := rows.rank(one)) is not None]
        rank, best = min(ranked, key=lambda pair: pair[0], default=(None, None))
        return None if rank == rows.RANK_PLANNED else best

    def get(self, name: str) -> Generation | None:
        """Return a task by its number in the ledger, or by the service's id.

        The first six or more characters of an id will do where only one id begins so.
        """
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 12 else -1
        found = self._all("WHERE id = ?", number) or self._all("WHERE task_id = ?", name)
        if not found and len(name) >= SHORTEST_ID:
            found = self._all("WHERE substr(task_id, 1, ?) = ?", len(name), name)
        return found[0] if len(found) == 1 else None

    def waiting(self, provider: str | None = None) -> list[Generation]:
        """Return the tasks that the service has, whose image is not here and nobody fetches."""
        where = f"WHERE state IN ({rows.listed(rows.OPEN)}) AND owner IS NULL"
        where += " AND provider = COALESCE(?, provider) ORDER BY id"
        return self._all(where, provider)

    def unknown(self) -> list[Generation]:
        """Return the tasks of which nobody knows whether they were created, oldest first."""
        return self._all("WHERE state = 'unknown' ORDER BY id")

    def recent(self, limit: int) -> list[Generation]:
        """Return the newest tasks, newest first."""
        return self._all("ORDER BY id DESC LIMIT ?", limit)

    def count(self) -> int:
        """Return how many tasks the ledger holds."""
        found = self._database.read("SELECT count(*) FROM tasks")
        return int(found[0][0]) if found else 0

    def durations(self, provider: str, model: str, resolution: str | None) -> list[float]:
        """Return how many seconds the newest tasks of a model and size took."""
        found = self._database.read(
            "SELECT seconds FROM tasks WHERE state = 'success' AND provider = ?"
            " AND json_extract(request, '$.model') = ?"
            " AND json_extract(request, '$.parameters.resolution') IS ?"
            " AND seconds > 0 ORDER BY id DESC LIMIT ?",
            *(provider, model, resolution, MOST_DURATIONS),
        )
        return [float(row[0]) for row in found]

    def _all(self, where: str, *values: object) -> list[Generation]:
        found = self._database.read(f"SELECT * FROM tasks {where}", *values)
        return [self.images.completed(rows.generation(row)) for row in found]
