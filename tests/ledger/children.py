"""Real processes beside the test: they claim, write, wait to be told, and are killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HEAD = """
import os, sys, time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from nanobanana_nb.errors import BudgetError, LedgerError, NotSentError
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Ceilings
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import State

home, args = Path(sys.argv[1]), sys.argv[2:]
ledger = Ledger(home)
claims = ledger.claims

def asked(prompt):
    return GenerationRequest("crun", "m", prompt)

def say(*words):
    print(*words, flush=True)

def hear():
    return sys.stdin.readline().strip()

"""


class Child:
    """One process: `hear` a line of its, `tell` it one, `kill` it, or wait for its `end`."""

    def __init__(self, script: str, *args: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HEAD + script, *map(str, args)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def hear(self) -> str:
        """Return its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def tell(self, line: str = "") -> None:
        """Give it a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """End it at once, as the out-of-memory killer does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def end(self) -> list[str]:
        """Return what it still says until its end; it must not complain."""
        said, complaint = self.process.communicate(timeout=120)
        assert (self.process.returncode, complaint) == (0, ""), complaint
        return said.splitlines()


@contextmanager
def child(script: str, *args: object) -> Iterator[Child]:
    """Run a script in a process that does not outlive the block."""
    one = Child(script, *args)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.communicate()


def at_once(script: str, count: int, *args: object) -> list[list[str]]:
    """Run a script in several processes that start together; what each of them says."""
    script = "say('ready'); hear()\n" + script
    with ExitStack() as stack:
        all_of_them = [stack.enter_context(child(script, *args, n)) for n in range(count)]
        assert [one.hear() for one in all_of_them] == ["ready"] * count
        for one in all_of_them:
            one.tell()
        return [one.end() for one in all_of_them]
