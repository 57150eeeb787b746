"""Claims: who works on which task, so that what is asked for twice is paid once.

Whoever wants a request made claims it here, in one transaction: the answer is an image that is
there already, a task to fetch, an outcome that nobody knows, another claimant to wait for, or
the permission to create. Only that last one leads to a CreateTask, and right before its first
byte `leave` checks that the claim still stands. A claimant that died leaves its tasks to
whoever comes next: what the service has is fetched, what was on its way is `unknown`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial

from nanobanana_nb.errors import Charged, NotSentError
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.exposure import is_tight
from nanobanana_nb.ledger.claims.processes import this_process
from nanobanana_nb.ledger.claims.recovery import JOINED, Recovery
from nanobanana_nb.ledger.claims.transitions import writing
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.tables.spending import NO_CEILINGS, Spending
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State

_STANDS = (
    f"SELECT 1 FROM tasks WHERE id = ? AND owner = ? AND state IN ({rows.listed(rows.UNSENT)})"
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
    LATER = auto()  # it may fit under the ceilings once what is on its way has its charge
    NOTHING = auto()  # it would have to be created, and that was not allowed


@dataclass(frozen=True)
class Claim:
    """What to do about a request, and its row as it stands."""

    to: To
    generation: Generation | None = None

    @property
    def ours(self) -> Generation | None:
        """The row that the claim takes, None where it gives no right to do anything."""
        return self.generation if self.to in (To.CREATE, To.FETCH) else None


class Claims(Recovery):
    """The claims of one ledger, seen from this process: to take, to let go of, to take back."""

    def claim(self, request: GenerationRequest, terms: CreateTerms | None) -> Claim:
        """Say what to do about `request`, and take its row if there is something to do.

        Args:
            terms: None where nothing may be created.

        Raises:
            BudgetError: creating it would pass a ceiling.
        """
        return self._transact(partial(self._claim, request, terms))

    def hold(self, number: int) -> Claim:
        """Take one row to fetch its image."""
        return self._transact(partial(self._hold, number))

    def holds(self, number: int | None) -> bool:
        """Whether a run of this process works on a row."""
        return number in self._memory.held

    def leave(self, generation: Generation, now: float) -> Generation:
        """Note that the create leaves now, if the claim still stands.

        Raises:
            NotSentError: another process took the request over meanwhile.
        """
        self._move(generation, {"state": State.SENT, "sent_at": now})
        return replace(generation, state=State.SENT, sent_at=now)

    def not_taken(self, generation: Generation) -> Generation:
        """Note that the service certainly did not take the create that left."""
        self._move(generation, {"state": State.PLANNED})
        return replace(generation, state=State.PLANNED)

    def _move(self, generation: Generation, columns: dict[str, str | float]) -> None:
        assert generation.id is not None
        with self._database.write() as connection:
            if not connection.execute(_STANDS, (generation.id, this_process().id)).fetchone():
                raise NotSentError(
                    "Another process works on this request now",
                    action="Run the cell again to wait for it.",
                    charged=Charged.NO,
                )
            rows.update(connection, generation.id, columns)

    def release(self, number: int) -> None:
        """Let go of a row. Whoever asks next may take it."""
        self._memory.held.discard(number)
        self._memory.unreleased.add(number)
        self.release_left()

    def release_left(self) -> None:
        """Let go of what could not be let go of before."""
        if not self._memory.unreleased:
            return
        with writing(self._database, self._memory) as connection:
            # A row that a run of this process took again meanwhile is not let go of.
            numbers = set(self._memory.unreleased) - self._memory.held
            for number in numbers:
                connection.execute(_RELEASE, (number, this_process().id))
        self._memory.unreleased.difference_update(numbers)

    def beat(self) -> None:
        """Show other processes that this one is alive."""
        with self._database.write(durable=False) as connection:
            claimant = this_process().id
            connection.execute("UPDATE claimants SET beat = beat + 1 WHERE id = ?", (claimant,))

    def _transact(self, decide: Callable[[sqlite3.Connection], Claim]) -> Claim:
        """Decide in one transaction, and take the row that is ours by it."""
        number = None
        try:
            with writing(self._database, self._memory) as connection:
                claim = decide(connection)
                if (row := claim.ours) is not None:
                    assert row.id is not None
                    claimant = this_process()
                    connection.execute(
                        "INSERT OR IGNORE INTO claimants VALUES (?, ?, ?, ?, 0)",
                        (claimant.id, claimant.machine, claimant.pid, claimant.born),
                    )
                    rows.update(connection, row.id, {"owner": claimant.id})
                    number = row.id
                    self._memory.held.add(number)  # before others see that it is ours
        except BaseException:
            if number is not None:
                self._memory.held.discard(number)
            raise
        if number is not None:
            self._memory.unreleased.discard(number)
        return claim

    def _claim(
        self, request: GenerationRequest, terms: CreateTerms | None, connection: sqlite3.Connection
    ) -> Claim:
        tries = connection.execute(
            f"{JOINED} WHERE fingerprint = ? ORDER BY t.id DESC", (request.fingerprint(),)
        ).fetchall()
        fresh = terms is not None and terms.fresh
        best = self._best(tries) if tries and not fresh else None
        claim = Claim(To.CREATE) if best is None else self._claim_on(connection, best)
        if claim.to is not To.CREATE:
            return claim
        if terms is None:
            return Claim(To.NOTHING)
        return self._reserve(connection, claim.generation, request, terms)

    def _hold(self, number: int, connection: sqlite3.Connection) -> Claim:
        row = connection.execute(f"{JOINED} WHERE t.id = ?", (number,)).fetchone()
        claim = Claim(To.NOTHING) if row is None else self._claim_on(connection, row)
        return Claim(To.NOTHING) if claim.to is To.CREATE else claim

    def _best(self, tries: list[sqlite3.Row]) -> sqlite3.Row | None:
        """Return the best earlier try: image, open task, lost file, unknown, planned.

        A planned row that somebody is about to send comes before those that nobody has.
        """
        ranks = []
        for row in tries:
            rank = rows.rank(self._generation(row))
            if rank is not None:
                idle = rank == rows.RANK_PLANNED and not self.is_held(row)
                ranks.append((rank, idle, row))
        return min(ranks, key=lambda entry: entry[:2])[2] if ranks else None

    def _claim_on(self, connection: sqlite3.Connection, row: sqlite3.Row) -> Claim:
        task = self._generation(row)
        if task.ok or task.state is State.FAILED:
            return Claim(To.SHOW, task)
        if task.state is State.UNKNOWN:
            return Claim(To.UNKNOWN, task)
        if self.is_held(row):
            return Claim(To.WAIT, task)
        if task.state is State.SENT:
            return Claim(To.UNKNOWN, self.mark_unknown(connection, row))
        return Claim(To.CREATE if task.state is State.PLANNED else To.FETCH, task)

    def _reserve(
        self,
        connection: sqlite3.Connection,
        planned: Generation | None,
        request: GenerationRequest,
        terms: CreateTerms,
    ) -> Claim:
        """Insert a row, or use one that was planned and never sent, if the ceilings allow it."""
        if planned is not None and planned.id is not None:
            rows.update(connection, planned.id, {"reserved": None, "owner": None})
        spending = Spending(lambda sql, *values: connection.execute(sql, values).fetchall())
        price = spending.last_price(request) if terms.price is None else terms.price
        if price is not None:  # at least what the newest one like it cost
            price = max(price, spending.last_charges([request])[0] or 0.0)
        if terms.ceilings != NO_CEILINGS and self._is_tight(
            connection, spending, request, terms, price
        ):
            return Claim(To.LATER)
        columns = {
            **rows.request_columns(request),
            "reserved": price,
            "notebook": rows.storable(terms.notebook),
            "created_at": terms.now,
        }
        if planned is None or planned.id is None:
            number = rows.insert(connection, {**columns, "state": State.PLANNED})
            planned = Generation(request, State.PLANNED, id=number)
        else:
            rows.update(connection, planned.id, columns)
        return Claim(To.CREATE, replace(planned, request=request, created_at=terms.now))

    def _is_tight(
        self,
        connection: sqlite3.Connection,
        spending: Spending,
        request: GenerationRequest,
        terms: CreateTerms,
        price: float | None,
    ) -> bool:
        """Whether others have to end first; what the dead left behind is followed by nobody.

        Raises:
            BudgetError: it would pass a ceiling.
        """
        spender = (request.provider, rows.storable(terms.notebook), terms.now)
        spending.check(terms.ceilings, price, *spender)
        while is_tight(spending, spending.limits(terms.ceilings, *spender), request, price or 0.0):
            if not self.take_back(connection):
                return True
        return False

    def _generation(self, row: sqlite3.Row) -> Generation:
        return self._images.completed(rows.generation(row))
