"""How often the database is opened for a bill: as often for many images as for one."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.run.loop.background_loop import BRIDGE
from tests.fixtures import OpenSession
from tests.run.conftest import plan
from tests.service import Service

MOST = 5


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note which databases are opened within the block."""
    names: list[str] = []
    connect = sqlite3.connect

    def noting(name: str, *args: Any, **options: Any) -> sqlite3.Connection:
        names.append(name)
        connection: sqlite3.Connection = connect(name, *args, **options)
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", noting)
        yield names


@pytest.mark.parametrize("count", [1, 120, 500])
def test_bill_opens_the_database_a_few_times(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """However many images are new, of one kind or of four: the ledger is asked for all at once."""
    session = open_session(service)
    session.submit(plan("a cup")).result()
    shapes = ["1:1", "16:9", "4:3", "3:2"][: min(4, count)]
    cups = [f"cup {n}" for n in range(count // len(shapes))]
    asked = plan("a {cup}", namespace={"cup": cups}, axes={"aspect_ratio": shapes})
    assert len(asked.cells) == count
    with opened(monkeypatch) as names:
        found = BRIDGE.run(session.bill(asked))
    assert (found.new, found.cached) == (count, 0)
    assert 1 <= len(names) <= MOST


@pytest.mark.long
def test_paid_images_are_found_among_many(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is left out of the bill of more requests than SQLite takes values."""
    session = open_session(service)
    session.submit(plan("a {n}", namespace={"n": ["7", "39000"]})).result()
    first = plan("a 0").cells[0].request
    requests = [replace(first, prompt=f"a {n}") for n in range(40_000)]
    with opened(monkeypatch) as names:
        answers = session.ledger.answers(request.fingerprint() for request in requests)
    assert [n for n, r in enumerate(requests) if r.fingerprint() in answers] == [7, 39_000]
    assert len(names) == 1


def test_grid_of_the_ledger_opens_it_once(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How the images of a plan stand is one question, whatever each of them is."""
    session = open_session(service)
    session.submit(plan(repeats=3)).result()
    marks = [cell.request.fingerprint() for cell in plan(repeats=30).cells]
    with opened(monkeypatch) as names:
        standing = session.ledger.standing(marks)
    assert [one is not None and one.ok for one in standing] == [True] * 3 + [False] * 27
    assert len(names) == 1


def test_fingerprint_is_computed_once_a_request(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bill, run and ledger ask for it many times over; each request is hashed once."""
    tagged: list[bytes] = []
    sha256 = hashlib.sha256

    def counting(data: bytes = b"", **options: Any) -> Any:
        if data.startswith(b"nanobanana_nb/request/"):
            tagged.append(data)
        return sha256(data, **options)

    session = open_session(service)
    monkeypatch.setattr("nanobanana_nb.model.request.hashlib.sha256", counting)
    asked = plan("a {n}", namespace={"n": ["1", "2", "3"]})
    BRIDGE.run(session.bill(asked))
    session.submit(asked).result()
    session.keep(asked)
    mine = {id(cell.request): cell.request for cell in asked.cells}
    assert all(isinstance(request, GenerationRequest) for request in mine.values())
    assert len(set(tagged)) == len(mine)
    assert len(tagged) == len(mine), "no copy of a request is hashed anew"
