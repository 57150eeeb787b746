"""The whole contract through the client, over TCP and in process."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from nanobanana_nb import __version__, errors
from nanobanana_nb.api import simulated
from nanobanana_nb.api.client import Client
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.model.result import State
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.simulator import Options
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer, envelope
from tests.service import KEY, MODEL, PROMPT, Service, serving


def png() -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def test_create_look_download(either: Service) -> None:
    """A created task is found finished, and its picture comes whole."""

    async def work(client: Client) -> tuple[Any, bytes]:
        info = await client.look(await client.create(MODEL, PROMPT))
        return info, await client.download(info.media_urls[0])

    info, data = ask(either.provider, work)
    assert (info.state, info.credits, {info.task_id}) == (State.SUCCESS, 4, either.task_ids())
    with Image.open(BytesIO(data)) as image:
        assert image.format == "PNG"
    assert either.creates()[0]["body"] == {"model": MODEL, "input": PROMPT}


def test_callback_url_goes_along(either: Service) -> None:
    """A callback address is sent beside the input, not in it."""
    url = "https://me.example/done"
    ask(either.provider, lambda client: client.create(MODEL, PROMPT, url))
    assert either.creates()[0]["body"]["callback_url"] == url


def test_balance_and_estimate(either: Service) -> None:
    """Both money calls answer, and neither creates a task."""
    assert ask(either.provider, Client.balance) == 1_000_000
    found = ask(either.provider, lambda client: client.estimate(MODEL, PROMPT))
    assert (found.credits, found.exact) == (4, True)
    assert either.task_ids() == set()
    assert [c["path"].rpartition("/")[2] for c in either.calls()] == ["balance", "estimate-credits"]


def test_estimate_falls_back_on_404(either: Service) -> None:
    """Where the documented estimate is not found, the other one is asked, once."""
    either.fault("estimate", status=404)
    found = ask(either.provider, lambda client: client.estimate(MODEL, PROMPT))
    assert (found.credits, found.exact, found.balance) == (4, False, 1_000_000)
    assert len(either.calls("/estimate-credits")) == len(either.calls("/EstimateTask")) == 1


def test_estimate_that_neither_endpoint_knows_is_not_found(either: Service) -> None:
    """When both say 404 that is the error."""
    either.fault("estimate", status=404, times=None)
    with pytest.raises(errors.NotFoundError):
        ask(either.provider, lambda client: client.estimate(MODEL, PROMPT))


def test_refused_estimate_does_not_fall_back(either: Service) -> None:
    """Only a 404 asks the second endpoint; a 422 is the answer."""
    bad = {**PROMPT, "aspect_ratio": "7:1"}
    with pytest.raises(errors.InvalidRequestError, match="aspect_ratio"):
        ask(either.provider, lambda client: client.estimate(MODEL, bad))
    assert either.calls("/EstimateTask") == []


def test_models_and_schema(either: Service) -> None:
    """The models are listed by name, and each has its schema."""
    assert MODEL in ask(either.provider, Client.models)
    schema = ask(either.provider, lambda client: client.schema(MODEL))
    assert "prompt" in schema["required_input_fields"]
    assert "aspect_ratio" in schema["input_schema"]["properties"]
    with pytest.raises(errors.NotFoundError):
        ask(either.provider, lambda client: client.schema("google/none"))


def test_upload_puts_the_bytes_without_the_key(either: Service) -> None:
    """An upload is announced with the key and sent without it; its link gives the same bytes."""

    async def work(client: Client) -> bytes:
        return await client.download(await client.upload(png(), "image/png"))

    assert ask(either.provider, work) == png()
    sent = [(call["method"], call["key_sent"]) for call in either.calls()]
    assert sent == [("GET", True), ("PUT", False), ("GET", False)]


def test_refused_upload_is_an_error(either: Service) -> None:
    """Storage that says no is told, without its link's signature."""
    either.fault("put", status=403, times=None)
    with pytest.raises(errors.ConnectionLostError, match="HTTP 403") as raised:
        ask(either.provider, lambda client: client.upload(png(), "image/png"))
    assert "signature" not in str(raised.value)


def test_upload_survives_one_fault_of_the_storage(either: Service) -> None:
    """Putting the same bytes under the same link twice harms nobody, so a 503 is tried again."""
    either.fault("put", status=503)
    ask(either.provider, lambda client: client.upload(png(), "image/png"))
    assert len([call for call in either.calls() if call["method"] == "PUT"]) == 2


@pytest.mark.parametrize("fault", [{"status": 408}, {"status": 425}, {"body_code": 408}])
def test_time_out_at_the_service_is_passed_over(either: Service, fault: dict[str, int]) -> None:
    """What has no effect is asked again, as after a fault; a create never is."""
    for place in ("models", "balance", "estimate", "upload"):
        either.fault(place, **fault)
    assert MODEL in ask(either.provider, Client.models)
    assert ask(either.provider, Client.balance) == 1_000_000
    assert ask(either.provider, lambda client: client.estimate(MODEL, PROMPT)).credits == 4
    ask(either.provider, lambda client: client.upload(png(), "image/png"))
    either.fault("create", **fault)
    with pytest.raises(errors.OutcomeUnknownError):
        ask(either.provider, lambda client: client.create(MODEL, PROMPT))
    assert len(either.creates()) == 1


