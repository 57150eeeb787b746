"""What the service says of a task: its state, its links, its money, and why it failed."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import TaskInfo
from nanobanana_nb.errors import Charged, UnexpectedAnswerError
from nanobanana_nb.model.result import State
from tests.api.test_wire_codes import said

WIRE = CrunWire()
LINK = "https://media.example/a.png?signature=s"


def told(status: Any = "running", **data: Any) -> TaskInfo:
    """What is read of a TaskInfo with this status and these fields."""
    record = {"task_id": "t1", "status": status, "credits": 4, "result": None, **data}
    return WIRE.read_info(said(200, {"code": 200, "data": record}), "t1")


def failed(**data: Any) -> errors.NanobananaError:
    """The error of a failed task with these fields."""
    info = told("failed", **data)
    assert info.state is State.FAILED
    assert info.error is not None
    return info.error


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *(("pending", State.PENDING), ("PENDING", State.PENDING), ("Running", State.RUNNING)),
        *(("moderating", State.RUNNING), ("", State.RUNNING), (None, State.RUNNING)),
        *((7, State.RUNNING), (["success"], State.RUNNING), ("succeeded", State.RUNNING)),
    ],
)
def test_unfinished_states(word: Any, state: State) -> None:
    """Case does not count, and a word that nobody knows means: not finished yet."""
    info = told(word)
    assert (info.state, info.error, info.media_urls) == (state, None, ())


@pytest.mark.parametrize("word", ["success", "SUCCESS", " Success "])
def test_success_has_its_links(word: str) -> None:
    """A finished task brings its links, its price and its seconds."""
    info = told(word, result={"code": 200, "media_urls": [LINK]}, duration_s=12, credits="2.5")
    assert info == TaskInfo("t1", State.SUCCESS, 2.5, 12.0, (LINK,))


@pytest.mark.parametrize(
    "result",
    [
        *(None, {}, [], "none", {"media_urls": None}, {"media_urls": []}),
        *({"media_urls": [None, 7, ""]}, {"media_urls": ["ftp://a/b", "a.png"]}),
    ],
)
def test_success_without_link_is_no_failure(result: Any) -> None:
    """A success with no usable link is what it is: the link may be there at the next look."""
    info = told("success", result=result)
    assert (info.state, info.media_urls, info.error) == (State.SUCCESS, (), None)


def test_one_link_may_be_a_plain_text() -> None:
    """`media_urls` that is one text instead of a list counts as one link."""
    assert told("success", result={"media_urls": LINK}).media_urls == (LINK,)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"result": {"code": 501, "message": "blocked"}, "reason": "other"}, "blocked"),
        ({"result": {"code": 501, "message": ""}, "reason": "blocked"}, "blocked"),
        ({"reason": None, "error_message": "blocked", "error": "x"}, "blocked"),
        ({"error": "blocked"}, "blocked"),
        ({"error": {"text": "blocked"}}, "{'text': 'blocked'}"),
        ({"result": []}, "the service gave no reason"),
        ({}, "the service gave no reason"),
    ],
)
def test_reason_of_a_failure_is_looked_for_everywhere(data: dict[str, Any], why: str) -> None:
    """The reason stands in one of four places, or nowhere."""
    error = failed(**data)
    assert isinstance(error, errors.GenerationFailedError)
    assert (error.why, error.task_id, error.code) == (why, "t1", 501)


@pytest.mark.parametrize("code", ["422", 422])
def test_failure_keeps_the_code_of_its_result(code: Any) -> None:
    """A result that says 422 is told as a 422."""
    error = failed(result={"code": code, "message": "no such ratio"})
    assert isinstance(error, errors.InvalidRequestError)


@pytest.mark.parametrize("code", [None, 200, "200", "odd", [], True])
def test_failure_without_a_code_is_501(code: Any) -> None:
    """A failed task whose result says nothing useful is a failed generation."""
    assert failed(result={"code": code, "message": "m"}).to_record()["code"] == 501


@pytest.mark.parametrize(
    ("credits", "charged"),
    [
        *((0, Charged.NO), ("0", Charged.NO), (0.0, Charged.NO)),
        *((4, Charged.YES), ("2.5", Charged.YES)),
        *((None, Charged.UNKNOWN), ("four", Charged.UNKNOWN), (-4, Charged.UNKNOWN)),
    ],
)
def test_failure_tells_of_money(credits: Any, charged: Charged) -> None:
    """The credits of a failed task are what it cost by the service's own word."""
    assert failed(credits=credits).charged is charged


def test_failure_tells_how_much() -> None:
    """The error says how many credits were taken, also when it comes back from the ledger."""
    error = failed(credits=4)
    assert "4 credits were taken." in str(error)
    assert str(errors.from_record(error.to_record())) == str(error)
    assert "1 credit was taken." in str(failed(credits=1))
    assert "No credits were taken." in str(failed(credits=0))
    assert "may have been taken" in str(failed(credits=None))


@pytest.mark.parametrize("seconds", [-1, 1e300, "soon", float("nan")])
def test_odd_seconds_are_not_known(seconds: Any) -> None:
    """A duration that cannot be is none."""
    assert told("success", duration_s=seconds).seconds is None


@pytest.mark.parametrize("credits", [None, True, "four", [], float("nan"), "inf", 10**400])
def test_odd_credits_are_not_known(credits: Any) -> None:
    """What is no finite number is no price."""
    assert told(credits=credits).credits is None


@pytest.mark.parametrize("credits", [2.5, "2.5", " 2.5 "])
def test_credits_may_be_fractions_and_strings(credits: Any) -> None:
    """Half a credit is half a credit."""
    assert told(credits=credits).credits == 2.5


def test_seconds_are_counted_where_they_are_not_told() -> None:
    """Without `duration_s` the two times are subtracted, unless they make no sense."""
    assert told("success", create_at=100, complete_at=112, result={}).seconds == 12
    assert told("success", create_at=112, complete_at=100, result={}).seconds is None
    assert told("running", create_at=100, complete_at=None).seconds is None


@pytest.mark.parametrize("data", [None, [], "running", 7])
def test_task_without_data_is_unexpected(data: Any) -> None:
    """An envelope that says success and holds no task is an error, not a state."""
    with pytest.raises(UnexpectedAnswerError):
        WIRE.read_info(said(200, {"code": 200, "data": data}), "t1")


def test_another_task_is_not_taken_for_ours() -> None:
    """A wrong id echoed is an error; no id or a numeric one that fits is none."""
    with pytest.raises(UnexpectedAnswerError, match="another task"):
        told(task_id="t2")
    assert told(task_id=None).task_id == "t1"
    record = {"code": 200, "data": {"task_id": 12, "status": "running"}}
    assert WIRE.read_info(said(200, record), "12").task_id == "12"


def test_missing_task_is_not_found_in_both_forms() -> None:
    """HTTP 404 and HTTP 200 with code 404 are the same."""
    for status in (404, 200):
        with pytest.raises(errors.NotFoundError):
            WIRE.read_info(said(status, {"code": 404, "message": "no task"}), "t1")
