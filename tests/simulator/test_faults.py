"""Scripted faults and the log of calls."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from nanobanana_nb.simulator import Options
from tests.simulator.conftest import API, KEY, PLAIN, Serve, create, info


def script(client: httpx.Client, *faults: dict[str, Any]) -> None:
    """Add faults to the script."""
    answer = client.post("/simulator/faults", json=list(faults))
    assert answer.status_code == 200, answer.text


def test_closed_by_default(serve: Serve) -> None:
    """Without the option there are no control endpoints."""
    with serve(Options()) as client:
        assert client.get("/simulator/log").status_code == 404


def test_status_and_retry_after(client: httpx.Client) -> None:
    """A status fault answers with that status and header, as often as scripted, after the skip."""
    script(client, {"on": "balance", "status": 503, "times": 2, "skip": 1, "retry_after": "3"})
    answers = [client.get(f"{API}/account/balance") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].headers["retry-after"] == "3"
    assert answers[1].json()["code"] == 503


def test_code_in_the_body(client: httpx.Client) -> None:
    """A body code arrives in HTTP 200, as a number or as a string."""
    script(
        client,
        {"on": "create", "body_code": 455},
        {"on": "create", "body_code": 422, "code_as_string": True},
        {"on": "create", "code_as_string": True},
    )
    answers = [client.post(f"{API}/job/CreateTask", json=PLAIN) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["code"] for answer in answers] == [455, "422", "200"]
    assert answers[1].json()["errors"]
    assert answers[2].json()["data"]["task_id"]
    assert len(client.get("/simulator/tasks").json()) == 1


def test_html_and_empty(client: httpx.Client) -> None:
    """A gateway's page and an empty body can be scripted with any status."""
    script(
        client,
        {"on": "info", "html": True, "status": 502},
        {"on": "info", "empty": True},
    )
    task_id = create(client)
    page = client.get(f"{API}/job/TaskInfo", params={"task_id": task_id})
    empty = client.get(f"{API}/job/TaskInfo", params={"task_id": task_id})
    assert (page.status_code, page.headers["content-type"][:9]) == (502, "text/html")
    assert (empty.status_code, empty.content) == (200, b"")


def test_accepted_though_refused(client: httpx.Client) -> None:
    """With accepted the task exists and is charged although the answer is a fault."""
    script(
        client, {"on": "create", "status": 500, "accepted": True}, {"on": "create", "status": 500}
    )
    for _ in range(2):
        assert client.post(f"{API}/job/CreateTask", json=PLAIN).status_code == 500
    assert len(client.get("/simulator/tasks").json()) == 1
    assert client.get(f"{API}/account/balance").json()["data"]["balance"] == 996


def test_delay(client: httpx.Client) -> None:
    """A delay holds the answer back: a client that waits less gives up."""
    script(client, {"on": "models", "delay_s": 5})
    with pytest.raises(httpx.ReadTimeout):
        client.get(f"{API}/job/Models", timeout=0.3)
    assert client.get(f"{API}/job/Models").status_code == 200


@pytest.mark.parametrize(
    ("place", "call"),
    [
        ("estimate", ("POST", f"{API}/job/EstimateTask")),
        ("models", ("GET", f"{API}/job/Models/google/nano-banana")),
        ("upload", ("GET", f"{API}/files/upload-url")),
        ("put", ("PUT", "/uploads/x.png")),
        ("media", ("GET", "/media/x.png")),
    ],
)
def test_every_place(client: httpx.Client, place: str, call: tuple[str, str]) -> None:
    """Each endpoint can be made to answer with a fault."""
    script(client, {"on": place, "status": 504})
    assert client.request(*call).status_code == 504


def test_task_fates(client: httpx.Client) -> None:
    """A fate ends the next task as scripted, and a failure can be charged."""
    script(
        client,
        {"on": "create", "task": "fail", "message": "no", "charged": True},
        {"on": "create", "task": "fail-silent"},
        {"on": "create", "task": "no-url"},
        {"on": "create", "task": "upper-case"},
        {"on": "create", "task": "unknown-state"},
    )
    failed, silent, empty, upper, unknown = (info(client, create(client)) for _ in range(5))
    assert (failed["status"], failed["credits"], failed["result"]["message"]) == ("failed", 4, "no")
    assert (silent["status"], silent["credits"], silent["result"]) == ("failed", 0, None)
    assert (empty["status"], empty["credits"], empty["result"]["media_urls"]) == ("success", 4, [])
    assert upper["status"] == "SUCCESS"
    assert (unknown["status"], unknown["result"]) == ("moderating", None)


def test_quirks_end(client: httpx.Client) -> None:
    """404-first ends after one look, unknown-state after as many as scripted."""
    script(
        client,
        {"on": "create", "task": "404-first"},
        {"on": "create", "task": "unknown-state", "looks": 2},
    )
    late, unknown = create(client), create(client)
    first = client.get(f"{API}/job/TaskInfo", params={"task_id": late})
    assert first.status_code == 404
    assert info(client, late)["status"] == "success"
    states = [info(client, unknown)["status"] for _ in range(3)]
    assert states == ["moderating", "moderating", "success"]


def test_bad_scripts_are_refused(client: httpx.Client) -> None:
    """A script with a mistake is refused as a whole, with what is wrong."""
    answer = client.post("/simulator/faults", json=[{"on": "nowhere", "statsu": 1}])
    assert answer.status_code == 422
    assert [error.split(":")[0] for error in answer.json()["errors"]] == ["[0] statsu", "[0] on"]


def test_log_tells_what_was_called(client: httpx.Client) -> None:
    """The log has method, path, status, the body of creates, whether a key came, and no key."""
    url = info(client, create(client))["result"]["media_urls"][0]
    httpx.get(url)
    text = client.get("/simulator/log").text
    first, second, third = client.get("/simulator/log").json()
    assert (first["method"], first["status"], first["body"]) == ("POST", 200, PLAIN)
    assert second["path"] == f"{API}/job/TaskInfo"
    assert (first["key_sent"], third["key_sent"]) == (True, False)
    assert KEY not in text
    client.delete("/simulator/log")
    assert client.get("/simulator/log").json() == []