@pytest.mark.parametrize("speed", [50.0, 1.0, 0.25, 0.0])
def test_simulator_is_asked_no_faster_than_it_takes(tmp_path: Path, speed: float) -> None:
    """Its own limit and the one that the client keeps are the same: 20 calls in 10 s at most."""
    rate = simulated.provider(Settings(home=tmp_path, simulator_speed=speed)).rate
    assert rate == (Options(speed=speed).limit or (20, 0.0))


def test_simulator_that_could_not_begin_is_tried_anew(tmp_path: Path) -> None:
    """What is in its way is told; once it is gone the same client works."""
    (tmp_path / "simulator.sqlite").mkdir()

    async def work(client: Client) -> float:
        for _ in range(2):
            with pytest.raises(errors.LedgerError, match="simulator"):
                await client.balance()
        (tmp_path / "simulator.sqlite").rmdir()
        return await client.balance()

    provider = simulated.provider(Settings(home=tmp_path, simulator_speed=0.0))
    assert ask(provider, work) == 1000


def test_odd_task_id_is_quoted(raw: RawServer) -> None:
    """An opaque id survives the query whatever is in it."""
    odd = "a b&c=d/ü?#%2F+"
    raw.on("", Reply((envelope({"task_id": odd, "status": "running"}),)))
    info = ask(at(raw.url), lambda client: client.look(odd))
    assert info.task_id == odd
    url = httpx.URL(raw.url + raw.arrived[0].path)
    assert (url.params["task_id"], len(url.params)) == (odd, 1)


def test_headers_of_the_api(raw: RawServer) -> None:
    """Every call names this project, asks for plain bytes, and carries the key."""
    raw.on("", Reply((envelope({"balance": 1}),)))
    ask(at(raw.url), Client.balance)
    headers = raw.arrived[0].headers
    assert headers["user-agent"] == f"nanobanana_nb/{__version__}"
    assert headers["accept-encoding"] == "identity"
    assert headers["x-api-key"] == KEY


def test_headers_of_media(raw: RawServer) -> None:
    """Media are fetched as this project, uncompressed, and without any key or authorization."""
    raw.on("", Reply((answer(b"bytes"),)))
    assert ask(at(raw.url), lambda client: client.download(raw.url + "/a.png")) == b"bytes"
    headers = raw.arrived[0].headers
    assert headers["user-agent"] == f"nanobanana_nb/{__version__}"
    assert headers["accept-encoding"] == "identity"
    assert not {"x-api-key", "authorization", "cookie"} & set(headers)
    assert KEY not in repr(headers)


def test_create_takes_a_new_connection(raw: RawServer) -> None:
    """A connection kept alive, which may be dead by now, is never trusted with a create."""
    raw.on("balance", Reply((envelope({"balance": 1}),), end="keep"))
    raw.on("CreateTask", Reply((envelope({"task_id": "t1"}),), end="keep"))

    async def work(client: Client) -> str:
        await client.balance()
        await client.balance()
        return await client.create(MODEL, PROMPT)

    assert ask(at(raw.url), work) == "t1"
    assert [one.connection for one in raw.arrived] == [1, 1, 2]


@pytest.mark.long
def test_connection_closed_while_idle_harms_no_call() -> None:
    """A service that closes idle connections is asked again without an error."""
    with serving() as service:

        async def work(client: Client) -> list[float]:
            found = [await client.balance()]
            for _ in range(2):
                await asyncio.sleep(1.2)  # the service closes after one second
                await client.create(MODEL, PROMPT)
                found.append(await client.balance())
            return found

        assert len(ask(service.provider, work)) == 3
        assert len(service.creates()) == len(service.task_ids()) == 2


def test_key_does_not_follow_a_redirect(raw: RawServer) -> None:
    """A redirect of the API is not followed: the key goes to one host only."""
    with serving() as elsewhere:
        raw.on("", Reply((answer(b"", "307 Moved", location=elsewhere.url + "/x"),)))
        with pytest.raises(errors.NanobananaError):
            ask(at(raw.url), Client.balance)
        assert elsewhere.calls() == []


def test_simulator_is_made_once(tmp_path: Path) -> None:
    """Many first calls at once are answered by one simulator, with one set of books."""
    made = []
    real = simulated.provider(Settings(home=tmp_path, simulator_speed=0.0))

    def app() -> Any:
        assert real.app is not None
        made.append(real.app())
        return made[-1]

    provider = Provider(real.name, real.base_url, real.wire, needs_key=False, app=app)

    async def work(client: Client) -> list[float]:
        return await asyncio.gather(*(client.balance() for _ in range(8)))

    assert set(ask(provider, work)) == {1000}  # the play money of the simulator
    assert len({id(one) for one in made}) == 1


@pytest.mark.parametrize("broken", ["folder", "garbage"])
def test_simulator_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path, broken: str) -> None:
    """A simulator whose file cannot be used is told in our own words."""
    file = tmp_path / "simulator.sqlite"
    if broken == "folder":
        file.mkdir()
    else:
        file.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    provider = simulated.provider(Settings(home=tmp_path, simulator_speed=0.0))
    with pytest.raises(errors.NanobananaError):
        ask(provider, Client.balance)
