"""Interrupts reach who waits, also when other code swallows them."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from nanobanana_nb.run.loop import interrupts
from tests.fixtures import OpenSession, until
from tests.run.conftest import plan
from tests.service import Service


def _press() -> None:
    """Interrupt this process as the stop button does, and swallow what comes of it."""
    try:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass
    except KeyboardInterrupt:
        pass


def test_swallowed_interrupt_is_raised_again() -> None:
    """A KeyboardInterrupt that a bare except took is raised by the next look, once."""
    before = signal.getsignal(signal.SIGINT)
    with interrupts.watch_interrupts() as watch:
        watch.raise_lost()
        _press()
        with pytest.raises(KeyboardInterrupt):
            watch.raise_lost()
        watch.raise_lost()
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_leave_signals_alone() -> None:
    """Outside the main thread nothing is installed and nothing fails."""
    before, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with interrupts.watch_interrupts():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


def test_job_is_cancelled_by_an_interrupt_that_was_swallowed(
    slow: Service, open_session: OpenSession
) -> None:
    """The wait ends although whoever drew swallowed the interrupt."""
    job = open_session(slow).submit(plan())
    with pytest.raises(KeyboardInterrupt):
        job.follow(_press)
    until(job.done)
