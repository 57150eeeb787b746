"""A home that may only be read, as a class shares one: what is there shows, nothing is written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import database
from nanobanana_nb.ledger.store.database import connect
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.model.score import Score
from tests.ledger.conftest import intent, picture, request_for, set_columns, strangers
from tests.mounts import read_only


@dataclass
class Shared:
    """The owner's ledger, and the same folder as others see it."""

    owner: Ledger
    reader: Ledger

    @property
    def files(self) -> list[tuple[str, int, int]]:
        """What is in the folder, with size and time."""
        found = sorted(self.owner.home.rglob("*"))
        return [(str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in found]


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    """A home that its owner writes, and that a read-only mount shows to others."""
    owner, other = tmp_path / "owner", tmp_path / "other"
    owner.mkdir()
    with read_only(owner, other):
        yield Shared(Ledger(owner), Ledger(other))


def made(ledger: Ledger, prompt: str = "a heron", now: float = 1.0) -> Generation:
    """Put an image into a ledger."""
    row = intent(ledger, request_for(prompt), now)
    found, path = ledger.images.store(picture())
    done = replace(row, state=State.SUCCESS, task_id=prompt, path=path, credits=4.0, **vars(found))
    ledger.record(done)
    ledger.claims.release(row.id or 0)
    return done


LOOKS: dict[str, Callable[[Ledger, Generation], Any]] = {
    "find": lambda ledger, one: ledger.find(one.request.fingerprint()),
    "get": lambda ledger, one: ledger.get(str(one.id)),
    "recent": lambda ledger, one: ledger.recent(5)[0],
    "search": lambda ledger, one: ledger.search(["heron"], 5)[0],
    "family": lambda ledger, one: ledger.family(one).focus,
    "standing": lambda ledger, one: ledger.standing([one.request.fingerprint()])[0],
}


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_what_is_there_is_shown(shared: Shared, look: str) -> None:
    """Row and image are there, and looking leaves no trace in the folder."""
    one = made(shared.owner)
    before = shared.files
    seen = LOOKS[look](shared.reader, one)
    assert (seen.id, seen.credits, seen.ok) == (one.id, 4.0, True)
    assert seen.path.read_bytes() == one.path.read_bytes()  # type: ignore[union-attr]
    assert shared.files == before


def test_sums_plans_and_ratings_are_shown(shared: Shared) -> None:
    """So are those."""
    one = made(shared.owner)
    number = shared.owner.plans.keep("{}", [one.request.fingerprint()], 1.0)
    shared.owner.ratings.put(str(one.sha256), Rating(4, False, "good"))
    assert [line.credits for line in shared.reader.spending.rows()] == [4.0]
    assert shared.reader.plans.get(number) == shared.owner.plans.get(number)
    assert shared.reader.ratings.get([str(one.sha256)])[str(one.sha256)].note == "good"


def test_log_of_its_owner_is_read_too(shared: Shared) -> None:
    """What is committed and not yet in the database itself is there."""
    made(shared.owner)
    with connect(shared.owner.file) as holder:  # keeps the log from being put away
        holder.execute("SELECT count(*) FROM tasks").fetchone()
        made(shared.owner, "an owl", 2.0)
        assert [one.request.prompt for one in shared.reader.recent(5)] == ["an owl", "a heron"]
    holder.close()


def test_longer_look_that_the_owner_wrote_through(shared: Shared) -> None:
    """It may have seen half of it, and says so."""
    one = made(shared.owner)

    def look() -> None:
        with shared.reader._database.reading() as connection:
            connection.execute("SELECT * FROM tasks").fetchall()
            set_columns(shared.owner, one.id or 0, credits=5.0)

    with pytest.raises(LedgerError, match="while it was read"):
        look()


def test_query_that_the_owner_wrote_through(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made again."""
    one = made(shared.owner)
    opened, prices = database.connect, iter([6.0, 7.0])

    def write(statement: str) -> None:
        if "FROM tasks" in statement and (price := next(prices, None)):
            set_columns(shared.owner, one.id or 0, credits=price)

    def watched(file: Path, mode: str) -> sqlite3.Connection:
        connection = opened(file, mode)
        connection.set_trace_callback(write)
        return connection

    monkeypatch.setattr(database, "connect", watched)
    assert shared.reader.recent(1)[0].credits == 7.0


WRITES: dict[str, Callable[[Ledger, Generation], Any]] = {
    "claim": lambda ledger, one: ledger.claims.claim(request_for("new"), CreateTerms(now=2.0)),
    "plan": lambda ledger, one: ledger.plans.keep("{}", ["x"], 2.0),
    "rating": lambda ledger, one: ledger.ratings.put("x", Rating(1, False, "")),
    "score": lambda ledger, one: ledger.scores.put("sharpness", {"x": Score(1)}),
    "hold": lambda ledger, one: ledger.claims.hold(one.id or 0),
}


@pytest.mark.parametrize("write", sorted(WRITES))
def test_nothing_is_written(shared: Shared, write: str) -> None:
    """The error says why, at once, and what to do for images of one's own."""
    one = made(shared.owner)
    before = shared.files
    with pytest.raises(LedgerError, match="may only be read") as raised:
        WRITES[write](shared.reader, one)
    assert "NANOBANANA_HOME" in str(raised.value)
    assert shared.files == before


def test_what_was_left_behind_is_left_to_the_owner(shared: Shared) -> None:
    """Tidying up wants to write; where that cannot be it is no error."""
    row = intent(shared.owner, request_for(), 1.0)
    strangers(shared.owner, row.id or 0, alive=False)
    shared.reader.claims.recover()
    assert shared.reader.recent(1)[0].state is State.SENT


def test_ledger_that_its_owner_must_bring_up_to_date(shared: Shared) -> None:
    """What an older version wrote cannot be changed here, and the error says who can."""
    made(shared.owner)
    with connect(shared.owner.file) as connection:
        connection.execute("DELETE FROM steps WHERE name LIKE '0004%'")
    connection.close()
    with pytest.raises(LedgerError, match="owner"):
        shared.reader.recent(1)


def test_home_without_a_ledger_is_empty(shared: Shared) -> None:
    """There is nothing to see, and nothing can be begun."""
    assert shared.reader.recent(1) == []
    with pytest.raises(LedgerError, match="may only be read"):
        intent(shared.reader, request_for(), 1.0)


def test_home_without_rights(tmp_path: Path) -> None:
    """Rights alone make it so, where they bind."""
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; a mount that is read-only is tested")
    ledger = Ledger(tmp_path / "home")
    one = made(ledger)
    ledger.home.chmod(0o500)
    try:
        assert ledger.find(one.request.fingerprint()) is not None
        with pytest.raises(LedgerError, match="may only be read"):
            intent(ledger, request_for("new"), 1.0)
    finally:
        ledger.home.chmod(0o700)
