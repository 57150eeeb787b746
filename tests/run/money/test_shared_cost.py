"""An image that another run pays for counts 0 here, however it gets here."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError
from contextlib import suppress

import pytest

from nanobanana_nb.errors import LedgerError, StillRunningError
from nanobanana_nb.ledger.claims import processes
from nanobanana_nb.ledger.claims.claims import Claims, To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.pending_writes import memory_of
from nanobanana_nb.model.result import WAITS_HERE, State
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession, settle, until
from tests.run.conftest import plan, rows
from tests.service import Service

LONG = 100_000.0


def _same_images(first: Session, second: Session, slow: Service) -> tuple[Job, Job]:
    """Let one session create three images, and the other want the same meanwhile."""
    paying = first.submit(plan(repeats=3))
    until(lambda: len(slow.creates()) == 3)
    waiting = second.submit(plan(repeats=3))
    until(lambda: all(one.state.is_open for one in waiting.generations))
    return paying, waiting


def test_waited_for_counts_nothing_here(slow: Service, open_session: OpenSession) -> None:
    """Two runs want the same three images: one pays 12, the other waits and pays 0."""
    first, second = open_session(slow), open_session(slow)
    paying, waiting = _same_images(first, second, slow)
    assert waiting.grid.credits == 0
    until(lambda: {one.notes for one in waiting.generations} == {(WAITS_HERE,)})
    assert not any(one.notes for one in paying.generations)
    slow.advance(LONG)
    paid, here = paying.result(), waiting.result()
    assert (paid.credits, {one.cached for one in paid}) == (12, {False})
    assert (here.credits, {one.cached for one in here}) == (0, {True})
    assert {one.notes for one in here} == {("Another run paid for it: 0 credits here.",)}
    assert len(slow.creates()) == 3
    assert sum(row.credits or 0 for row in rows(first)) == 12


@pytest.mark.long
def test_taken_over_counts_nothing_here(slow: Service, open_session: OpenSession) -> None:
    """A run that is given up has paid; the one that waited fetches its images for nothing."""
    first, second = open_session(slow), open_session(slow)
    paying, waiting = _same_images(first, second, slow)
    paying.cancel()
    slow.advance(LONG)
    here = waiting.result()
    assert [(one.ok, one.credits, one.cached) for one in here] == [(True, 0.0, True)] * 3
    assert sum(row.credits or 0 for row in rows(first)) == 12
    assert len(slow.creates()) == 3


def test_waiting_in_vain_counts_nothing_here(slow: Service, open_session: OpenSession) -> None:
    """A run that gives up waiting for another says nothing of that one's credits."""
    first, second = open_session(slow), open_session(slow, wait_s=0.3)
    paying = first.submit(plan())
    until(lambda: len(slow.creates()) == 1)
    job = second.submit(plan())
    with pytest.raises(StillRunningError):
        job.result()
    assert job.grid.credits == 0
    slow.advance(LONG)
    assert paying.result().credits == 4


def test_a_run_that_stops_waiting_leaves_the_claim(
    slow: Service, open_session: OpenSession
) -> None:
    """A row that another run of this process works on is not let go of by one that waited."""
    session = open_session(slow)
    paying = session.submit(plan())
    until(lambda: len(slow.creates()) == 1)
    waiting = session.submit(plan())
    until(lambda: waiting.generations[0].state.is_open)
    waiting.cancel()
    with suppress(CancelledError, asyncio.CancelledError):
        waiting.result()
    until(lambda: not waiting._state.moves)
    assert WAITS_HERE not in waiting.generations[0].notes, "nobody waits any more"
    claim = session.ledger.claims.claim(plan().cells[0].request, CreateTerms(now=1.0))
    assert claim.to is To.WAIT
    slow.advance(LONG)
    assert paying.result().one.ok


def test_claim_that_could_not_be_let_go_of_is_let_go_of_later(
    slow: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a run goes on, its heart also lets go of rows for which the disk was full before."""
    monkeypatch.setattr(processes, "BEAT_S", 0.05)
    session = open_session(slow)
    session.submit(plan("another"))
    until(lambda: len(slow.creates()) == 1)
    real, fail = Claims.release_left, [True]

    def full_disk(claims: Claims) -> None:
        if fail:
            raise LedgerError("The ledger cannot be used", why="database or disk is full")
        real(claims)

    monkeypatch.setattr(Claims, "release_left", full_disk)
    given_up = session.submit(plan())
    until(lambda: len(slow.creates()) == 2)
    until(lambda: given_up.generations[0].task_id)
    given_up.cancel()
    number = given_up.generations[0].id
    until(lambda: session.ledger.get(str(number)).state is State.DETACHED)  # type: ignore[union-attr]
    memory = memory_of(session.ledger.home)
    until(lambda: number in memory.unreleased)
    fail.clear()
    until(lambda: number not in memory.unreleased)
    slow.advance(LONG)
    settle()
