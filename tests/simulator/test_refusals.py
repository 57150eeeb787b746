"""Every refusal of the contract, as it looks on the wire."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from nanobanana_nb.model.catalog import MODELS, ModelInfo, too_long
from nanobanana_nb.simulator import Options
from tests.fixtures import until
from tests.simulator.conftest import API, KEY, PLAIN, Serve, body_of, create, info, upload

SEED = ("google/nano-banana", "google/nano-banana-v2")
INVALID = "Value error, Invalid input for model "


@pytest.mark.parametrize(
    ("key", "message"), [("", "API key missing"), ("sk_wrong", "Invalid API key")]
)
def test_unknown_key(client: httpx.Client, key: str, message: str) -> None:
    """A missing or wrong key is refused with 401 in the envelope."""
    answer = client.get(f"{API}/account/balance", headers={"x-api-key": key})
    assert answer.status_code == 401
    assert answer.json() == {"code": 401, "message": message, "data": None}


def test_only_the_named_keys(serve: Serve) -> None:
    """With keys named, no other key is let in."""
    with serve(Options(keys=(KEY,))) as client:
        assert client.get(f"{API}/account/balance").status_code == 200
        other = client.get(f"{API}/account/balance", headers={"x-api-key": "ak_other"})
    assert other.status_code == 401


def test_disabled_account(client: httpx.Client) -> None:
    """A disabled key is refused with 403."""
    answer = client.get(f"{API}/account/balance", headers={"x-api-key": "ak_disabled_1"})
    assert (answer.status_code, answer.json()["code"]) == (403, 403)


def test_insufficient_credits(serve: Serve) -> None:
    """What running tasks have reserved cannot be spent again: 402."""
    with serve(Options(balance=7, median_s=3600)) as client:
        create(client)
        answer = client.post(f"{API}/job/CreateTask", json=PLAIN)
    assert (answer.status_code, answer.json()["code"]) == (402, 402)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/job/TaskInfo?task_id=none"),
        ("GET", "/job/Models/google/none"),
        ("GET", "/none"),
    ],
)
def test_not_found(client: httpx.Client, method: str, path: str) -> None:
    """A missing task, model or endpoint is 404 in the envelope."""
    answer = client.request(method, API + path)
    assert (answer.status_code, answer.json()["code"]) == (404, 404)


def test_task_info_needs_an_id(client: httpx.Client) -> None:
    """TaskInfo without task_id is 422 with errors."""
    answer = client.get(f"{API}/job/TaskInfo")
    assert (answer.status_code, answer.json()["errors"]) == (422, ["task_id: field required"])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ([], "body: must be a JSON object"),
        ({"input": {"prompt": "x"}}, "model: field required"),
        ({"model": "none", "input": {"prompt": "x"}}, "model: unknown model 'none'"),
        ({"model": "google/nano-banana"}, "input: field required"),
        ({**PLAIN, "callback": "x"}, "callback: unknown field"),
        ({**PLAIN, "callback_url": "ftp://x"}, "callback_url: must be"),
        ({"model": "google/nano-banana", "input": {}}, "prompt: field required"),
        (body_of("  "), "prompt: may not be empty"),
        (body_of("x" * 5001), "prompt: 5001 characters, at most 5000"),
        (body_of("x", seed=1), "seed: unknown field"),
        (body_of("x", aspect_ratio="1:4"), "aspect_ratio: '1:4' is not one of"),
        (body_of("x", output_format="jpg"), "output_format: 'jpg' is not one of"),
        (body_of("x", img_urls=[]), "img_urls: may not be an empty list"),
        (body_of("x", img_urls=["https://a/b"] * 11), "img_urls: 11 items, at most 10"),
        (body_of("x", img_urls=["data:image/png;base64,"]), "img_urls[0]: must be"),
        (body_of("x", "google/nano-banana-2", google_search="yes"), "google_search: must be"),
    ],
)
def test_validation(client: httpx.Client, body: Any, error: str) -> None:
    """What is wrong with a request is said in top-level errors, by all three calls."""
    for path in ("CreateTask", "estimate-credits", "EstimateTask"):
        answer = client.post(f"{API}/job/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, 422)
        said = answer.json()["errors"][0]
        if said.startswith(INVALID):  # the vendor's own words
            model, _, said = said.removeprefix(INVALID).partition(": ")
            assert model == body["model"]
        assert said.startswith(error)


def test_not_json(client: httpx.Client) -> None:
    """A body that is not JSON is 422."""
    for content in (b"{", b"\xff", b'{"model": NaN}', b'{"model": "\\ud800"}'):
        answer = client.post(f"{API}/job/CreateTask", content=content)
        assert answer.json()["errors"] == ["body: must be JSON"]


def test_fields_that_are_read_over(client: httpx.Client) -> None:
    """A model without output_format and resolution reads over both."""
    body = body_of("x", "google/nano-banana-v2", output_format="webp", resolution="8K")
    assert info(client, create(client, body))["status"] == "success"


def test_rate_limit(serve: Serve) -> None:
    """One call too many is 429 with Retry-After; another key and media are not counted."""
    with serve(Options(speed=0, rate=(3, 60))) as client:
        url = info(client, create(client))["result"]["media_urls"][0]
        statuses = [client.get(f"{API}/account/balance") for _ in range(2)]
        other = client.get(f"{API}/account/balance", headers={"x-api-key": "ak_other"})
        media = httpx.get(url)
    assert [answer.status_code for answer in statuses] == [200, 429]
    assert 1 <= int(statuses[1].headers["retry-after"]) <= 60
    assert (other.status_code, media.status_code) == (200, 200)


def test_rate_limit_ends(serve: Serve) -> None:
    """After the window has passed, calls are let in again."""
    with serve(Options(rate=(1, 0.2))) as client:
        assert client.get(f"{API}/account/balance").status_code == 200
        until(lambda: client.get(f"{API}/account/balance").status_code == 200)


def test_links_expire(serve: Serve) -> None:
    """A dead or forged link is 403; TaskInfo gives a fresh one that works."""
    with serve(Options(speed=0, link_life_s=0.5)) as client:
        task_id = create(client)
        url = info(client, task_id)["result"]["media_urls"][0]
        assert httpx.get(url.replace("signature=", "signature=0")).status_code == 403
        until(lambda: httpx.get(url).status_code == 403)
        fresh = info(client, task_id)["result"]["media_urls"][0]
        assert fresh != url
        assert httpx.get(fresh).status_code == 200


def test_dead_link_is_no_reference(serve: Serve) -> None:
    """A task that was given a link of its own service after its life fails, uncharged."""
    with serve(Options(speed=0, link_life_s=2.0)) as client:
        url = info(client, create(client))["result"]["media_urls"][0]
        alive = info(client, create(client, body_of("x", img_urls=[url])))
        until(lambda: httpx.get(url).status_code == 403)
        dead = info(client, create(client, body_of("x", img_urls=[url])))
    assert (alive["status"], dead["status"], dead["credits"]) == ("success", "failed", 0)
    assert dead["result"]["message"] == "reference image 1 could not be read"


def test_upload_refusals(client: httpx.Client) -> None:
    """A type that is no media is 422, another Content-Type 403, too many bytes 413."""
    where = f"{API}/files/upload-url"
    for query in ({"content_type": "text/html"}, {"content_type": "image/png", "ext": "png/../x"}):
        wrong = client.get(where, params=query)
        assert (wrong.status_code, wrong.json()["code"]) == (422, 422)
    url = client.get(where, params={"content_type": "image/png"}).json()["data"]["presigned_url"]
    jpeg, png = {"content-type": "image/jpeg"}, {"content-type": "image/png"}
    assert httpx.put(url, content=b"x", headers=jpeg).status_code == 403
    assert httpx.put(url, content=bytes(20_000_001), headers=png).status_code == 413
    assert httpx.put(url, content=b"x", headers=png).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    ["image/gif", "image/avif", "image/svg+xml", "image/x-icon", "video/mp4", "audio/mpeg"],
)
def test_any_media_can_be_uploaded(client: httpx.Client, content_type: str) -> None:
    """The service takes any media, GIF too, and gives it back as it came."""
    answer = httpx.get(upload(client, b"any bytes", content_type))
    assert (answer.content, answer.headers["content-type"]) == (b"any bytes", content_type)


def test_gif_as_reference(client: httpx.Client) -> None:
    """Its first picture is worked into the new one."""
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "GIF")
    link = upload(client, buffer.getvalue(), "image/gif")
    assert info(client, create(client, body_of("x", img_urls=[link])))["status"] == "success"


@pytest.mark.parametrize("url", ["", None])
def test_empty_callback_url_is_none(client: httpx.Client, url: str | None) -> None:
    """Clients send it where they want no callback."""
    task_id = create(client, {**PLAIN, "callback_url": url})
    assert info(client, task_id)["status"] == "success"


@pytest.mark.parametrize("url", [0, False, [], " ", "host/x"])
def test_callback_url_that_is_none(client: httpx.Client, url: object) -> None:
    """What is no address is refused."""
    answer = client.post(f"{API}/job/CreateTask", json={**PLAIN, "callback_url": url})
    assert answer.json()["errors"] == ["callback_url: must be an http or https URL"]


@pytest.mark.parametrize("info", MODELS.values(), ids=MODELS)
def test_longest_prompt(client: httpx.Client, info: ModelInfo) -> None:
    """The client warns above what the service takes, of each model."""
    for length, status in ((info.prompt_limit, 200), (info.prompt_limit + 1, 422)):
        body = body_of("x" * length, info.name)
        assert client.post(f"{API}/job/estimate-credits", json=body).status_code == status
        assert bool(too_long(info.name, "x" * length)) is (status == 422)
    assert info.prompt_limit == (5000 if info.name in SEED else 20_000)


PRICES = [
    ("google/nano-banana-2", "1K", 5),
    ("google/nano-banana-2", "2K", 8),
    ("google/nano-banana-2", "4K", 12),
    ("google/nano-banana-pro", "1K", 8),
    ("google/nano-banana-pro", "4K", 10),
]


@pytest.mark.parametrize(("model", "resolution", "credits"), PRICES)
def test_public_prices(client: httpx.Client, model: str, resolution: str, credits: float) -> None:
    """Those that are public are the simulator's too."""
    body = body_of("x", model, resolution=resolution)
    data = client.post(f"{API}/job/estimate-credits", json=body).json()["data"]
    assert data == {"credits": credits, "estimated": False}


