"""A grid in hand knows what has come: of its run, of other runs, and of what was stopped."""

from __future__ import annotations

import pickle
import threading
import time
from typing import Any

import pytest

from nanobanana_nb.errors import InputError, StillRunningError
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import State
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.grid import ImageGrid
from tests.fixtures import OpenSession, settle, until
from tests.run.conftest import plan, rows
from tests.run.retries import began_badly, let_all_end
from tests.service import Service

LONG = 100_000.0
BIRDS = {"bird": ["heron", "crane", "owl", "hawk"]}


def birds() -> Plan:
    """Four images along one axis."""
    return plan("a {bird}", namespace=BIRDS)


def under_way(session: Session, slow: Service) -> Job:
    """A run of four images whose tasks the service has."""
    job = session.submit(birds())
    until(lambda: len(slow.task_ids()) == 4 and all(g.state.is_open for g in job.generations))
    return job


def stopped(session: Session, slow: Service) -> ImageGrid:
    """The grid of four images whose wait was stopped."""
    job = under_way(session, slow)
    job.cancel()
    until(lambda: states(job.grid) == {"detached"})
    settle()
    return job.grid


def states(grid: ImageGrid) -> set[str]:
    """The states of its images."""
    return {image.state.value for image in grid}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read of any ledger."""
    queries: list[str] = []
    read = Database.read

    def noted(self: Database, sql: str, *values: Any) -> Any:
        queries.append(sql)
        return read(self, sql, *values)

    monkeypatch.setattr(Database, "read", noted)
    return queries


def test_grid_is_there_from_the_first_moment(slow: Service, open_session: OpenSession) -> None:
    """One grid for all of a run: images come into it, its length and axes stay."""
    job = open_session(slow).submit(birds())
    grid = job.grid
    assert (len(grid), len(grid["owl"]), grid.running) == (4, 1, True)
    until(lambda: len(slow.task_ids()) == 4)
    slow.advance(LONG)
    assert job.result() is grid is job.grid
    assert (len(grid), states(grid), grid.running) == (4, {"success"}, False)
    assert grid.number == 1, "it was kept after the grid was there"


def test_parts_and_pivots_are_alive(slow: Service, open_session: OpenSession) -> None:
    """A part that was taken while nothing was there shows what came."""
    job = under_way(open_session(slow), slow)
    parts = [job.grid[1:], job.grid["owl"], job.grid.pivot(rows="bird"), job.grid[:3][::2]]
    assert [part.running for part in parts] == [True] * 4
    slow.advance(LONG)
    job.result()
    assert [states(part) for part in parts] == [{"success"}] * 4
    assert [len(part) for part in parts] == [3, 1, 4, 2]
    assert parts[3][1] is job.grid[2]


def test_copies_and_equality_take_the_moment(slow: Service, open_session: OpenSession) -> None:
    """A pickle stays what it was; two grids are equal while their images are."""
    job = under_way(open_session(slow), slow)
    before: ImageGrid = pickle.loads(pickle.dumps(job.grid))
    assert before == job.grid[:]
    slow.advance(LONG)
    job.result()
    assert before != job.grid
    assert states(before) <= {"pending", "running"}
    assert not before.running
    assert pickle.loads(pickle.dumps(job.grid)) == job.grid


def test_wait_ends_with_the_run_or_the_time(slow: Service, open_session: OpenSession) -> None:
    """It gives the grid, raises no error of an image, and refuses what is no time."""
    job = under_way(open_session(slow), slow)
    begun = time.monotonic()
    assert job.grid.wait(0.3) is job.grid
    assert 0.3 <= time.monotonic() - begun < 5
    assert job.grid.running
    slow.advance(LONG)
    assert states(job.grid.wait()) == {"success"}
    for wrong in ("5", -1, float("nan"), True):
        with pytest.raises(InputError, match="timeout"):
            job.grid.wait(wrong)  # type: ignore[arg-type]


def test_wait_raises_nothing_of_a_failure(service: Service, open_session: OpenSession) -> None:
    """What failed or was refused stands in the grid."""
    session = open_session(service)
    assert session.submit(plan("a [fail]")).grid.wait().one.state is State.FAILED
    refused = session.submit(birds(), RunLimits(max_credits=1)).grid.wait()
    assert states(refused) == {"planned"}


def test_a_listener_may_wait_for_the_grid(service: Service, open_session: OpenSession) -> None:
    """On the thread of the runs the others go on meanwhile."""
    session = open_session(service)
    other: list[set[str]] = []
    first = session.submit(plan("a"))
    first.on_result(lambda _: other.append(states(session.submit(plan("b")).grid.wait(20))))
    first.result()
    assert other == [{"success"}]


def test_what_was_stopped_comes_with_resume(
    slow: Service, open_session: OpenSession, reads: list[str]
) -> None:
    """The grid in hand shows the images in their places, at the price that this run paid."""
    session = open_session(slow)
    grid = stopped(session, slow)
    assert not grid.running, "nobody waits for them"
    assert grid.wait() is grid
    slow.advance(LONG)
    owl = grid["owl"]
    session.resume([str(owl.one.id)]).result()
    assert [image.ok for image in grid] == [False, False, True, False]
    assert owl.one.credits == 4
    assert not owl.one.cached
    session.resume().result()
    assert (states(grid), grid.credits, grid.errors) == ({"success"}, 16, ())
    reads.clear()
    assert (repr(grid), list(grid), grid.running, grid.wait()) is not None
    assert [sql for sql in reads if "ratings" not in sql] == []


def test_complete_grid_is_not_looked_up(
    service: Service, open_session: OpenSession, reads: list[str]
) -> None:
    """Failed and unsent images are final, too."""
    session = open_session(service)
    grids = [
        session.submit(birds()).result(),
        session.submit(plan("a {x}", namespace={"x": ["b [fail]", "c"]})).result(),
        session.submit(birds(), RunLimits(fresh=True, max_credits=1)).grid.wait(),
    ]
    reads.clear()
    assert all(list(grid) and grid.counts() and not grid.running for grid in grids)
    assert reads == []


def test_many_that_wait_are_one_query(
    slow: Service, open_session: OpenSession, reads: list[str]
) -> None:
    """However many images wait, being asked for all of them costs one look."""
    grid = stopped(open_session(slow), slow)
    reads.clear()
    assert len(list(grid)) == 4
    assert len(reads) == 1


def test_ledger_that_cannot_be_read_changes_nothing(
    slow: Service, open_session: OpenSession
) -> None:
    """What is known stands, and no error comes of looking at it."""
    session = open_session(slow)
    grid = stopped(session, slow)
    session.ledger.file.write_bytes(b"no database at all" * 1000)
    assert states(grid) <= {"detached", "unknown"}
    assert len(repr(grid)) > 0


def test_another_kernel_is_seen(slow: Service, open_session: OpenSession) -> None:
    """A run of another session that fetches what was stopped here: running, then there."""
    session, other = open_session(slow), open_session(slow)
    grid = stopped(session, slow)
    job = other.resume()
    until(lambda: grid.running or job.done())
    slow.advance(LONG)
    assert states(grid.wait(20)) == {"success"}
    job.result()


def test_what_another_run_paid_for_costs_nothing_here(
    slow: Service, open_session: OpenSession
) -> None:
    """Stopped while it waited for another run, the grid shows that run's images, at 0 credits."""
    session, other = open_session(slow), open_session(slow)
    first = under_way(session, slow)
    second = other.submit(birds())
    until(lambda: all(image.task_id for image in second.generations))
    second.cancel()
    until(lambda: not second._state.moves)
    assert second.grid.running, "the other run goes on"
    slow.advance(LONG)
    first.result()
    assert states(second.grid.wait(20)) == {"success"}
    assert (first.grid.credits, second.grid.credits) == (16, 0)
    assert all(image.cached and image.notes for image in second.grid)


