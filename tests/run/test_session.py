"""From a plan to images: one create each, nothing twice, everything written down."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from nanobanana_nb import errors
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import State
from nanobanana_nb.run import runtime
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings import config
from nanobanana_nb.show.grid import ImageGrid
from tests.api.raw_server import free_port
from tests.fixtures import OpenSession, settle, until
from tests.folder_contents import contents
from tests.run.conftest import plan, rows
from tests.service import MODEL, Service


def make(
    session: Session, prompt: str = "a heron", fresh: bool = False, **options: Any
) -> ImageGrid:
    """Run a plan to its end."""
    return session.submit(plan(prompt, **options), RunLimits(fresh=fresh)).result()


def test_one_image(either: Service, open_session: OpenSession) -> None:
    """A prompt becomes one create and one image, on disk and in the ledger."""
    session = open_session(either)
    one = make(session).one
    assert (one.state, one.cached, one.credits) == (State.SUCCESS, False, 4)
    assert {one.task_id} == either.task_ids()
    assert one.path is not None
    assert one.path.read_bytes() == one.bytes
    assert [call["body"] for call in either.creates()] == [
        {"model": MODEL, "input": {"prompt": "a heron"}}
    ]
    (row,) = rows(session)
    assert (row.state, row.task_id, row.sha256) == (State.SUCCESS, one.task_id, one.sha256)


def test_parameters_and_callback_go_along(service: Service, open_session: OpenSession) -> None:
    """What was asked for is in the body, and nothing that is unset."""
    parameters = {"aspect_ratio": "16:9", "output_format": "jpeg", "resolution": None}
    make(open_session(service), parameters=parameters, callback_url="https://me.example/x")
    body = service.creates()[0]["body"]
    wanted = {"prompt": "a heron", "aspect_ratio": "16:9", "output_format": "jpeg"}
    assert body == {"model": MODEL, "input": wanted, "callback_url": "https://me.example/x"}


def test_asking_again_is_free_and_silent(either: Service, open_session: OpenSession) -> None:
    """The same request comes from the ledger: 0 credits, the same file, not one call."""
    session = open_session(either)
    first = make(session).one
    sent = len(either.calls())
    again = make(session).one
    assert (again.cached, again.credits, again.state) == (True, 0, State.SUCCESS)
    assert (again.path, again.task_id, again.bytes) == (first.path, first.task_id, first.bytes)
    assert len(either.calls()) == sent


def test_asking_again_needs_no_service(service: Service, open_session: OpenSession) -> None:
    """A cached image comes although nobody answers, also in a new session."""
    first = make(open_session(service)).one
    gone = Service(f"http://127.0.0.1:{free_port()}", None)
    again = make(open_session(gone)).one
    assert (again.cached, again.bytes) == (True, first.bytes)


def test_fresh_pays_again(service: Service, open_session: OpenSession) -> None:
    """`fresh` makes a second task; asking again then gives the newer image."""
    session = open_session(service)
    first, second = make(session).one, make(session, fresh=True).one
    assert (second.cached, second.credits) == (False, 4)
    assert second.task_id != first.task_id
    assert len(service.creates()) == 2
    assert make(session).one.task_id == second.task_id


def test_repeats_are_paid_each(service: Service, open_session: OpenSession) -> None:
    """Three repeats are three tasks and three images; a fourth pays one more."""
    session = open_session(service)
    three = make(session, repeats=3)
    assert len({one.task_id for one in three}) == len({one.sha256 for one in three}) == 3
    four = make(session, repeats=4)
    assert [one.cached for one in four] == [True, True, True, False]
    assert len(service.creates()) == 4


def test_axis_makes_a_task_for_each_value(service: Service, open_session: OpenSession) -> None:
    """The images come in the order of the plan, whatever order they finish in."""
    service.fault("create", delay_s=0.3)
    grid = make(open_session(service), "a {x}", namespace={"x": ["heron", "crane", "stork"]})
    assert [one.request.prompt for one in grid] == ["a heron", "a crane", "a stork"]
    assert all(one.ok for one in grid)
    assert len(service.creates()) == 3


def test_two_equal_requests_at_once_pay_once(service: Service, open_session: OpenSession) -> None:
    """Two cells that ask the same at the same time share one task."""
    session = open_session(service)
    service.fault("create", delay_s=0.2)
    jobs = [session.submit(plan()) for _ in range(4)]
    grids = [job.result() for job in jobs]
    assert len(service.creates()) == 1
    assert len({grid.one.sha256 for grid in grids}) == 1
    assert sorted(grid.one.cached for grid in grids) == [False, True, True, True]


def test_two_equal_requests_at_once_fail_once(slow: Service, open_session: OpenSession) -> None:
    """Whoever waited for a task that failed at the service does not pay for another by itself."""
    slow.fault("create", task="fail")
    session, other = open_session(slow), open_session(slow)
    jobs = [session.submit(plan())]
    until(lambda: session.ledger.recent(1)[0].task_id if rows(session) else None)
    jobs.append(other.submit(plan()))
    until(lambda: jobs[1].generations[0].task_id)
    slow.advance(1e6)
    for job in jobs:
        with pytest.raises(errors.GenerationFailedError) as raised:
            job.result()
        assert raised.value.task_id in slow.task_ids()
    assert len(slow.creates()) == 1
    slow.advance(1e6)
    again = session.submit(plan())  # a person asks for it
    until(lambda: again.generations[0].task_id)  # a task begins after its call is counted
    slow.advance(1e6)
    assert again.result().one.ok
    assert len(slow.creates()) == 2


@pytest.mark.long
def test_first_calls_from_two_threads_open_one_session(
    faces: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads that come first at the same time get one session, or both would pay."""
    both, made = Barrier(2), Session

    def slowly(*args: Any) -> Session:
        with suppress(BrokenBarrierError):
            time.sleep(0.2 * both.wait(1))  # one of the two is late
        return made(*args)

    monkeypatch.setattr(runtime, "Session", slowly)
    settings = config.load().settings
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(RUNTIME.session, [settings] * 2))
    assert found[0] is found[1]


