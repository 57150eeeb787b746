"""Every code with which the service may say no, in each of its forms."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import Charged
from nanobanana_nb.model.result import State
from tests.api.raw_server import Reply, answer, envelope
from tests.faults.bench import Bench
from tests.faults.proxy import Fault
from tests.run.conftest import plan
from tests.service_codes import CODES, PUT_OFF, REFUSALS

GROUP = "a create is refused"
FORMS = ("status", "status and HTML", "code", "code as a string")


def refusal(code: int, form: str) -> Reply:
    """The answer that refuses with this code in this form."""
    if form == "status and HTML":
        return Reply((answer(b"<html>no</html>", f"{code} No"),))
    if form == "status":
        return Reply((answer(b"", f"{code} No"),))
    return Reply((envelope(code=str(code) if form.endswith("string") else code, message="no"),))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", REFUSALS)
def test_refusal_is_free_and_the_same_in_each_form(bench: Bench, code: int, form: str) -> None:
    """The task failed, no credits were taken, the key or the account is named; a new try sends."""
    bench.proxy.fault(Fault("/CreateTask", refusal(code, form), times=None))
    one = bench.run()
    assert (one.state, type(one.error)) == (CODES[code].state, CODES[code].error)
    assert one.error is not None
    assert one.error.charged is CODES[code].charged
    assert str(code) in str(one.error)
    sent = len(bench.proxy.creates())
    assert 1 <= sent <= 30 if code == 455 else sent == (5 if code == 429 else 1)
    bench.proxy.forget_faults()
    assert bench.run().ok
    assert len(bench.proxy.creates()) == sent + 1


@pytest.mark.parametrize("code", PUT_OFF)
def test_refusal_for_the_moment_is_waited_for(bench: Bench, code: int) -> None:
    """Two refusals and then a yes: three creates, one task, one image."""
    bench.proxy.fault(Fault("/CreateTask", refusal(code, "status"), times=2))
    assert bench.run().ok
    assert len(bench.proxy.creates()) == 3
    assert len(bench.service.tasks()) == 1


def test_account_that_runs_dry(bench: Bench) -> None:
    """After a 402 nothing more is created, what is paid comes, and the grid says what is left."""
    bench.proxy.fault(Fault("/CreateTask", refusal(402, "code"), skip=6, times=None))
    grid = bench.grid(plan("heron {n}", namespace={"n": range(40)}))
    left = [one for one in grid if one.state is State.PLANNED]
    assert sum(one.ok for one in grid) == 6
    assert f"{len(left)} images were not sent" in repr(grid)
    assert len(bench.proxy.creates()) <= 6 + 16
    bench.proxy.forget_faults()
    assert all(one.ok for one in bench.grid(plan("heron {n}", namespace={"n": range(40)})))
    assert len(bench.service.tasks()) == 40


@pytest.mark.parametrize(
    "ends",
    [
        {"task": "fail", "message": "<b>no hats</b>"},
        {"task": "fail", "charged": True},
        {"task": "fail-silent"},
    ],
    ids=lambda ends: " ".join(map(str, ends.values())),
)
def test_task_that_fails(bench: Bench, ends: dict[str, Any]) -> None:
    """The reason, the money and the task are told; a new run is a new task that one asked for."""
    bench.service.fault("create", **ends)
    one = bench.run()
    assert one.state is State.FAILED
    assert one.error is not None
    assert {one.error.task_id} == bench.service.task_ids()
    assert one.error.charged is (Charged.YES if ends.get("charged") else Charged.NO)
    bench.without_image |= bench.service.task_ids()
    bench.meant_twice.add("a heron")
    assert bench.run().ok
    assert len(bench.proxy.creates()) == 2
