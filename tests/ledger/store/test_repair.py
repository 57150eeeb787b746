"""A damaged database: kept under a name that is told, replaced by one of all that is left."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import LedgerError, NotSentError
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.repair import LedgerDamagedWarning, set_aside_files
from nanobanana_nb.model.result import Generation, State
from tests.ledger.children import at_once, child
from tests.ledger.conftest import columns_of, given_up, intent, number_of, picture, request_for

SECRET = request_for("my secret", private=True)


def image(ledger: Ledger, prompt: str) -> Generation:
    """An image in the ledger, with its sidecar."""
    asked = SECRET if prompt == "secret" else request_for(prompt)
    row = intent(ledger, asked, 1.0)
    measured, path = ledger.images.store(picture(size=(8, 8)))
    found = replace(row, state=State.SUCCESS, task_id=prompt, credits=4.0, path=path)
    ledger.record(replace(found, **vars(measured)))
    return found


def filled(ledger: Ledger, count: int = 200) -> bytes:
    """Two images and many open tasks, all in the file itself; its bytes."""
    for prompt in ("a heron", "secret"):
        image(ledger, prompt)
    given_up(ledger)
    with ledger._database.write() as connection:
        for number in range(count):
            asked = rows.request_columns(request_for(f"{number} " + "x" * 400))
            also = {"state": "detached", "task_id": f"t{number}", "created_at": 1.0}
            rows.insert(connection, {**asked, **also})
    with closing(sqlite3.connect(ledger.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger.file.read_bytes()


def opened(home: Path, *, lost: bool = True) -> Ledger:
    """The ledger as a new process finds it: an error where tasks are lost, or else a warning."""
    ledger = Ledger(home)
    name = r"damaged-[0-9-]+\.sqlite"
    with (
        pytest.raises(LedgerError, match=name)
        if lost
        else pytest.warns(LedgerDamagedWarning, match=name)
    ):
        ledger.count()
    return ledger


def flipped(whole: bytes, page: int) -> bytes:
    """The same file with other bits in the whole of one page."""
    at = page * 4096
    return whole[:at] + bytes(b ^ 0x5A for b in whole[at : at + 4096]) + whole[at + 4096 :]


def middle(whole: bytes) -> int:
    """The page of the tasks in the middle: what the other pages hold is no task."""
    return whole.index(b"100 " + b"x" * 400) // 4096


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "garbage": lambda whole: b"\x8f" * len(whole),
    "text": lambda whole: b"out of paper\n",
    "header gone": lambda whole: bytes(100) + whole[100:],
    "first page": lambda whole: flipped(whole, 0),
    "cut in a page": lambda whole: whole[: len(whole) // 2 + 777],
    "last third gone": lambda whole: whole[: len(whole) // 3 * 2 // 4096 * 4096],
    "middle": lambda whole: flipped(whole, middle(whole)),
    "head of a page in the middle": lambda whole: (
        whole[: middle(whole) * 4096] + b"\xee" * 12 + whole[middle(whole) * 4096 + 12 :]
    ),
}
BEGINNINGS = ("header gone", "first page")
READABLE = (
    *BEGINNINGS,
    "cut in a page",
    "last third gone",
    "middle",
    "head of a page in the middle",
)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_damage_is_mended(ledger: Ledger, name: str) -> None:
    """Images come back with cost and fingerprint, readable rows too; the old file is kept."""
    whole = filled(ledger)
    broken = DAMAGES[name](whole)
    ledger.file.write_bytes(broken)
    again = opened(ledger.home, lost=name not in BEGINNINGS)
    for asked in (request_for("a heron"), SECRET):
        found = again.find(asked.fingerprint())
        assert found is not None
        assert (found.ok, found.credits) == (True, 4.0)
        assert again.claims.claim(asked, CreateTerms(now=9.0)).to is To.SHOW, "not paid twice"
    assert {row.task_id for row in again.recent(500)} >= {"a heron", "secret"}
    assert len({row.task_id for row in again.recent(500)}) == again.count(), "no task twice"
    assert len(again.waiting()) >= (200 if name in BEGINNINGS else 50 if name in READABLE else 0)
    (aside,) = set_aside_files(ledger.home)
    assert aside.read_bytes() == broken
    assert Ledger(ledger.home).count() == again.count(), "mended once"
    assert len(set_aside_files(ledger.home)) == 1


def test_undamaged_ledger_is_left_alone(ledger: Ledger) -> None:
    """Nothing is set aside and nothing is said about a whole file."""
    filled(ledger, 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Ledger(ledger.home).count() == 7
    assert set_aside_files(ledger.home) == []


WRITER = """
claim = claims.claim(asked("in the log"), CreateTerms(now=1.0, fresh=True))
row = claims.leave(claim.generation, 1.0)
import sqlite3
keep = sqlite3.connect(ledger.file)  # as long as it is open, the log is not emptied
keep.execute("SELECT count(*) FROM tasks").fetchone()
ledger.record(replace(row, state=State.DETACHED, task_id="t-log"))
say("ready")
hear()
"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["middle", "emptied", "garbage"])
def test_log_beside_the_file_is_kept_with_it(ledger: Ledger, name: str) -> None:
    """What a killed process left in the log goes along, and is read where the file can be."""
    filled(ledger)
    with child(WRITER, ledger.home) as writer:
        assert writer.hear() == "ready"
        writer.kill()
    log = ledger.file.with_name("ledger.sqlite-wal")
    content, whole = log.read_bytes(), ledger.file.read_bytes()
    assert content
    broken = b"" if name == "emptied" else DAMAGES[name](whole)
    ledger.file.write_bytes(broken)
    again = opened(ledger.home)
    (aside,) = set_aside_files(ledger.home)
    beside = aside.with_name(aside.name + "-wal")
    if name != "middle":  # there SQLite itself has put the log into the file
        assert (aside.read_bytes(), beside.read_bytes()) == (broken, content)
    if name == "middle":
        found = again.find(request_for("in the log").fingerprint())
        assert found is not None
        assert found.task_id == "t-log"
    found = again.find(request_for("a heron").fingerprint())
    assert found is not None
    assert found.ok


