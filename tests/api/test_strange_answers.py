"""Whatever a service answers, the client returns something or raises an error of ours."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import Charged, InputError, NanobananaError, from_record
from tests.api.conftest import ask, at
from tests.service import IN_PROCESS, MODEL, PROMPT

METHODS: dict[str, Callable[[Client], Awaitable[Any]]] = {
    "create": lambda client: client.create(MODEL, PROMPT),
    "look": lambda client: client.look("t1"),
    "balance": lambda client: client.balance(),
    "estimate": lambda client: client.estimate(MODEL, PROMPT),
    "models": lambda client: client.models(),
    "schema": lambda client: client.schema(MODEL),
    "upload": lambda client: client.upload(b"x", "image/png"),
}
NAMES = (
    *("task_id", "status", "result", "credits", "media_urls", "reason", "error", "url"),
    *("balance", "estimated_credits", "estimated", "models", "model", "presigned_url", "file_url"),
    *("duration_s", "create_at", "complete_at", "code", "message", "errors", "data"),
)
LINKS = (
    *("http://127.0.0.1:9/\ud800", "http://\ud800/", "http://\0", "https://xn--/", "https://[::1"),
    *("https://h.example:99999/", "https://u:p@[v1.x]/", "https://a..b/", "https:///a", "https://"),
    *("https://" + "a" * 300 + ".example/", "https://h/" + "x" * 100_000, "https://%00/"),
    *("https://\u2028/", "https://h\ud83d.example/?x=\udfff", "http://127.0.0.1:0/"),
    *("https://a\tb/", "HTTPS://[fe80::1%25eth0]/", "https://①/", "//x", "http:", ""),
)
texts = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(LINKS)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | texts, inner, max_size=4)
    ),
    max_leaves=8,
)
data = st.dictionaries(st.sampled_from(NAMES), values, max_size=6) | values
codes = st.sampled_from((200, "200", 200.0, 404, 422, 500, -1, 10**400, 1e308)) | leaves
bodies = st.binary(max_size=40) | st.fixed_dictionaries(
    {"code": codes, "data": data}, optional={"message": values, "errors": values}
).map(lambda body: json.dumps(body).encode())


def answering(body: bytes, status: int = 200) -> Any:
    """An application that answers every call so, and takes what is put."""

    def answer(request: Request) -> Response:
        return Response(b"" if request.method == "PUT" else body, status)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "PUT"])])


def asked(work: Callable[[Client], Awaitable[Any]], app: Any) -> Any:
    """Return what the client says, or its error, whose every form can be shown and kept."""
    try:
        return ask(at(IN_PROCESS, lambda: app), work)
    except NanobananaError as raised:
        error = raised
    for text in (str(error), *error._render_traceback_(), json.dumps(error.to_record())):
        text.encode()
    assert str(from_record(error.to_record())) == str(error)
    return error


@pytest.mark.long
@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=bodies, status=st.sampled_from((200, 200, 200, 201, 302, 404, 422, 500)))
@example(body=b'{"code": 200, "data": {"models": 7}}', status=200)
@example(body=b'{"code": 200, "data": {"task_id": "\\ud800"}}', status=200)
def test_any_answer_is_read_or_refused(method: str, body: bytes, status: int, quick: None) -> None:
    """No answer of any call raises anything but an error of ours; ids are text that can be kept."""
    found = asked(METHODS[method], answering(body, status))
    if method == "create" and isinstance(found, str):
        assert found.strip()
        found.encode()


@pytest.fixture(scope="module")
def quick() -> Any:
    """Let a call be tried once or twice, without a pause."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("nanobanana_nb.api.retry.ATTEMPTS", 2)
        patched.setattr("nanobanana_nb.api.retry.FIRST_S", 0.0)
        patched.setattr("nanobanana_nb.api.retry.MAINTENANCE_PAUSE_S", 0.0)
        yield


@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "https://api.example"])
@pytest.mark.parametrize("link", LINKS, ids=lambda link: ascii(link)[:40])
def test_any_link_is_fetched_or_refused(link: str, base: str) -> None:
    """An odd link is an error of ours, before and after a connection is tried."""

    async def download(client: Client) -> bytes:
        return await client.download(link)

    with pytest.raises(NanobananaError) as raised:
        ask(at(base), download)
    str(raised.value).encode()


@pytest.mark.parametrize("link", LINKS[:-1], ids=lambda link: ascii(link)[:40])
def test_any_place_for_an_upload_is_tried_or_refused(link: str, quick: None) -> None:
    """So is one that a reference image should be put at."""
    slot = {"presigned_url": link, "file_url": "https://h.example/a"}
    body = json.dumps({"code": 200, "data": slot}).encode()
    found = asked(METHODS["upload"], answering(body))
    assert isinstance(found, NanobananaError | str)


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(
    link=st.sampled_from(("https://", "http://", "HTTPS://[", "")).flatmap(
        lambda scheme: st.text(st.characters(codec=None), max_size=40).map(scheme.__add__)
    )
)
def test_any_text_as_a_link(link: str) -> None:
    """Whatever stands where a link should be."""
    app = answering(b"x")
    found = asked(lambda client: client.download(link), app)
    assert found == b"x" or isinstance(found, NanobananaError)


@pytest.mark.parametrize("fields", [{"prompt": "\ud800"}, {"prompt": "a", "x": float("nan")}])
def test_what_cannot_be_written_down_is_not_sent(fields: dict[str, Any]) -> None:
    """Half a surrogate pair in a prompt is told as what it is, and costs nothing."""
    for work in (
        lambda client: client.create(MODEL, fields),
        lambda client: client.estimate(MODEL, fields),
    ):
        found = asked(work, answering(b"{}"))
        assert isinstance(found, InputError)
    assert asked(lambda c: c.create(MODEL, fields), answering(b"{}")).charged is Charged.NO