def test_run_that_waited_too_long_for_another_says_so(
    slow: Service, open_session: OpenSession
) -> None:
    """Its own end is an error, whatever the other does; its grid goes on to show that."""
    session, other = open_session(slow), open_session(slow, wait_s=0.2)
    first = under_way(session, slow)
    second = other.submit(birds())
    with pytest.raises(StillRunningError):
        second.result()
    assert second.grid.running
    slow.advance(LONG)
    first.result()
    assert states(second.grid) == {"success"}
    assert second.grid.credits == 0


def unknown(service: Service, session: Session) -> ImageGrid:
    """A grid of two of which one was sent and not answered."""
    service.fault("create", status=500)
    grid = session.submit(plan("a {bird}", namespace={"bird": ["heron", "crane"]})).result()
    assert sorted(states(grid)) == ["success", "unknown"]
    return grid


def test_unknown_that_is_sent_again_comes(service: Service, open_session: OpenSession) -> None:
    """The decision of `resolve --resend` shows in the grid that was left with the question."""
    session = open_session(service)
    grid = unknown(service, session)
    row = next(image for image in grid if image.state is State.UNKNOWN)
    assert not grid.running
    session.resend(str(row.id)).result()
    assert [image.ok for image in grid] == [True, True]
    assert len(rows(session)) == 3