def test_mending_that_was_cut_off_is_finished(ledger: Ledger) -> None:
    """A process that died after the log was moved leaves the file to follow under that name."""
    whole = filled(ledger)
    ledger.file.write_bytes(DAMAGES["middle"](whole))
    log = ledger.home / "ledger.damaged-20260101-000000.sqlite-wal"
    log.write_bytes(b"")
    opened(ledger.home)
    assert [file.name for file in set_aside_files(ledger.home)] == [log.name[:-4]]


FINDER = """
told = 0
try:
    claims.recover()
except LedgerError as error:
    told = int("ledger.damaged-" in str(error))
found = claims.claim(asked("a heron"), CreateTerms(now=5.0))
new = claims.claim(asked("new"), CreateTerms(now=5.0))
say(found.to.name, new.to.name, told)
"""


@pytest.mark.long
def test_processes_find_the_damage_at_once(ledger: Ledger) -> None:
    """One of them mends, all find the image, one alone may create what is new."""
    for attempt in range(3):
        home = ledger.home.with_name(f"home{attempt}")
        one = Ledger(home)
        broken = DAMAGES["middle"](filled(one))
        one.file.write_bytes(broken)
        said = [lines[0].split() for lines in at_once(FINDER, 4, home)]
        assert [shown for shown, *_ in said] == ["SHOW"] * 4
        assert sorted(may for _, may, _ in said).count("CREATE") >= 1
        created = [row for row in Ledger(home).recent(9) if row.request.prompt == "new"]
        assert len(created) == 1, "the same row, given on by processes that had ended"
        assert sum(int(told) for *_, told in said) == 1
        (aside,) = set_aside_files(home)
        assert aside.read_bytes() == broken


def test_damage_under_a_running_process(ledger: Ledger) -> None:
    """The call that meets it says to run again, the next one what is lost; then it is mended."""
    whole = filled(ledger)
    ledger.file.write_bytes(b"\x8f" * len(whole))
    with pytest.raises(LedgerError, match=r"not a database.*Run it again"):
        ledger.count()
    with pytest.raises(LedgerError, match="not all of its tasks"):
        ledger.count()
    found = ledger.find(request_for("a heron").fingerprint())
    assert found is not None
    assert found.ok


def test_claim_of_a_row_that_the_damage_took_does_not_leave(ledger: Ledger) -> None:
    """A create that is about to leave is kept back if its row is in the file set aside."""
    filled(ledger, 3)
    planned = ledger.claims.claim(request_for("planned"), CreateTerms(now=1.0)).generation
    assert planned is not None
    ledger.file.write_bytes(b"\x8f" * 9000)
    for log in ledger.home.glob("ledger.sqlite-*"):
        log.unlink()
    again = opened(ledger.home)
    with pytest.raises(NotSentError):
        again.claims.leave(planned, 2.0)


def test_ledger_that_was_deleted_finds_its_images(ledger: Ledger) -> None:
    """A database that is gone is made anew from the sidecars: images are not paid twice."""
    filled(ledger, 3)
    for file in ledger.home.glob("ledger.sqlite*"):
        file.unlink()
    again = Ledger(ledger.home)
    assert again.claims.claim(request_for("a heron"), CreateTerms(now=1.0)).to is To.SHOW
    assert again.count() == 2


def test_second_damage_keeps_what_the_first_one_left(ledger: Ledger) -> None:
    """What nothing can be read of is made of the file that was set aside before it."""
    whole = filled(ledger)
    ledger.file.write_bytes(DAMAGES["middle"](whole))
    count = opened(ledger.home).count()
    ledger.file.write_bytes(b"\x8f" * 9000)
    assert opened(ledger.home).count() == count
    assert len(set_aside_files(ledger.home)) == 2


def test_salvaged_rows_hold_no_money_back(ledger: Ledger) -> None:
    """A row that was only planned gives its price back with the claim that it lost."""
    row = ledger.claims.claim(request_for("planned"), CreateTerms(now=1.0, price=9.0)).generation
    whole = filled(ledger)
    ledger.file.write_bytes(DAMAGES["middle"](whole))
    again = opened(ledger.home)
    assert columns_of(again, number_of(row), "state", "reserved") == ("planned", None)
