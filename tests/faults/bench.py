"""One session behind the proxy, and what must be true of it whatever went wrong."""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.callback import CallbackReceiver
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import ApiKey
from nanobanana_nb.show.grid import ImageGrid
from tests.faults.limits import MOST_BYTES, bounded_memory, short_steps
from tests.faults.proxy import Proxy
from tests.fixtures import settle, until
from tests.run.conftest import plan
from tests.service import KEY, Service
from tests.show.forms import grid_html

SIGNED = re.compile(r"signature=[0-9a-f]{8}")
_FORWARD = {
    State.PLANNED: {State.SENT, State.FAILED},
    State.SENT: {State.PLANNED, State.PENDING, State.UNKNOWN, State.FAILED},
    State.PENDING: {State.RUNNING, State.DETACHED, State.SUCCESS, State.FAILED},
    State.RUNNING: {State.DETACHED, State.SUCCESS, State.FAILED},
    State.DETACHED: {State.RUNNING, State.PENDING, State.SUCCESS, State.FAILED},
    State.UNKNOWN: {State.PENDING, State.FAILED},  # a late answer, or the person's decision
    State.SUCCESS: {State.SUCCESS},
}
_AUDIT = (
    "CREATE TABLE audit (id INTEGER, old TEXT, new TEXT)",
    "CREATE TRIGGER audited AFTER UPDATE OF state ON tasks WHEN old.state <> new.state"
    " BEGIN INSERT INTO audit VALUES (old.id, old.state, new.state); END",
)


@dataclass
class Seen:
    """The books of one bench: creates not refused, requests sent twice, images lost."""

    creates: int = 0
    twice: int = 0
    lost: int = 0


@dataclass
class Bench:
    """A session whose calls go through `proxy` to `service`; it sums up what it saw."""

    service: Service
    proxy: Proxy
    session: Session
    caplog: pytest.LogCaptureFixture
    seen: Seen = field(default_factory=Seen)
    told: list[str] = field(default_factory=list)
    meant_twice: set[str] = field(default_factory=set)  # prompts that a person pays again for
    without_image: set[str] = field(default_factory=set)  # tasks that end without a picture

    def run(self, asked: Plan | None = None, limits: RunLimits | None = None) -> Generation:
        """Run a plan and return its first image as it stands; what a person reads is noted."""
        return self.grid(asked, limits)[0]

    def grid(self, asked: Plan | None = None, limits: RunLimits | None = None) -> ImageGrid:
        """Run a plan and return its grid, whether it raises or not."""
        return self.ended(self.session.submit(asked or plan(), limits))

    def resumed(self) -> ImageGrid:
        """Fetch what is left; that must send no create."""
        before = len(self.proxy.creates())
        grid = self.ended(self.session.resume())
        assert len(self.proxy.creates()) == before, "a resume created"
        return grid

    def ended(self, job: Job) -> ImageGrid:
        """Wait for a job, whatever comes of it."""
        try:
            job.result()
        except NanobananaError as error:
            self._note(error)
        settle()
        for one in job.generations:
            if one.error is not None:
                self._note(one.error)
        self.told += [repr(job.grid), grid_html(job.grid), repr(job.generations)]
        return job.grid

    def rows(self) -> list[Generation]:
        """What the ledger has, oldest first."""
        return self.session.ledger.recent(100_000)[::-1]

    def _note(self, error: NanobananaError) -> None:
        self.told += [str(error), repr(error), "".join(traceback.format_exception(error))]
        assert error.charged is not None, f"not told whether money was taken: {error}"
        assert error.action, f"not told what to do: {error}"

    def check(self) -> None:
        """Check what must be true after every fault, and count what was sent and lost."""
        settle()
        self.proxy.forget_faults()
        self.service.forget_faults()
        self.seen.creates = sum(not one.refused for one in self.proxy.creates())
        self.resumed()
        self._one_post_per_intent()
        self._accepted_is_known()
        self._every_paid_image_is_here()
        self._states_went_forward()
        self._files_are_whole()
        self._no_secret()
        self._within_the_rate()
        self._alive()

    def _one_post_per_intent(self) -> None:
        sent = Counter(one.prompt for one in self.proxy.creates() if one.body and not one.refused)
        again = {prompt for prompt, n in sent.items() if n > 1} - self.meant_twice
        self.seen.twice = len(again)
        assert not again, f"created more than once: {again}"

    def _accepted_is_known(self) -> None:
        rows = self.rows()
        known = {row.task_id for row in rows if row.task_id}
        unknown = [row for row in rows if row.state is State.UNKNOWN or _let_go(row)]
        missing = self.service.task_ids() - known
        assert len(missing) <= len(unknown), f"lost: {missing}"
        assert not [row for row in rows if row.state is State.SENT]

    def _every_paid_image_is_here(self) -> None:
        made = {task["id"] for task in self.service.tasks() if task["status"] == "success"}
        here = {row.task_id for row in self.rows() if row.ok}
        known = {row.task_id for row in self.rows() if row.task_id}
        lost = (made & known) - here - self.without_image
        self.seen.lost = len(lost)
        assert not lost, f"paid and not here: {lost}"

    def _states_went_forward(self) -> None:
        with closing(sqlite3.connect(self.session.ledger.file)) as connection:
            for number, old, new in connection.execute("SELECT * FROM audit"):
                assert State(new) in _FORWARD.get(State(old), set()), f"{number}: {old} to {new}"

    def _files_are_whole(self) -> None:
        for path in _files(self.session.ledger.images.folder):
            assert path.parent.name != ".parts", f"left half-written: {path}"
            if path.suffix == ".json":
                continue
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
            with Image.open(path) as image:
                image.load()
        for path in _files(self.session.settings.home / "arrived"):  # what cannot be shown
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem

    def _no_secret(self) -> None:
        logged = [record.getMessage() for record in self.caplog.records]
        for text in (*self.told, *logged):
            assert KEY not in text
            assert not SIGNED.search(text)
        for path in _files(self.session.settings.home):
            data = path.read_bytes()
            assert KEY.encode() not in data, path
            assert not SIGNED.search(data.decode("latin-1")), path
        assert not [one for one in self.proxy.arrived if _key_astray(one)]

    def _within_the_rate(self) -> None:
        rate = self.session.settings.rate_limit
        times = [one.at for one in self.proxy.calls()]
        if rate is None:
            return
        calls, seconds = rate
        for first, last in zip(times, times[int(calls) :], strict=False):
            assert last - first >= seconds * 0.98, "more calls in a window than allowed"

    def _alive(self) -> None:
        after = self.session.submit(plan(f"afterwards {time.monotonic()}"), RunLimits(fresh=True))
        assert after.result().one.ok, "the session does not work any more"
        settle()
        BRIDGE.run(self.session.aclose())
        until(lambda: self.proxy.open == 0)