def test_rate_of_the_service(serve: Serve) -> None:
    """20 calls in 10 seconds, as much faster as all else is, and no limit where nothing lasts."""
    with serve(Options()) as client:
        answers = [client.get(f"{API}/account/balance").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert [Options(speed=s).limit for s in (2, 1, 0.1, 0)] == [(20, 10), (20, 10), (20, 1), None]


def test_unreadable_reference_fails(client: httpx.Client) -> None:
    """A reference of its own that is no image fails the task with a reason, uncharged."""
    body = body_of("x", img_urls=[upload(client, b"not an image")])
    data = info(client, create(client, body))
    assert (data["status"], data["credits"]) == ("failed", 0)
    assert data["result"]["message"] == "reference image 1 could not be read"


@pytest.mark.parametrize(
    ("mark", "result"),
    [
        (
            "[fail]",
            {
                "code": 501,
                "message": "blocked by the simulated content filter",
                "media_urls": [],
            },
        ),
        ("[fail-silent]", None),
    ],
)
def test_failing_prompts(client: httpx.Client, mark: str, result: object) -> None:
    """A prompt can ask for a failure with or without a reason; neither is charged."""
    data = info(client, create(client, body_of(f"{mark} a heron")))
    assert (data["status"], data["credits"], data["result"]) == ("failed", 0, result)


def test_bad_options_are_refused() -> None:
    """Options that cannot be meant raise ValueError with the name."""
    with pytest.raises(ValueError, match="speed"):
        Options(speed=-1)
    with pytest.raises(ValueError, match="rate"):
        Options(rate=(0, 1))
