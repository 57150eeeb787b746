"""What a ledger must say, in plain Python: rows, who holds them, and the money."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from nanobanana_nb.errors import Charged
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.model.credits import margin, unproven
from nanobanana_nb.model.result import State

CEILING = 40.0
OPEN = (State.PENDING, State.RUNNING, State.DETACHED)
LEVEL = ((State.PLANNED, State.SENT), (*OPEN, State.UNKNOWN), (State.SUCCESS, State.FAILED))
GONE = "gone"  # the owner of what a dead process left


@dataclass(frozen=True)
class Change:
    """What a run learns about its task."""

    state: State
    task_id: str | None = None
    credits: float | None = None
    charged: Charged | None = None


@dataclass
class Row:
    """One task: `owner` as the file has it, `who` works on it, `truth` what the service knows."""

    number: int
    prompt: str
    reserved: float | None
    state: State = State.PLANNED
    owner: int | str | None = None
    who: int | None = None
    task_id: str | None = None
    credits: float | None = None
    image: bool = False
    truth: str = "nothing"

    @property
    def cost(self) -> float:
        """What it counts in the sums."""
        known = (self.credits, self.reserved, 0.0)
        return next(value for value in known if value is not None)

    def columns(self) -> tuple[Any, ...]:
        """Return what the file must say."""
        return self.state, self.task_id, self.owner, self.reserved, self.credits


@dataclass
class Model:
    """The rows, and what each of two processes could not write yet."""

    rows: dict[int, Row] = field(default_factory=dict)
    unwritten: list[dict[int, Change]] = field(default_factory=lambda: [{}, {}])
    unreleased: list[set[int]] = field(default_factory=lambda: [set(), set()])

    def spent(self) -> float:
        """Return the sum of all."""
        return sum(row.cost for row in self.rows.values())

    def of_state(self, *states: State) -> list[Row]:
        """Return the rows in one of these states."""
        return [row for row in self.rows.values() if row.state in states]

    def in_hand(self, *states: State) -> list[Row]:
        """Return the rows that a run works on and of which all is written."""
        found = [row for row in self.of_state(*(states or State)) if row.who is not None]
        return [row for row in found if row.number not in self.unwritten[row.who or 0]]

    def claim(self, who: int, prompt: str, price: float, fresh: bool) -> tuple[To, int] | None:
        """Return what a claim must say and take the row; None where a ceiling forbids it."""
        before = copy.deepcopy((self.rows, self.unwritten))
        self.flush(who)
        row = None if fresh else self._best(who, prompt)
        said = To.CREATE if row is None else self._judged(who, row)
        if said is To.CREATE:
            if row is not None:
                row.reserved = row.owner = None
            price = max(price, self.charge() or 0.0)
            if self.spent() + price > CEILING:
                self.rows, self.unwritten = before
                return None
            tight = self._is_tight(price)
            if tight and self._take_back(who):
                tight = self._is_tight(price)
            if tight is None:
                self.rows, self.unwritten = before
                return None
            if tight:
                return To.LATER, 0
            row = row or Row(len(self.rows) + 1, prompt, price)
            row.reserved = price
            self.rows[row.number] = row
        assert row is not None
        if said in (To.CREATE, To.FETCH):
            row.owner = row.who = who
            self.unreleased[who].discard(row.number)
        return said, row.number

    def charge(self) -> float | None:
        """Return what the newest image cost."""
        return next((row.credits for row in reversed(self.of_state(State.SUCCESS))), None)

    def _is_tight(self, price: float) -> bool | None:
        """Whether it must wait for what is on its way; None where nobody follows that."""
        open_ = self.of_state(State.PLANNED, State.SENT, State.UNKNOWN, *OPEN)
        followed = [row.cost for row in open_ if row.owner is not None]
        left = [r.cost for r in open_ if r.owner is None and r.state is not State.PLANNED]
        times = margin(len(followed) + len(left) + 1)
        risk = self._risk([price], bool(followed), times)
        risk += self._risk(followed, True, times) - sum(followed)
        risk += self._risk(left, False, times) - sum(left)
        if risk <= CEILING - self.spent():
            return False
        return True if followed else None

    def _risk(self, costs: list[float], followed: bool, times: float) -> float:
        """What these may cost, each as the dearest of them."""
        charge, dearest = self.charge(), max(costs, default=0.0)
        if charge is None and followed:
            return len(costs) * unproven(dearest)
        return len(costs) * max(dearest, charge or 0.0) * times

    def _best(self, who: int, prompt: str) -> Row | None:
        found = [row for row in self.rows.values() if row.prompt == prompt and _rank(row) < 5]
        return min(found, key=lambda row: self._order(who, row), default=None)

    def _order(self, who: int, row: Row) -> tuple[int, bool, int]:
        """The best first, of planned rows one that is about to be sent, then the newest."""
        free = row.state is State.PLANNED and not self._is_held(who, row)
        return _rank(row), free, -row.number

    def _judged(self, who: int, row: Row) -> To:
        if row.state is State.SUCCESS and row.image:
            return To.SHOW
        if row.state is State.UNKNOWN:
            return To.UNKNOWN
        if self._is_held(who, row):
            return To.WAIT
        if row.state is State.SENT:
            row.state, row.owner = State.UNKNOWN, None
            return To.UNKNOWN
        return To.CREATE if row.state is State.PLANNED else To.FETCH

    def _is_held(self, asker: int, row: Row) -> bool:
        """Whether somebody works on it; of the other process only the owner is seen."""
        if row.owner in (None, GONE):
            return False
        return row.who == asker if row.owner == asker else True

    def flush(self, who: int) -> None:
        """Write what one process could not write before."""
        for number, change in self.unwritten[who].items():
            self.apply(self.rows[number], change)
        self.unwritten[who].clear()

    def apply(self, row: Row, change: Change) -> None:
        """Write one change, which its row allows: nobody else can have had it meanwhile."""
        row.state = change.state
        row.task_id = row.task_id or change.task_id
        row.credits = row.credits if change.credits is None else change.credits
        row.image = row.image or change.state is State.SUCCESS
        if change.state not in (State.PENDING, State.RUNNING) or row.who is None:
            row.owner = None
        if change.state is State.FAILED and change.charged is Charged.NO:
            row.reserved = 0.0

    def release_left(self, who: int) -> None:
        """Let go of all that one process wants to let go of."""
        for number in self.unreleased[who]:
            row = self.rows[number]
            if row.owner == who:
                row.owner = None
                row.reserved = None if row.state is State.PLANNED else row.reserved
        self.unreleased[who].clear()

    def crash(self, who: int) -> None:
        """One process ends, and with it what it alone knew."""
        self.unwritten[who].clear()
        self.unreleased[who].clear()
        for row in self.rows.values():
            row.owner = GONE if row.owner == who else row.owner
            row.who = None if row.who == who else row.who

    def recover(self, who: int) -> None:
        """One process takes back what is left behind."""
        if any(self._left_behind(who, row) for row in self.rows.values()):
            self.flush(who)
        self._take_back(who)

    def _take_back(self, who: int) -> bool:
        """Take back what is left behind, and say whether there was any."""
        left = [row for row in self.rows.values() if self._left_behind(who, row)]
        for row in left:
            row.owner = None
            row.reserved = None if row.state is State.PLANNED else row.reserved
            after = {State.SENT: State.UNKNOWN, **dict.fromkeys(OPEN, State.DETACHED)}
            row.state = after.get(row.state, row.state)
        return bool(left)

    def _left_behind(self, who: int, row: Row) -> bool:
        worked_on = row.state in (State.SENT, State.PENDING, State.RUNNING)
        return (worked_on or row.owner is not None) and not self._is_held(who, row)


def _rank(row: Row) -> int:
    fits = (
        row.state is State.SUCCESS and row.image,
        row.state in OPEN,
        row.state is State.SUCCESS,
        row.state in (State.UNKNOWN, State.SENT),
        row.state is State.PLANNED,
        True,
    )
    return fits.index(True)
