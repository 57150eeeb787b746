"""A create's answer that names the task: its id is read wherever it stands, nothing is resent."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb import errors
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Answer
from nanobanana_nb.api.task_names import LONGEST_ID
from nanobanana_nb.errors import Charged, NanobananaError, OutcomeUnknownError
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer
from tests.api.test_create import create
from tests.service_codes import FINAL_REFUSALS

WIRE = CrunWire()
ID = "t0"
NAMED: dict[str, dict[str, Any]] = {
    "the contract's place": {"data": {"task_id": ID}},
    "taskId": {"data": {"taskId": ID}},
    "task-ID": {"data": {"task-ID": ID}},
    "on top": {"task_id": ID},
    "on top beside data": {"data": None, "taskId": ID},
    "in a list": {"data": [{"task_id": ID}]},
    "bare": {"data": ID},
}
UNCLEAR: dict[str, tuple[int, dict[str, Any]]] = {
    "code 0": (200, {"code": 0}),
    "code 201": (201, {"code": 201}),
    "a word": (200, {"code": "success"}),
    "no code": (200, {}),
    "202": (202, {"code": 202}),
    "redirect": (307, {}),
    "408": (408, {}),
    "409": (409, {"code": 409}),
    "409 in the body": (200, {"code": 409}),
    "429": (429, {"code": 429}),
    "455 in the body": (200, {"code": "455"}),
    "500": (500, {"code": 500}),
    "500 around a good body": (500, {"code": 200}),
    "501": (200, {"code": 501}),
    "503": (503, {}),
}


def said(status: int, body: dict[str, Any]) -> Answer:
    """An answer of the API."""
    return Answer(status, {}, json.dumps(body).encode())


def reply(body: dict[str, Any], status: int = 200, **headers: str) -> Reply:
    """The same over a connection."""
    return Reply((answer(json.dumps(body).encode(), f"{status} Said", **headers),))


@pytest.mark.parametrize("place", sorted(NAMED))
def test_id_is_read_wherever_it_stands(place: str) -> None:
    """Another spelling or place of the id loses no task."""
    assert WIRE.read_created(said(200, {"code": 200, **NAMED[place]})) == ID


@pytest.mark.parametrize("place", sorted(NAMED))
@pytest.mark.parametrize("answered", sorted(UNCLEAR))
def test_unclear_answer_keeps_the_id_that_it_names(answered: str, place: str) -> None:
    """What says neither yes nor no has the id in its error; a bare text of an error is no id."""
    status, body = UNCLEAR[answered]
    with pytest.raises(NanobananaError) as raised:
        WIRE.read_created(said(status, {**body, **NAMED[place]}))
    message = place == "bare" and isinstance(raised.value, errors.ServiceError)
    assert raised.value.task_id == (None if message else ID)


@pytest.mark.parametrize("answered", sorted(UNCLEAR))
def test_create_that_was_named_is_sent_once(raw: RawServer, answered: str) -> None:
    """Its outcome is unknown, with the id; not even 429 sends it again."""
    status, body = UNCLEAR[answered]
    raw.on("", reply({**body, "data": {"task_id": ID}}, status))
    with pytest.raises(OutcomeUnknownError) as raised:
        ask(at(raw.url), create)
    assert (raised.value.task_id, raised.value.charged) == (ID, Charged.UNKNOWN)
    assert len(raw.posts()) == 1


@pytest.mark.parametrize("code", [400, *FINAL_REFUSALS])
def test_clear_refusal_stays_free(raw: RawServer, code: int) -> None:
    """A refusal names no task, whatever stands in it."""
    raw.on("", reply({"code": code, "data": {"task_id": ID}}, code))
    with pytest.raises(errors.ServiceError) as raised:
        ask(at(raw.url), create)
    assert (raised.value.code, raised.value.charged) == (code, Charged.NO)
    assert raised.value.task_id is None


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip", "GZIP", "identity"])
def test_packed_answer_is_unpacked(raw: RawServer, coding: str) -> None:
    """An answer that comes packed, although not asked for so, is read as it is meant."""
    body = json.dumps({"code": 200, "data": {"task_id": ID}}).encode()
    for word in coding.lower().split(", "):
        body = {"gzip": gzip.compress, "deflate": zlib.compress}.get(word, bytes)(body)
    raw.on("", Reply((answer(body, content_encoding=coding),)))
    assert ask(at(raw.url), create) == ID


@pytest.mark.parametrize("length", [LONGEST_ID + 1, 1_000_000])
def test_id_of_absurd_length_is_told(raw: RawServer, length: int) -> None:
    """No address holds it: the outcome is unknown, said shortly, and nothing is sent again."""
    raw.on("", reply({"code": 200, "data": {"task_id": "x" * length}}))
    with pytest.raises(OutcomeUnknownError, match=f"{length:,} characters") as raised:
        ask(at(raw.url), create)
    assert raised.value.task_id is None
    assert len(str(raised.value)) < 500
    assert len(raw.posts()) == 1


@pytest.mark.parametrize("odd", ["", "  ", True, 1.5, ["t"], {"id": "t"}, None, "y" * 513])
@pytest.mark.parametrize("code", [0, 409, 500])
def test_odd_id_of_an_unclear_answer_is_none(odd: Any, code: int) -> None:
    """What no task can be asked for by is not kept."""
    with pytest.raises(NanobananaError) as raised:
        WIRE.read_created(said(200, {"code": code, "data": {"task_id": odd}}))
    assert raised.value.task_id is None


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=LONGEST_ID))
def test_any_id_of_sane_length_is_taken(task_id: str) -> None:
    """An id is opaque, unless it is blank."""
    answered = said(200, {"code": 200, "data": {"task_id": task_id}})
    if task_id.strip():
        assert WIRE.read_created(answered) == task_id
    else:
        with pytest.raises(errors.UnexpectedAnswerError):
            WIRE.read_created(answered)


@pytest.mark.parametrize("text", ["ok", "queued", "done in 3 s", "https://h/1", "<p>1</p>"])
def test_text_in_the_place_of_the_data_is_no_id(text: str) -> None:
    """A message or a link is not taken for the name of a task."""
    with pytest.raises(errors.UnexpectedAnswerError):
        WIRE.read_created(said(200, {"code": 200, "data": text}))
