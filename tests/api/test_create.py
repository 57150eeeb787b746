"""The paid call: one POST at most, unless it is sure that the one before was not taken."""

from __future__ import annotations

import gzip
import threading
import time

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api import retry
from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import Charged, OutcomeUnknownError, ServiceError
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer, envelope, free_port, raw_server
from tests.service import MODEL, PROMPT, Service
from tests.service_codes import CODES, DOUBTS, FINAL_REFUSALS, PUT_OFF

pytestmark = pytest.mark.usefixtures("short_limits")

HTML = b"<html><body>Bad gateway</body></html>"
TASK = b'{"code": 200, "message": "success", "data": {"task_id": "t1"}}'
BOMB = gzip.compress(b" " * 1_000_000 + TASK)

LOST = {
    "reset after the head": Reply(read="head", end="reset"),
    "reset after the body": Reply(end="reset"),
    "closed without an answer": Reply(),
    "silence": Reply(end="silence"),
    "cut by length": Reply((answer(TASK, content_length=str(len(TASK) + 9)),)),
    "cut in the head": Reply((b"HTTP/1.1 200 OK\r\ncontent-le",)),
    "cut in a chunk": Reply(
        (answer(transfer_encoding="chunked", content_length="") + b"40\r\n" + TASK,)
    ),
    "cut by closing": Reply((answer(TASK[:40], content_length="", connection="close"),)),
    "drip": Reply((answer(TASK, content_length="9999"), b" "), pause_s=0.02, endless=True),
    "endless": Reply((answer(content_length="", connection="close"), b" " * 65_536), endless=True),
    "too long by its own word": Reply((answer(content_length="999999999"),), end="silence"),
    "packed and cut": Reply((answer(gzip.compress(TASK)[:-9], content_encoding="gzip"),)),
    "packed to no end": Reply((answer(BOMB, content_encoding="gzip"),)),
    "packed as nobody knows": Reply((answer(gzip.compress(TASK), content_encoding="br"),)),
    "HTML 502": Reply((answer(HTML, "502 Bad Gateway"),)),
    "503": Reply((answer(b"", "503 Busy", retry_after="0"),)),
    "504": Reply((answer(b"", "504 Late"),)),
    "500": Reply((answer(b'{"code": 500, "message": "x"}', "500 Fault"),)),
    "500 in the body": Reply((envelope(code="500"),)),
    "501 in the body": Reply((envelope(code=501),)),
    "HTML 200": Reply((answer(HTML),)),
    "malformed JSON": Reply((answer(b'{"code": 200, "data"'),)),
    "empty": Reply((answer(),)),
    "200 without id": Reply((envelope({}),)),
    "redirect": Reply((answer(b"", "307 Moved", location="/elsewhere"),)),
    "no HTTP": Reply((b"SSH-2.0-OpenSSH_9.2\r\n",)),
    "a megabyte of head": Reply((b"HTTP/1.1 200 OK\r\nx: " + b"x" * 1_000_000,), end="silence"),
}


async def create(client: Client) -> str:
    return await client.create(MODEL, PROMPT)


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(LOST))
def test_lost_answer_is_unknown_and_sent_once(raw: RawServer, fault: str) -> None:
    """Whatever swallows the answer: one connection, one POST, and an outcome that is unknown."""
    raw.on("", LOST[fault])
    with pytest.raises(OutcomeUnknownError) as raised:
        ask(at(raw.url), create)
    assert raised.value.charged is Charged.UNKNOWN
    assert raw.connections == 1
    assert len(raw.arrived) == 1


def test_reset_before_the_request_never_pays(raw: RawServer) -> None:
    """A connection reset at once: not sent or unknown, as the reset was seen; nothing arrives."""
    raw.on("", Reply(read="nothing", end="reset"))
    with pytest.raises((OutcomeUnknownError, errors.NotSentError)) as raised:
        ask(at(raw.url), create)
    assert raised.value.charged in (Charged.UNKNOWN, Charged.NO)
    assert raw.arrived == []


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(LOST))
def test_lost_answer_of_a_look_at_money_is_asked_again(raw: RawServer, fault: str) -> None:
    """The same faults on a call without effect are survived, except for what is no fault."""
    good = Reply((envelope({"balance": 7}),))
    raw.on("", LOST[fault], good)
    if fault == "501 in the body":
        with pytest.raises(errors.GenerationFailedError):
            ask(at(raw.url), Client.balance)
        return
    assert ask(at(raw.url), Client.balance) == 7
    assert raw.connections == 2


@pytest.mark.parametrize("fault", ["HTML 502", "reset after the body", "malformed JSON"])
def test_lost_estimate_is_asked_again(raw: RawServer, fault: str) -> None:
    """The estimate is a POST and creates nothing: it may go out again."""
    raw.on("", LOST[fault], Reply((envelope({"credits": 4, "estimated": False}),)))
    found = ask(at(raw.url), lambda client: client.estimate(MODEL, PROMPT))
    assert (found.credits, len(raw.posts())) == (4, 2)