@pytest.mark.long
def test_threads_generate_at_once(faces: Service) -> None:
    """`generate` may be called from several threads, for different and for equal prompts."""
    import nanobanana_nb as nb

    nb.generate("first")
    with ThreadPoolExecutor(6) as pool:
        grids = list(pool.map(nb.generate, [f"a heron {n % 3}" for n in range(6)]))
    assert all(grid.one.ok for grid in grids)
    assert len(faces.creates()) == 1 + 3


def test_file_that_was_deleted_is_fetched_again(
    service: Service, open_session: OpenSession
) -> None:
    """A paid image whose file is gone is downloaded again, at no cost."""
    session = open_session(service)
    first = make(session).one
    assert first.path is not None
    first.path.unlink()
    again = make(session).one
    assert (again.bytes, again.task_id) == (first.path.read_bytes(), first.task_id)
    assert len(service.creates()) == 1


@pytest.mark.long
@pytest.mark.parametrize("status", [500, 429, 455, 404])
def test_price_that_nobody_tells_stops_nothing(
    service: Service, open_session: OpenSession, status: int
) -> None:
    """An estimate that fails leaves the price unknown and makes the image."""
    service.fault("estimate", status=status, times=None)
    job = open_session(service).submit(plan())
    assert job.result().one.ok
    assert job.bill is not None
    assert (job.bill.credits, job.bill.new) == (None, 1)


def test_no_key_and_no_signed_link_are_left_behind(
    service: Service, open_session: OpenSession
) -> None:
    """After a run no file of the home folder holds the key or a link's signature."""
    session = open_session(service)
    make(session)
    texts = contents(session.settings.home).values()
    assert len(texts) >= 2
    assert not any(session.key and session.key.reveal().encode() in text for text in texts)
    assert not any(b"signature" in text for text in texts)


@pytest.mark.parametrize("prompt", ["half a pair \ud83d", "nul \x00 inside", "🦩" * 2000])
def test_odd_prompts_are_made_or_refused_in_our_words(
    service: Service, open_session: OpenSession, prompt: str
) -> None:
    """A prompt that cannot be sent or stored is an error of ours, and leaves no open intent."""
    session = open_session(service)
    try:
        assert make(session, prompt).one.ok
    except errors.NanobananaError:
        assert service.task_ids() == set()
    assert [row.state for row in rows(session) if row.state is State.SENT] == []


@pytest.mark.parametrize("value", [object(), float("nan"), b"bytes", {"a": {1, 2}}, 10**400])
def test_values_that_no_json_holds_are_refused(
    service: Service, open_session: OpenSession, value: Any
) -> None:
    """An input field that cannot be written as JSON is an error of ours, before it is sent."""
    session = open_session(service)
    with pytest.raises(errors.NanobananaError):
        make(session, parameters={"odd": value})
    settle()
    assert [row.state for row in rows(session) if row.state is State.SENT] == []


def test_home_that_cannot_be_written_sends_nothing(
    service: Service, open_session: OpenSession
) -> None:
    """Where no intent can be written down nothing is sent."""
    session = open_session(service)
    session.settings.home.write_text("in the way")
    with pytest.raises(errors.LedgerError, match="NANOBANANA_HOME"):
        make(session)
    assert service.creates() == []


def test_ledger_that_breaks_after_the_create_shows_the_task(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the answer cannot be written down, the error names the task that was paid."""
    session = open_session(service)

    def full(*_: object) -> None:
        raise errors.LedgerError("The ledger cannot be used", why=str(sqlite3.Error("disk full")))

    monkeypatch.setattr(session.ledger, "record", full)
    with pytest.raises(errors.LedgerError) as raised:
        make(session)
    assert {raised.value.task_id} == service.task_ids()
