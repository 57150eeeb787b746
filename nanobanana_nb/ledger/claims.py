"""Claims: who works on which task, so that what is asked for twice is paid once.

Whoever wants a request made claims it here, in one transaction: the answer is an image that is
there already, a task to fetch, an outcome that nobody knows, another claimant to wait for, or
the permission to create. Only that last one leads to a CreateTask, and right before its first
byte `leave` checks that the claim still stands. A claimant that died leaves its tasks to
whoever comes next: what the service has is fetched, what was on its way is `unknown`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum, auto

from nanobanana_nb.errors import Charged, NotSentError, OutcomeUnknownError
from nanobanana_nb.ledger import rows
from nanobanana_nb.ledger.claimant import Claimant, this_process
from nanobanana_nb.ledger.database import Database
from nanobanana_nb.ledger.images import Images
from nanobanana_nb.ledger.memory import Memory
from nanobanana_nb.ledger.spending import Ceilings, Spending
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State

_JOINED = (
    "SELECT t.*, c.machine, c.pid, c.born, c.beat FROM tasks t"
    " LEFT JOIN claimants c ON c.id = t.owner"
)


_RELEASE = (
    "UPDATE tasks SET owner = NULL,"
    " reserved = CASE state WHEN 'planned' THEN NULL ELSE reserved END"
    " WHERE id = ? AND owner = ?"
)


class To(Enum):
    """What a claim gives the right to do, or says."""

    CREATE = auto()  # send it: the row is ours
    FETCH = auto()  # the service has it: the row is ours
    SHOW = auto()  # the image is here
    UNKNOWN = auto()  # an earlier try was sent and never answered: the person decides
    WAIT = auto()  # another run works on it
    NOTHING = auto()  # it would have to be created, and that was not allowed


@dataclass(frozen=True)
class Claim:
    """What to do about a request, and its row as it stands."""

    to: To
    generation: Generation | None = None


@dataclass(frozen=True, kw_only=True)
class Order:
    """On what terms a request may be created. `price` is in credits, None if nobody told."""

    now: float
    price: float | None = None
    notebook: str | None = None
    ceilings: Ceilings = field(default_factory=Ceilings)
    fresh: bool = False


class Claims:
    """The claims of one ledger, seen from this process."""

    def __init__(self, database: Database, images: Images, memory: Memory) -> None:
        self._database = database
        self._images = images
        self._memory = memory

    def claim(self, request: GenerationRequest, order: Order | None) -> Claim:
        """Say what to do about `request`, and take its row if there is something to do.

        Args:
            order: None where nothing may be created.

        Raises:
            BudgetError: creating it would pass a ceiling.
        """
        fingerprint = request.fingerprint()
        with self._database.write() as connection:
            found = connection.execute(
                f"{_JOINED} WHERE fingerprint = ? ORDER BY t.id DESC", (fingerprint,)
            ).fetchall()
            fresh = order is not None and order.fresh
            best = None if fresh else self._best(found)
            if best is None:
                return self._new(connection, request, order)
            claim = self._judged(connection, best)
            if claim.to is not To.CREATE:
                return claim
            return self._again(connection, claim, request, order)

    def hold(self, number: int) -> Claim:
        """Take one row to fetch its image."""
        with self._database.write() as connection:
            row = connection.execute(f"{_JOINED} WHERE t.id = ?", (number,)).fetchone()
            return self._judged(connection, row)

    def leave(self, generation: Generation, now: float) -> Generation:
        """Note that the create leaves now, if the claim still stands.

        Raises:
            NotSentError: another process took the request over meanwhile.
        """
        self._move(generation, State.SENT, "sent_at = ?, ", now)
        return replace(generation, state=State.SENT, sent_at=now)

    def not_taken(self, generation: Generation) -> Generation:
        """Note that the service certainly did not take the create that left."""
        self._move(generation, State.PLANNED, "")
        return replace(generation, state=State.PLANNED)

    def _move(self, generation: Generation, state: State, also: str, *values: float) -> None:
        with self._database.write() as connection:
            done = connection.execute(
                f"UPDATE tasks SET {also}state = ? WHERE id = ? AND owner = ?"
                f" AND state IN ({rows.listed(rows.UNSENT)})",
                (*values, state, generation.id, this_process().id),
            )
        if done.rowcount != 1:
            raise NotSentError(
                "Another process works on this request now",
                action="Run the cell again to wait for it.",
                charged=Charged.NO,
            )

    def release(self, number: int) -> None:
        """Let go of a row. Whoever asks next may take it."""
        self._memory.held.discard(number)
        self._memory.unreleased.add(number)
        self.release_left()

    def release_left(self) -> None:
        """Let go of what could not be let go of before."""
        numbers = tuple(self._memory.unreleased)
        if not numbers:
            return
        with self._database.write() as connection:
            for number in numbers:
                connection.execute(_RELEASE, (number, this_process().id))
        self._memory.unreleased.difference_update(numbers)

    def beat(self) -> None:
        """Show other processes that this one is alive."""
        with self._database.write(durable=False) as connection:
            mine = this_process().id
            connection.execute("UPDATE claimants SET beat = beat + 1 WHERE id = ?", (mine,))

    def recover(self) -> None:
        """Take what claimants left behind that are gone: `detached`, `unknown`, or not sent."""
        held = f"{_JOINED} WHERE t.state IN ({rows.listed(rows.HELD)})"
        if not any(self._left_behind(row) for row in self._database.read(held)):
            return
        with self._database.write() as connection:
            for row in connection.execute(held).fetchall():
                if self._left_behind(row):
                    self._abandon(connection, row)
            living = {row["owner"] for row in connection.execute(held)}
        self._images.forget_parts_but_of(living | {this_process().id})

    def _left_behind(self, row: sqlite3.Row) -> bool:
        planned = row["state"] == State.PLANNED and row["owner"] is None
        return not planned and not self._is_held(row)

    def _abandon(self, connection: sqlite3.Connection, row: sqlite3.Row) -> None:
        if row["state"] == State.SENT:
            self._mark_unknown(connection, row)
            return
        what = "reserved = NULL" if row["state"] == State.PLANNED else "state = 'detached'"
        connection.execute(f"UPDATE tasks SET {what}, owner = NULL WHERE id = ?", (row["id"],))

    def _best(self, found: list[sqlite3.Row]) -> sqlite3.Row | None:
        """Return the best earlier try: image, open task, lost file, unknown, planned."""
        ones = [(rows.rank(self._generation(row)), row) for row in found]
        ranked = [(rank, row) for rank, row in ones if rank is not None]
        return min(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def _judged(self, connection: sqlite3.Connection, row: sqlite3.Row) -> Claim:
        one = self._generation(row)
        if one.ok or one.state is State.FAILED:
            return Claim(To.SHOW, one)
        if one.state is State.UNKNOWN:
            return Claim(To.UNKNOWN, one)
        if self._is_held(row):
            return Claim(To.WAIT, one)
        if one.state is State.SENT:
            return Claim(To.UNKNOWN, self._mark_unknown(connection, row))
        if one.state is State.PLANNED:
            return Claim(To.CREATE, one)
        self._take(connection, row["id"])
        return Claim(To.FETCH, one)

    def _is_held(self, row: sqlite3.Row) -> bool:
        """Whether some run that lives works on this row."""
        if row["owner"] is None or row["machine"] is None:
            return False
        if row["owner"] == this_process().id:
            return row["id"] in self._memory.held
        claimant = Claimant(row["owner"], row["machine"], row["pid"], row["born"])
        return not self._memory.liveness.is_gone(claimant, row["beat"])

    def _new(
        self, connection: sqlite3.Connection, request: GenerationRequest, order: Order | None
    ) -> Claim:
        if order is None:
            return Claim(To.NOTHING)
        terms = self._terms(connection, request, order)
        number = rows.insert(
            connection,
            {**rows.request_columns(request), "state": State.PLANNED, **terms},
        )
        self._take(connection, number)
        planned = Generation(request, State.PLANNED, id=number, created_at=order.now)
        return Claim(To.CREATE, planned)

    def _again(
        self,
        connection: sqlite3.Connection,
        claim: Claim,
        request: GenerationRequest,
        order: Order | None,
    ) -> Claim:
        """Take a row that was planned and never sent."""
        if order is None or claim.generation is None or claim.generation.id is None:
            return Claim(To.NOTHING)
        number = claim.generation.id
        connection.execute("UPDATE tasks SET reserved = NULL WHERE id = ?", (number,))
        terms = self._terms(connection, request, order)
        assignments = ", ".join(f"{name} = ?" for name in terms)
        connection.execute(
            f"UPDATE tasks SET {assignments} WHERE id = ?", (*terms.values(), number)
        )
        self._take(connection, number)
        return Claim(To.CREATE, replace(claim.generation, request=request, created_at=order.now))

    def _terms(
        self, connection: sqlite3.Connection, request: GenerationRequest, order: Order
    ) -> dict[str, float | str | None]:
        """Return what is set aside for a create, if the ceilings allow it."""
        spending = Spending(lambda sql, *values: connection.execute(sql, values).fetchall())
        price = spending.last_price(request) if order.price is None else order.price
        spending.check(order.ceilings, price, request.provider, order.notebook, order.now)
        return {"reserved": price, "notebook": order.notebook, "created_at": order.now}

    def _take(self, connection: sqlite3.Connection, number: int) -> None:
        me = this_process()
        connection.execute(
            "INSERT OR IGNORE INTO claimants VALUES (?, ?, ?, ?, 0)",
            (me.id, me.machine, me.pid, me.born),
        )
        connection.execute("UPDATE tasks SET owner = ? WHERE id = ?", (me.id, number))
        self._memory.held.add(number)
        self._memory.unreleased.discard(number)

    def _mark_unknown(self, connection: sqlite3.Connection, row: sqlite3.Row) -> Generation:
        sent = datetime.fromtimestamp(row["sent_at"] or row["created_at"], UTC)
        error = OutcomeUnknownError(
            "The process ended while the request was on its way",
            why=f"sent {sent:%Y-%m-%d %H:%M:%S} UTC",
            charged=Charged.UNKNOWN,
        ).with_number(row["id"])
        found = replace(self._generation(row), state=State.UNKNOWN, error=error)
        columns = {**rows.changing_columns(found), "owner": None}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        connection.execute(
            f"UPDATE tasks SET {assignments} WHERE id = ?", (*columns.values(), found.id)
        )
        return found

    def _generation(self, row: sqlite3.Row) -> Generation:
        return self._images.completed(rows.generation(row))
