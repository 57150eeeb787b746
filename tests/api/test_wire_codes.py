"""What an answer stands for: every code of the contract in each of its forms, and nonsense."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api.crun import CrunWire, read_envelope
from nanobanana_nb.api.provider import Answer
from nanobanana_nb.errors import ServiceError, UnexpectedAnswerError
from tests.service_codes import CODES

HTML = b"<!doctype html><html><body><h1>Bad gateway</h1></body></html>"


def said(status: int, body: Any, **headers: str) -> Answer:
    """The answer with this status and this body, as JSON unless it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers, content)


def form(name: str, code: int) -> Answer:
    """One of the forms in which a code arrives."""
    body = {"code": code, "message": "the reason", "data": None}
    return {
        "status and body": said(code, body),
        "status alone": said(code, {"message": "the reason"}),
        "status, body says 200": said(code, {**body, "code": 200}),
        "body": said(200, body),
        "body as a string": said(200, {**body, "code": str(code)}),
        "body as a fraction": said(200, {**body, "code": float(code)}),
    }[name]


FORMS = (
    *("status and body", "status alone", "status, body says 200"),
    *("body", "body as a string", "body as a fraction"),
)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("code", sorted(CODES))
def test_code_means_the_same_in_every_form(code: int, name: str) -> None:
    """A code is the same error as HTTP status and in a body, as a number and as a string."""
    with pytest.raises(ServiceError) as raised:
        read_envelope(form(name, code))
    assert type(raised.value) is CODES[code].error
    assert raised.value.code == code
    assert raised.value.why == "the reason"


@pytest.mark.parametrize("reader", ["created", "balance", "estimate", "models", "schema", "upload"])
def test_every_reader_raises_the_refusal(reader: str) -> None:
    """No reader takes a refusal for an answer."""
    with pytest.raises(errors.AuthenticationError):
        getattr(CrunWire(), f"read_{reader}")(form("body", 401))


def test_body_counts_before_the_status() -> None:
    """A gateway's 500 around a body that says 402 is a 402."""
    with pytest.raises(errors.InsufficientCreditsError):
        read_envelope(said(500, {"code": 402, "message": "no credits", "data": None}))


@pytest.mark.parametrize("code", [200, "200", " 200 ", 200.0])
def test_success_is_a_2xx_with_code_200(code: Any) -> None:
    """The code of a good answer may be a string; its status may be any 2xx."""
    assert read_envelope(said(200, {"code": code, "data": {"a": 1}})) == {"a": 1}
    assert read_envelope(said(201, {"code": code, "data": None})) is None


def test_validation_errors_are_all_told() -> None:
    """A 422 says each of its errors."""
    body = {"code": 422, "message": "Missing", "data": None, "errors": ["prompt: required", 7]}
    with pytest.raises(errors.InvalidRequestError, match="Missing; prompt: required; 7"):
        read_envelope(said(200, body))


@pytest.mark.parametrize("listed", [None, "one", {"a": 1}, [None], [["x"]]])
def test_odd_validation_errors_break_nothing(listed: Any) -> None:
    """A 422 whose `errors` is no list of texts is a 422 still."""
    with pytest.raises(errors.InvalidRequestError):
        read_envelope(said(422, {"code": 422, "message": "Missing", "errors": listed}))


@pytest.mark.parametrize(("status", "kind"), [(403, 403), (404, 404), (502, 502), (503, 503)])
def test_gateways_page_is_its_status(status: int, kind: int) -> None:
    """HTML in the place of JSON is what its HTTP status says, and the text says HTML."""
    with pytest.raises(CODES[kind].error, match="web page") as raised:
        read_envelope(said(status, HTML))
    assert "<h1>" not in str(raised.value)


NO_SENSE = {
    "HTML": said(200, HTML),
    "empty": said(200, b""),
    "blank": said(200, b" \n"),
    "malformed": said(200, b'{"code": 200, "data": {'),
    "deep": said(200, b"[" * 100_000),
    "not UTF-8": said(200, b'{"code": 200, "data": "\xff\xfe"}'),
    "list": said(200, [200]),
    "text": said(200, "200"),
    "null": said(200, None),
    "no code": said(200, {"data": {"task_id": "t"}}),
    "code null": said(200, {"code": None, "data": {}}),
    "code true": said(200, {"code": True, "data": {}}),
    "code in words": said(200, {"code": "ok", "data": {}}),
    "code NaN": said(200, b'{"code": NaN, "data": {}}'),
    "code without end": said(200, b'{"code": ' + b"9" * 5000 + b"}"),
    "code 0": said(200, {"code": 0, "data": {}}),
    "code 302": said(200, {"code": 302, "data": {}}),
    "redirect": said(307, b""),
}


@pytest.mark.parametrize("name", sorted(NO_SENSE))
def test_what_makes_no_sense_is_unexpected(name: str) -> None:
    """An answer outside the contract is an error of ours, whatever it holds."""
    with pytest.raises(UnexpectedAnswerError):
        read_envelope(NO_SENSE[name])


def test_long_message_is_cut() -> None:
    """A message of a megabyte does not flood the notebook."""
    with pytest.raises(ServiceError) as raised:
        read_envelope(said(500, {"code": 500, "message": "so sorry\n" * 100_000}))
    assert len(str(raised.value)) < 700


@pytest.mark.parametrize("code", [418, 451, 499, 507, 599])
def test_code_that_the_contract_does_not_know_keeps_its_number(code: int) -> None:
    """Other codes are refusals or, from 500 on, faults; both say their number."""
    with pytest.raises(ServiceError, match=str(code)) as raised:
        read_envelope(form("body", code))
    assert isinstance(raised.value, errors.ServerFaultError) is (code >= 500)