def _let_go(row: Generation) -> bool:
    return row.state is State.FAILED and row.task_id is None


def _key_astray(call: Any) -> bool:
    return "x-api-key" in call.headers and not call.path.startswith("/api/")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def bench_on(
    service: Service,
    proxy: Proxy,
    home: Path,
    caplog: pytest.LogCaptureFixture,
    *,
    receiver: CallbackReceiver | None = None,
    pace: float = 0.0,
    logged: int = logging.DEBUG,
    most_bytes: int = MOST_BYTES,
    **settings: Any,
) -> Iterator[Bench]:
    """Open a session behind the proxy; check the invariants when the block ends well.

    Args:
        logged: from which level on log records are kept and searched. Millions of them would
            hold the loop up, which the code under test does not.
        most_bytes: that the process may grow by, with all that proxy and simulator remember.
    """
    caplog.set_level(logged)
    given = Settings(
        **{"home": home, "wait_s": 20.0, "confirm_above": 1e6, "base_url": proxy.url, **settings}
    )
    provider = Provider("crun", proxy.url, CrunWire(), pace=pace)
    session = Session(given, provider, ApiKey(KEY, "the test"), BRIDGE, receiver=receiver)
    _audit(session)
    made = Bench(service, proxy, session, caplog)
    threads = {thread.name for thread in threading.enumerate() if not thread.daemon}
    with short_steps(), bounded_memory(most_bytes):
        yield made
        made.check()
    left = {t.name for t in threading.enumerate() if not t.daemon} - threads
    assert not [name for name in left if not name.startswith("asyncio_")]


def _audit(session: Session) -> None:
    with session.ledger._database.write() as connection:
        for statement in _AUDIT:
            connection.execute(statement)
