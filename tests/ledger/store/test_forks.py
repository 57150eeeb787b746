"""A fork beside threads that work in the ledger: its child can work there at once."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import forks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def _child_writes(ledger: Ledger) -> bool:
    """Fork, and say whether the child wrote into the ledger before an alarm ended it."""
    child = os.fork()
    if not child:
        signal.alarm(10)
        with ledger._database.write():
            os._exit(0)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_child_does_not_wait_for_a_thread_of_its_parent(ledger: Ledger) -> None:
    """The fork waits for the thread that writes; the child, the thread and the parent go on."""
    writing = threading.Event()

    def write() -> None:
        with ledger._database.write():
            writing.set()
            time.sleep(0.3)

    thread = threading.Thread(target=write)
    thread.start()
    assert writing.wait(10)
    assert _child_writes(ledger)
    thread.join()
    with ledger._database.write():
        pass


def test_thread_that_forks_amid_its_own_work_goes_on(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fork that would wait for its own thread waits a moment, and not for ever."""
    monkeypatch.setattr(forks, "PATIENCE_S", 0.1)
    with ledger._database.reading():
        child = os.fork()
        if not child:
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    assert _child_writes(ledger)
