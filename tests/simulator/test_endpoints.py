"""Every endpoint of the contract, over TCP."""

from __future__ import annotations

import gc
import io
import sqlite3
from pathlib import Path

import httpx
import pytest
from PIL import Image

from nanobanana_nb.simulator import Options, create_app
from tests.simulator.conftest import (
    API,
    KEY,
    PLAIN,
    Serve,
    body_of,
    create,
    in_process,
    info,
    picture,
    upload,
)

MODELS = {
    "google/nano-banana",
    "google/nano-banana-v2",
    "google/nano-banana-2",
    "google/nano-banana-2-v2",
    "google/nano-banana-2-lite",
    "google/nano-banana-pro",
    "google/nano-banana-pro-v2",
}


def test_finished_task_has_every_field(client: httpx.Client) -> None:
    """TaskInfo of a finished task carries the documented fields, and one link."""
    task_id = create(client)
    data = info(client, task_id)
    assert data["task_id"] == task_id
    assert data["status"] == "success"
    assert data["param"] == PLAIN
    assert data["credits"] == 4
    assert isinstance(data["create_at"], int)
    assert data["complete_at"] - data["create_at"] == data["duration_s"] == 0
    assert data["result"]["code"] == 200
    assert len(data["result"]["media_urls"]) == 1


def test_pending_task_has_no_result(serve: Serve) -> None:
    """A new task is pending, its credits are reserved, and there is no result yet."""
    with serve(Options(median_s=3600)) as client:
        data = info(client, create(client))
        balance = client.get(f"{API}/account/balance").json()["data"]["balance"]
    assert (data["status"], data["result"], data["complete_at"]) == ("pending", None, None)
    assert data["credits"] == 4
    assert balance == 1000


def test_balance_is_charged_when_the_task_is_done(client: httpx.Client) -> None:
    """The balance falls by the price of a finished task, and not by a failed one."""
    create(client)
    create(client, body_of("[fail] a heron"))
    assert client.get(f"{API}/account/balance").json()["data"] == {"balance": 996}


def test_estimates_create_nothing(client: httpx.Client) -> None:
    """Both estimate calls tell the exact price and create no task."""
    body = body_of("x", "google/nano-banana-pro", resolution="4K")
    first = client.post(f"{API}/job/estimate-credits", json=body).json()["data"]
    second = client.post(f"{API}/job/EstimateTask", json=body).json()["data"]
    assert first == {"credits": 10, "estimated": False}
    assert second == {"estimated_credits": 10, "balance": 1000, "affordable": True}
    assert client.get("/simulator/tasks").json() == []


def test_estimate_says_what_cannot_be_paid(serve: Serve) -> None:
    """EstimateTask is not affordable when running tasks have reserved the rest."""
    with serve(Options(balance=6, median_s=3600)) as client:
        create(client)
        data = client.post(f"{API}/job/EstimateTask", json=PLAIN).json()["data"]
    assert data == {"estimated_credits": 4, "balance": 6, "affordable": False}


def test_models_are_listed(client: httpx.Client) -> None:
    """Models lists the seven image models and none for another modality."""
    listed = client.get(f"{API}/job/Models", params={"modality": "image"}).json()["data"]
    other = client.get(f"{API}/job/Models", params={"modality": "video"}).json()["data"]
    assert {row["model"] for row in listed["models"]} == MODELS
    assert other == {"models": []}


@pytest.mark.parametrize("model", sorted(MODELS))
def test_model_schema_is_what_the_service_takes(client: httpx.Client, model: str) -> None:
    """Every choice that a model's schema offers is accepted, and another is refused."""
    data = client.get(f"{API}/job/Models/{model}").json()["data"]
    assert data["required_input_fields"] == ["prompt"]
    properties = data["input_schema"]["properties"]
    for name, rule in properties.items():
        for value in [*rule.get("enum", []), "no such value"]:
            body = {"model": model, "input": {"prompt": "x", name: value}}
            answer = client.post(f"{API}/job/estimate-credits", json=body)
            fits = value in rule.get("enum", []) or name == "prompt"
            assert (answer.status_code == 200) is fits, (name, value)


def test_upload_comes_back(client: httpx.Client) -> None:
    """An uploaded file is served under its link as it came, without a key."""
    link = upload(client, b"any bytes", "image/webp")
    answer = httpx.get(link)
    assert answer.content == b"any bytes"
    assert answer.headers["content-type"] == "image/webp"


def test_links_begin_with_the_asked_base(serve: Serve) -> None:
    """base_url, when set, is what links begin with."""
    with serve(Options(speed=0, base_url="http://127.0.0.1:9/here/")) as client:
        url = info(client, create(client))["result"]["media_urls"][0]
    assert url.startswith("http://127.0.0.1:9/here/media/")


def test_in_process_without_a_lifespan() -> None:
    """The application works through an ASGI transport alone, in two event loops in turn."""

    async def work(client: httpx.AsyncClient) -> bytes:
        made = (await client.post(f"{API}/job/CreateTask", json=PLAIN)).json()["data"]
        seen = (await client.get(f"{API}/job/TaskInfo", params=made)).json()["data"]
        url = seen["result"]["media_urls"][0]
        assert url.startswith("http://simulator.localhost/media/")
        return (await client.get(url)).content

    pictures = [in_process(Options(speed=0), work) for _ in range(2)]
    assert pictures[0] == pictures[1]
    assert Image.open(io.BytesIO(pictures[0])).size == (1024, 1024)


@pytest.mark.parametrize("file", [None, "state.sqlite"])
def test_dropped_application_closes_its_database(file: str | None, tmp_path: Path) -> None:
    """Nothing ends an application without a lifespan: dropping it has to be enough."""
    app = create_app(Options(state=tmp_path / file if file else None))
    connection = app.state.service.store._db
    connection.execute("SELECT 1")
    del app
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_accounts_do_not_see_each_other(client: httpx.Client) -> None:
    """A task is visible only to the key that created it."""
    task_id = create(client)
    other = {"x-api-key": KEY.replace("0", "f")}
    answer = client.get(f"{API}/job/TaskInfo", params={"task_id": task_id}, headers=other)
    assert (answer.status_code, answer.json()["code"]) == (404, 404)


def test_media_type_is_told(client: httpx.Client) -> None:
    """A jpeg is delivered when asked for, and by a model that always does."""
    asked = picture(client, body_of("x", output_format="jpeg"))
    always = picture(client, body_of("x", "google/nano-banana-2-v2", output_format="png"))
    assert Image.open(io.BytesIO(asked)).format == "JPEG"
    assert Image.open(io.BytesIO(always)).format == "JPEG"