FORMS = ("status", "body_code", "string")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", FINAL_REFUSALS)
def test_refused_create_is_sent_once_and_free(service: Service, code: int, form: str) -> None:
    """A refusal is final and cost nothing, in each of its forms."""
    service.fault("create", times=None, **_in(form, code))
    with pytest.raises(ServiceError) as raised:
        ask(service.provider, create)
    assert (raised.value.code, raised.value.charged) == (code, CODES[code].charged)
    assert len(service.creates()) == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", DOUBTS)
def test_code_that_is_no_refusal_is_unknown(service: Service, code: int, form: str) -> None:
    """Each other code of the contract leaves open whether the create was taken: sent once."""
    service.fault("create", times=None, **_in(form, code))
    with pytest.raises(OutcomeUnknownError) as raised:
        ask(service.provider, create)
    assert raised.value.charged is CODES[code].charged
    assert len(service.creates()) == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", PUT_OFF)
def test_create_that_was_put_off_is_sent_again(service: Service, code: int, form: str) -> None:
    """After 429 and 455 the create goes out again, and makes one task."""
    service.fault("create", times=2, **_in(form, code))
    task_id = ask(service.provider, create)
    assert service.task_ids() == {task_id}
    assert len(service.creates()) == 3


@pytest.mark.long
@pytest.mark.parametrize("code", PUT_OFF)
def test_create_that_is_put_off_for_good_ends(
    service: Service, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repetitions are counted, and the error in the end cost nothing."""
    monkeypatch.setattr(retry, "ATTEMPTS", 2)  # a maintenance is asked again beyond them
    monkeypatch.setattr(retry, "MAINTENANCE_S", 1.0)  # enough for three on a busy machine
    service.fault("create", times=None, status=code)
    with pytest.raises(ServiceError) as raised:
        ask(service.provider, create)
    assert (raised.value.code, raised.value.charged) == (code, Charged.NO)
    sent = len(service.creates())
    assert sent == retry.ATTEMPTS if code == 429 else sent > retry.ATTEMPTS


@pytest.mark.parametrize("wait", ["0", "-3", "NaN", "soon", "Tue, 01 Jan 2019 00:00:00 GMT"])
def test_wait_that_says_nothing_is_backed_off(service: Service, wait: str) -> None:
    """A `Retry-After` of nothing or nonsense does not hold the create up."""
    service.fault("create", status=429, retry_after=wait)
    ask(service.provider, create)
    assert len(service.creates()) == 2


@pytest.mark.parametrize("wait", ["1000000000", "Fri, 01 Jan 2090 00:00:00 GMT"])
def test_wait_of_years_is_cut_short(
    service: Service, wait: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that asks for years is asked again after the longest wait."""
    monkeypatch.setattr(retry, "LONGEST_ASKED_S", 0.2)
    service.fault("create", status=429, retry_after=wait)
    ask(service.provider, create)
    first, second = (call["time"] for call in service.creates())
    assert second - first >= 0.2


@pytest.mark.long
def test_wait_in_seconds_is_kept(service: Service) -> None:
    """The second POST comes no earlier than the service asked for."""
    service.fault("create", status=429, retry_after="1")
    ask(service.provider, create)
    first, second = (call["time"] for call in service.creates())
    assert second - first >= 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_accepted_task_whose_answer_is_a_fault_is_not_doubled(
    service: Service, status: int
) -> None:
    """The task exists, the answer says 5xx: one POST, one task, outcome unknown."""
    service.fault("create", times=None, status=status, accepted=True, html=True)
    with pytest.raises(OutcomeUnknownError):
        ask(service.provider, create)
    assert (len(service.creates()), len(service.task_ids())) == (1, 1)


def test_refused_connection_was_not_sent() -> None:
    """Where nobody listens nothing was sent and nothing was charged."""
    with pytest.raises(errors.NotSentError) as raised:
        ask(at(f"http://127.0.0.1:{free_port()}"), create)
    assert raised.value.charged is Charged.NO


def test_refused_connection_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that comes up a moment later gets the create, once."""
    monkeypatch.setattr(retry, "FIRST_S", 0.4)
    port, made = free_port(), []
    url = f"http://127.0.0.1:{port}"
    thread = threading.Thread(target=lambda: made.append(ask(at(url), create)))
    thread.start()
    time.sleep(0.1)  # not synchronisation: any moment within the tries will do
    with raw_server(port) as raw:
        raw.on("", Reply((envelope({"task_id": "t1"}),)))
        thread.join(20)
    assert (made, len(raw.posts())) == (["t1"], 1)


def test_unknown_host_was_not_sent() -> None:
    """A name that no resolver knows is told as not reached."""
    with pytest.raises(errors.NotSentError):
        ask(at("http://nobody.invalid"), create)


def test_bad_certificate_is_never_tried_again(raw: RawServer) -> None:
    """Where TLS fails nothing was sent, and no second connection is tried."""
    raw.on("", Reply((b"HTTP/1.1 400 Bad Request\r\n\r\n",), "nothing", end="silence"))
    with pytest.raises(errors.CertificateError) as raised:
        ask(at(raw.url.replace("http:", "https:")), create)
    assert raised.value.charged is Charged.NO
    assert raw.connections == 1


def _in(form: str, code: int) -> dict[str, object]:
    if form == "string":
        return {"body_code": code, "code_as_string": True}
    return {form: code}