def test_unknown_that_is_let_go_has_failed(service: Service, open_session: OpenSession) -> None:
    """And can be asked for again in its place."""
    session = open_session(service)
    grid = unknown(service, session)
    row = next(image for image in grid if image.state is State.UNKNOWN)
    session.forget(str(row.id))
    assert sorted(states(grid)) == ["failed", "success"]


@pytest.mark.parametrize("private", [False, True])
def test_requests_stay_as_they_were(
    slow: Service, open_session: OpenSession, private: bool
) -> None:
    """The ledger does not have the words of a private prompt; the grid in hand keeps them."""
    session = open_session(slow)
    job = session.submit(plan("a secret heron", private=private, repeats=2))
    until(lambda: len(slow.task_ids()) == 2)
    job.cancel()
    settle()
    slow.advance(LONG)
    session.resume().result()
    assert [image.request.prompt for image in job.grid] == ["a secret heron"] * 2
    assert [image.ok for image in job.grid] == [True] * 2


def test_again_in_a_run_shows_in_its_grid(
    slow: Service, open_session: OpenSession, one_by_one: None
) -> None:
    """A failed image that the board asks for again comes into its place."""
    job = began_badly(open_session(slow), slow, {"status": 422})
    grid = job.grid
    assert grid[0].state is State.FAILED
    assert not grid[:1].running
    job.again(0)
    until(lambda: grid[:1].running)
    let_all_end(job, slow)
    assert [image.ok for image in grid] == [True, True]


def test_resumed_grid_is_a_grid(slow: Service, open_session: OpenSession) -> None:
    """What is fetched stands in its place among what was there; the rest comes on its own."""
    session = open_session(slow)
    done = session.submit(birds().only([1]))
    until(lambda: len(slow.task_ids()) == 1)
    slow.advance(LONG)
    done.result()
    job = session.submit(birds())
    until(lambda: len(slow.task_ids()) == 4)
    job.cancel()
    single = session.submit(plan("alone"))
    until(lambda: len(slow.task_ids()) == 5)
    single.cancel()
    settle()
    slow.advance(LONG)
    grid, alone = [resumed.result() for resumed in session.resume_grids()]
    assert [image.request.prompt for image in grid] == ["a heron", "a crane", "a owl", "a hawk"]
    assert grid["crane"].one.path == done.grid.one.path
    assert (grid.number, len(alone), alone.number) == (job.grid.number, 1, None)
    assert grid == grid.pivot()
    assert all(image.ok for image in [*grid, *alone])
    assert session.resume_grids() == []
    assert len(slow.creates()) == 5


def test_resume_by_name_fetches_that_place_alone(slow: Service, open_session: OpenSession) -> None:
    """The other places show how they stand."""
    session = open_session(slow)
    grid = stopped(session, slow)
    slow.advance(LONG)
    (job,) = session.resume_grids([str(grid["owl"].one.id)])
    resumed = job.result()
    assert [image.state.value for image in resumed].count("detached") == 3
    assert resumed["owl"].one.ok


def test_grid_in_hand_is_seen_in_any_thread(slow: Service, open_session: OpenSession) -> None:
    """Being asked by many threads while images come never shows fewer, and raises nothing."""
    job = under_way(open_session(slow), slow)
    failures: list[BaseException] = []

    def ask() -> None:
        count = 0
        try:
            while not job.done():
                ready = sum(image.ok for image in job.grid)
                assert ready >= count
                count = ready
                assert len(job.grid[1:].generations) == 3
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    slow.advance(LONG)
    job.result()
    for thread in threads:
        thread.join()
    assert failures == []
