"""A ledger in the hands of two claimants, at random, against a model of what it must say."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nanobanana_nb.errors import BudgetError, Charged, LedgerError
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.model.result import State
from tests.ledger.claimant import Hands
from tests.ledger.model import LEVEL, OPEN, Change, Model, Row

slots = st.sampled_from([0, 1])
prompts = st.sampled_from(["a heron", "a crane"])
prices = st.sampled_from([1.0, 2.0, 5.0])
full_disk = st.sampled_from([False, False, False, True])
picks = st.integers(0, 1000)


class LedgerMachine(RuleBasedStateMachine):
    """Two claimants ask, send, lose, finish, crash and run out of disk on one ledger."""

    @initialize()
    def start(self) -> None:
        """Begin with an empty folder and two processes."""
        self.folder = tempfile.TemporaryDirectory()
        self.hands = [Hands(Path(self.folder.name) / "home") for _ in range(2)]
        self.model = Model()
        self.seen: dict[int, tuple[State, str | None]] = {}

    def teardown(self) -> None:
        """End the processes and delete the folder."""
        for one in getattr(self, "hands", []):
            one.kill()
        if folder := getattr(self, "folder", None):
            folder.cleanup()

    @rule(who=slots, prompt=prompts, price=prices, fresh=st.booleans(), full=full_disk)
    def ask(self, who: int, prompt: str, price: float, fresh: bool, full: bool) -> None:
        """Ask for an image: what the claim says is what the model says."""
        if full:
            with suppress(LedgerError):
                self.hands[who].claim(prompt, price, fresh, full=True)
                raise AssertionError("a claim that is not on disk was granted")
            return
        expected = self.model.claim(who, prompt, price, fresh)
        try:
            said = self.hands[who].claim(prompt, price, fresh)
        except BudgetError:
            assert expected is None
            return
        assert expected is not None
        if said.to is To.LATER:
            assert expected[0] is To.LATER
            return
        assert said.generation is not None
        assert said.generation.id is not None
        assert (said.to, said.generation.id) == expected
        if said.to is To.CREATE:
            self._grant(said.generation.id, prompt, fresh)

    @precondition(lambda self: self.model.in_hand(State.PLANNED))
    @rule(pick=picks, full=full_disk)
    def leave(self, pick: int, full: bool) -> None:
        """Send what is planned; on a full disk it does not leave."""
        row = self._one(pick, State.PLANNED)
        if full:
            with suppress(LedgerError):
                self.hands[self._hand_of(row)].leave(row.number, full=True)
                raise AssertionError("left without a note on disk")
            return
        self.hands[self._hand_of(row)].leave(row.number)
        row.state, row.truth = State.SENT, "sent"

    @precondition(lambda self: self.model.in_hand(State.SENT))
    @rule(pick=picks)
    def not_taken(self, pick: int) -> None:
        """The service says that it took nothing: planned again."""
        row = self._one(pick, State.SENT)
        self.hands[self._hand_of(row)].not_taken(row.number)
        row.state, row.truth = State.PLANNED, "nothing"

    @precondition(lambda self: self.model.in_hand(State.SENT))
    @rule(pick=picks, full=full_disk)
    def accept(self, pick: int, full: bool) -> None:
        """The service gives an id."""
        row = self._one(pick, State.SENT)
        self._record(row, Change(State.PENDING, task_id=f"t{row.number}"), full)

    @precondition(lambda self: self.model.in_hand(State.SENT))
    @rule(pick=picks, full=full_disk)
    def lose_answer(self, pick: int, full: bool) -> None:
        """The connection breaks before the answer."""
        row = self._one(pick, State.SENT)
        self._finish(row, Change(State.UNKNOWN, charged=Charged.UNKNOWN), full)

    @precondition(lambda self: self.model.in_hand(State.SENT))
    @rule(pick=picks, full=full_disk)
    def refuse(self, pick: int, full: bool) -> None:
        """The service says no and takes nothing."""
        row = self._one(pick, State.SENT)
        self._finish(row, Change(State.FAILED, charged=Charged.NO), full)

    @precondition(lambda self: self.model.in_hand(*OPEN))
    @rule(pick=picks, full=full_disk, to=st.sampled_from([State.RUNNING, State.DETACHED]))
    def go_on(self, pick: int, full: bool, to: State) -> None:
        """It runs, or nobody waits for it any more."""
        row = self._one(pick, *OPEN)
        change = Change(to, task_id=f"t{row.number}")
        (self._finish if to is State.DETACHED else self._record)(row, change, full)

    @precondition(lambda self: self.model.in_hand(*OPEN, State.SUCCESS))
    @rule(pick=picks, full=full_disk, credits=st.sampled_from([None, 1.0, 3.0]))
    def succeed(self, pick: int, full: bool, credits: float | None) -> None:
        """The image comes."""
        row = self._one(pick, *OPEN, State.SUCCESS)
        change = Change(State.SUCCESS, task_id=f"t{row.number}", credits=credits)
        self._finish(row, change, full)

    @precondition(lambda self: self.model.in_hand(*OPEN))
    @rule(pick=picks, full=full_disk, charged=st.sampled_from(list(Charged)))
    def fail(self, pick: int, full: bool, charged: Charged) -> None:
        """The service fails at it."""
        row = self._one(pick, *OPEN)
        self._finish(row, Change(State.FAILED, task_id=f"t{row.number}", charged=charged), full)

    @precondition(lambda self: self.model.in_hand())
    @rule(pick=picks, full=full_disk)
    def release(self, pick: int, full: bool) -> None:
        """A run ends and lets go of its row."""
        rows = self.model.in_hand()
        self._release(rows[pick % len(rows)], full)

    @precondition(lambda self: self.model.of_state(State.UNKNOWN))
    @rule(pick=picks, who=slots)
    def forget(self, pick: int, who: int) -> None:
        """The person decides that a lost request is to be asked for anew."""
        rows = self.model.of_state(State.UNKNOWN)
        row = rows[pick % len(rows)]
        self.hands[who].forget(row.number)
        self.model.flush(who)
        self.model.apply(row, Change(State.FAILED))
        row.truth = "over"

    @precondition(lambda self: self.model.of_state(State.SUCCESS))
    @rule(pick=picks)
    def lose_file(self, pick: int) -> None:
        """Somebody deletes an original."""
        rows = [row for row in self.model.of_state(State.SUCCESS) if row.image]
        assume(rows)
        row = rows[pick % len(rows)]
        self.hands[0].unlink(row.number)
        row.image = False

    @rule(who=slots)
    def crash(self, who: int) -> None:
        """A process is killed, and another one opens the ledger in its place."""
        home = self.hands[who].home
        self.hands[who].kill()
        self.hands[who] = Hands(home)
        self.model.crash(who)

    @rule(who=slots)
    def recover(self, who: int) -> None:
        """A process takes back what the dead left."""
        self.hands[who].recover()
        self.model.recover(who)

    @invariant()
    def file_says_what_the_model_says(self) -> None:
        """Every row, every owner and the sum; states forward only, a final one and an id once."""
        if not hasattr(self, "model"):
            return
        names = {hand.name: who for who, hand in enumerate(self.hands)}
        found = self.hands[0].table(names)
        assert found == {row.number: row.columns() for row in self.model.rows.values()}
        assert self.hands[0].spent() == self.model.spent()
        for number, (state, task_id, *_) in found.items():
            before, id_before = self.seen.get(number, (state, task_id))
            assert _level(state) >= _level(before)
            assert state is before or _level(before) < 2, "final once"
            assert task_id == id_before or id_before is None, "an accepted id stays"
            self.seen[number] = state, task_id

    def _grant(self, number: int, prompt: str, fresh: bool) -> None:
        """Check what matters most by what the service knows: nothing is created twice."""
        others = [row for row in self.model.rows.values() if row.number != number]
        if not fresh:
            for row in others:
                paid = row.truth in ("sent", "accepted")
                assert not (row.prompt == prompt and (paid or row.who is not None)), row

    def _hand_of(self, row: Row) -> int:
        assert row.who is not None
        return row.who

    def _one(self, pick: int, *states: State) -> Row:
        rows = self.model.in_hand(*states)
        return rows[pick % len(rows)]

    def _finish(self, row: Row, change: Change, full: bool) -> None:
        self._record(row, change, full)
        self._release(row, full)

    def _record(self, row: Row, change: Change, full: bool) -> None:
        who = self._hand_of(row)
        row.truth = "over" if change.state is State.FAILED else "accepted"
        self.model.unwritten[who][row.number] = change
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.hands[who].record(row.number, change, full=full)
        except LedgerError:
            assert full
            return
        assert not full
        self.model.flush(who)

    def _release(self, row: Row, full: bool) -> None:
        who = self._hand_of(row)
        row.who = None
        self.model.unreleased[who].add(row.number)
        try:
            self.hands[who].release(row.number, full=full)
        except LedgerError:
            assert full
            return
        assert not full
        self.model.flush(who)
        self.model.release_left(who)


def _level(state: State) -> int:
    return next(level for level, states in enumerate(LEVEL) if state in states)


LedgerMachine.TestCase.settings = settings(
    max_examples=50,  # the long form takes 600, and longer ones
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLedgerAgainstModel = pytest.mark.long(LedgerMachine.TestCase)
