"""The ledger: every task that was ever asked for, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.claims.claims import Claims
from nanobanana_nb.ledger.claims.pending_writes import memory_of
from nanobanana_nb.ledger.claims.recovery import JOINED
from nanobanana_nb.ledger.claims.transitions import writing
from nanobanana_nb.ledger.files import sidecar
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.ledger.store import repair, rows
from nanobanana_nb.ledger.store.ancestry import relatives
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.ledger.store.forgetting import Forgetting, forgotten
from nanobanana_nb.ledger.store.lookalikes import alike
from nanobanana_nb.ledger.store.prompt_images import newest
from nanobanana_nb.ledger.store.search import search
from nanobanana_nb.ledger.tables.adoptions import Adoptions
from nanobanana_nb.ledger.tables.plans import Plans
from nanobanana_nb.ledger.tables.ratings import Ratings
from nanobanana_nb.ledger.tables.scores import Scores
from nanobanana_nb.ledger.tables.spending import Spending
from nanobanana_nb.ledger.tables.votes import Votes
from nanobanana_nb.model.lineage import Family, in_order
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State

SHORTEST_ID = 6
MOST_DURATIONS = 50
_OF_REQUESTS = (
    "SELECT * FROM tasks WHERE fingerprint IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
)


class SidecarWarning(UserWarning):
    """The JSON file beside an original could not be written; the ledger has what it says."""


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
        refill = partial(repair.refill, images=self.images)
        self._database = Database(home / "ledger.sqlite", repair.set_aside, refill)
        self._sidecars = sidecars
        self._where = home.absolute()  # wherever the notebook may go later
        self.spending = Spending(self._database.read)
        self.plans = Plans(self._database)
        self.ratings = Ratings(self._database)
        self.votes = Votes(self._database)
        self.scores = Scores(self._database)
        self.adoptions = Adoptions(self._database)
        self.forgetting = Forgetting(self._database, self.images)

    @property
    def claims(self) -> Claims:
        """Who works on which task; another process's after a fork."""
        return Claims(self._database, self.images, memory_of(self._where))

    @property
    def file(self) -> Path:
        """The database."""
        return self._database.file

    def record(self, generation: Generation) -> None:
        """Write what is new about a task. States go forward: `success` and `failed` stay.

        What cannot be written now is kept in this process and written with whatever comes next.
        """
        assert generation.id is not None
        memory = memory_of(self._where)
        memory.unwritten[generation.id] = generation
        if generation.ok and self._sidecars:
            memory.bare[generation.id] = generation
        self.catch_up()

    def catch_up(self) -> None:
        """Write what could not be written before, because the disk was full for example.

        A sidecar that still cannot be is a warning: the paid image is to be written down all the
        same.
        """
        memory = memory_of(self._where)
        for number, image in tuple(memory.bare.items()):
            try:
                # Of the row: the request that came out of one may lack a private prompt.
                row = self._database.read("SELECT fingerprint FROM tasks WHERE id = ?", number)
                fingerprint = str(row[0]["fingerprint"]) if row else image.request.fingerprint()
                sidecar.write(self.images, image, fingerprint)
                memory.bare.pop(number, None)
            except LedgerError as error:
                warnings.warn(str(error), SidecarWarning, stacklevel=2)
        if memory.unwritten:
            with writing(self._database, memory):
                pass  # it writes them first of all

    def find(self, fingerprint: str) -> Generation | None:
        """Return an earlier try that answers a request at no cost, or None.

        An image comes first, then a task to fetch it from, then one whose outcome is unknown.
        """
        return self.answers([fingerprint]).get(fingerprint)

    def answers(self, fingerprints: Iterable[str]) -> dict[str, Generation]:
        """Return what `find` does for many requests, in one query; one without is left out."""
        tries = self._tries(fingerprints)
        answers = ((mark, rows.best(attempts)) for mark, attempts in tries.items())
        return {mark: answer for mark, answer in answers if answer is not None}

    def get(self, name: str) -> Generation | None:
        """Return a task by its number in the ledger, or by the service's id.

        The first six or more characters of an id will do where only one id begins so.
        """
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 12 else -1
        tasks = self._all("WHERE id = ?", number) or self._all("WHERE task_id = ?", name)
        if not tasks and len(name) >= SHORTEST_ID:
            tasks = self._all("WHERE substr(task_id, 1, ?) = ?", len(name), name)
        return tasks[0] if len(tasks) == 1 else None

    def has_task(self, task_id: str, provider: str) -> bool:
        """Whether a task of this provider has this id."""
        values = (rows.storable(task_id), provider)
        query = "SELECT 1 FROM tasks WHERE task_id = ? AND provider = ? LIMIT 1"
        return bool(self._database.read(query, *values))

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

    def search(self, words: Sequence[str], limit: int) -> list[Generation]:
        """Return the newest tasks whose prompt has all of these words, newest first.

        Raises:
            InputError: there is no word to look for, or no full-text search here.
        """
        if not self.count():
            return []
        with self._database.reading() as connection:
            return self._generations(search(connection, words, limit))

    def newest(self, prompts: Iterable[str]) -> dict[str, Generation]:
        """Return the newest image that each prompt made, as it was sent or as text of a plan."""
        if not self.count():
            return {}
        with self._database.reading() as connection:
            numbers = newest(connection, frozenset(prompts))
        where = "WHERE id IN (SELECT value FROM json_each(?))"
        images = {image.id: image for image in self._all(where, json.dumps([*numbers.values()]))}
        return {prompt: images[number] for prompt, number in numbers.items()}

    def alike(self, requests: Sequence[GenerationRequest]) -> tuple[list[int], list[int]]:
        """Return the numbers of tasks that are no answer to these requests and may be meant.

        First those that differ from a request in what nobody sees, then those that were forgotten.
        """
        if not requests or not self._database.read("SELECT 1 FROM tasks LIMIT 1"):
            return [], []
        with self._database.reading() as connection:
            return alike(connection, requests), forgotten(connection, requests)

    def family(self, image: Generation) -> Family:
        """Return the images that descend from the same ones as an image of the ledger."""
        assert image.id is not None
        with self._database.reading() as connection:
            numbers = sorted(relatives(connection, image.id))
            query = f"SELECT * FROM tasks WHERE id IN ({', '.join(map(str, numbers))})"
            members = self._generations(connection.execute(query).fetchall())
        return Family(in_order(members), next((g for g in members if g.id == image.id), image))

    def changed(self, tasks: Sequence[Generation]) -> dict[int | None, Generation]:
        """Return those of these tasks that stand otherwise by now, by number. Writes nothing.

        What a run fetches is running, whatever its row says; what a process that is gone worked
        on waits to be fetched, or nobody knows of it. A row that knows less is no news.
        """
        known = {task.id: task for task in tasks}
        query = f"{JOINED} WHERE t.id IN (SELECT value FROM json_each(?))"
        claims, changes = self.claims, {}
        for row in self._database.read(query, json.dumps(list(known))):
            before, state = known[row["id"]], State(row["state"])
            if claims.is_held(row):
                state = State.RUNNING if state is State.DETACHED else state
            elif state in rows.MOVING:
                state = State.DETACHED if row["task_id"] else State.UNKNOWN
            if before.task_id and not row["task_id"]:  # the answer could not be written down
                continue
            if state is not before.state or state is State.SUCCESS:
                task = self.images.completed(rows.generation(row))
                if task.ok or state is not before.state:
                    changes[row["id"]] = replace(task, state=state)
        return changes

    def standing(self, fingerprints: Sequence[str]) -> list[Generation | None]:
        """Return for each request how it stands: its best try, or else its last one."""
        tries = self._tries(fingerprints)
        states = {mark: rows.best(attempts) or attempts[0] for mark, attempts in tries.items()}
        return [states.get(fingerprint) for fingerprint in fingerprints]

    def _tries(self, fingerprints: Iterable[str]) -> dict[str, list[Generation]]:
        """Return the tasks of each request that has any, newest first."""
        tries: dict[str, list[Generation]] = {}
        marks = json.dumps(list(fingerprints))  # as one value: SQLite limits their number
        for row in self._database.read(_OF_REQUESTS, marks):
            generation = self.images.completed(rows.generation(row))
            tries.setdefault(row["fingerprint"], []).append(generation)
        return tries

    def count(self) -> int:
        """Return how many tasks the ledger holds."""
        counts = self._database.read("SELECT count(*) FROM tasks")
        return int(counts[0][0]) if counts else 0

    def durations(self, provider: str, model: str, resolution: str | None) -> list[float]:
        """Return how many seconds the newest tasks of a model and size took."""
        durations = self._database.read(
            "SELECT seconds FROM tasks WHERE state = 'success' AND provider = ?"
            " AND json_extract(request, '$.model') = ?"
            " AND json_extract(request, '$.parameters.resolution') IS ?"
            " AND seconds > 0 ORDER BY id DESC LIMIT ?",
            *(provider, model, resolution, MOST_DURATIONS),
        )
        return [float(row[0]) for row in durations]

    def _all(self, where: str, *values: object) -> list[Generation]:
        return self._generations(self._database.read(f"SELECT * FROM tasks {where}", *values))

    def _generations(self, tasks: Sequence[sqlite3.Row]) -> list[Generation]:
        return [self.images.completed(rows.generation(row)) for row in tasks]
