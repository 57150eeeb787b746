"""A run whose first image has failed while another goes on, and time that goes by for it."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.errors import BudgetError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.session import Session
from tests.fixtures import until
from tests.run.conftest import plan
from tests.service import Service

PRICE = 4
REFUSED: dict[str, Any] = {"status": 422}  # it costs nothing
BLOCKED: dict[str, Any] = {"task": "fail", "message": "blocked: a hat"}
CHARGED: dict[str, Any] = {"task": "fail", "charged": True}


def two() -> Plan:
    """An image that ends soon and one that takes five times as long."""
    return plan("a {bird}", namespace={"bird": ["heron", "crane [slow]"]})


def began_badly(
    session: Session, slow: Service, fault: dict[str, Any], limits: RunLimits | None = None
) -> Job:
    """Start a run whose first image has failed while the second goes on."""
    slow.fault("create", **fault)
    job = session.submit(two(), limits)
    wait_for_failure(job, slow)
    return job


def wait_for_failure(job: Job, slow: Service) -> Generation:
    """Let time go by for the service until the first image has failed; return it."""
    until(lambda: job.generations[1].task_id)
    until(lambda: job._state.ended(0) or go_on(slow, but=job.generations[1].task_id))
    assert job.generations[0].state is State.FAILED
    assert not job.done(), "the other goes on"
    return job.generations[0]


def let_all_end(job: Job, slow: Service) -> None:
    """Let time go by for the service until the run has ended."""
    until(lambda: job.done() or go_on(slow))


def go_on(slow: Service, but: str | None = None) -> None:
    """Let the tasks of the service end, but for one: no more time goes by than they take."""
    open_ = [task for task in slow.tasks() if task["status"] in ("pending", "running")]
    if waited := [task["created"] + task["duration"] for task in open_ if task["id"] != but]:
        slow.advance(max(waited) - slow.app.state.service.clock.now() + 1.0)


def refusal(job: Job) -> str:
    """Wait until the try was refused, and return what the person reads."""
    until(lambda: isinstance(job.generations[0].error, BudgetError) and job._state.ended(0))
    assert job.generations[0].state is State.FAILED
    return str(job.generations[0].error)


def forget_prices(session: Session) -> None:
    """Let the next try ask the service for the price, and not look at what it said just now."""
    session._pricing._answers.clear()


def begun() -> None:
    """Wait until the run has heard of what was asked of it."""

    async def nothing() -> None:
        pass

    BRIDGE.run(nothing())
