"""The JSON file beside an original: what it says, keeps to itself, and gives back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.ledger.files import sidecar
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation, State
from tests.ledger.conftest import intent, picture, request_for

SIGNED = "https://a.example/x.png?X-Amz-Signature=0123456789abcdef0123456789abcdef"


def made(
    ledger: Ledger, asked: GenerationRequest, data: bytes | None = None, task_id: str = "t1"
) -> Generation:
    """An image as a run writes it."""
    row = intent(ledger, asked, 1.5)
    measured, path = ledger.images.store(data or picture(size=(8, 8)))
    ended = replace(row, state=State.SUCCESS, task_id=task_id, credits=4.0, seconds=9.0, path=path)
    ended = replace(ended, finished_at=20.25, **vars(measured))
    ledger.record(ended)
    return ended


def files(ledger: Ledger) -> list[Path]:
    """The sidecars that are there."""
    return sorted(ledger.images.folder.glob("??/*.json"))


def test_says_what_the_image_is(ledger: Ledger) -> None:
    """Request, model, times in UTC, cost, task id and the hash that names the original."""
    parent = ReferenceImage.from_bytes(b"bytes", "image/png", "mine.png")
    one = made(ledger, request_for("ein Reiher — 鷺", images=(parent,)))
    (file,) = files(ledger)
    assert file.name.startswith(str(one.sha256))
    record = json.loads(file.read_bytes())
    told = ("created_at", "sent_at", "finished_at", "credits", "task_id", "sha256", "parents")
    assert [record[name] for name in told] == [
        "1970-01-01T00:00:01.500000+00:00",
        "1970-01-01T00:00:01.500000+00:00",
        "1970-01-01T00:00:20.250000+00:00",
        *(4.0, "t1", one.sha256, [parent.sha256]),
    ]
    assert (record["request"]["prompt"], record["request"]["model"]) == ("ein Reiher — 鷺", "m")


def test_comes_back_as_it_was(ledger: Ledger) -> None:
    """Reading a sidecar gives the image again, to its path and its fingerprint."""
    one = made(ledger, request_for(parameters=(("a", 1), ("b", [2]))))
    (found,) = sidecar.read_all(ledger.images)
    assert found == (replace(one, id=None), one.request.fingerprint())


def test_signature_and_private_prompt_stay_out(ledger: Ledger) -> None:
    """Neither a link's signature nor words that are private get into the file."""
    asked = request_for("my secret", private=True, images=(ReferenceImage(url=SIGNED),))
    made(ledger, asked)
    (file,) = files(ledger)
    text = file.read_text()
    assert "secret" not in text
    assert "0123456789abcdef0123456789abcdef" not in text
    assert json.loads(text)["fingerprint"] == asked.fingerprint()


def test_private_task_that_is_fetched_later_keeps_its_fingerprint(ledger: Ledger) -> None:
    """The fingerprint is the row's: whoever fetches the task does not know its prompt."""
    asked = request_for("my secret", private=True)
    row = intent(ledger, asked, 1.0)
    ledger.record(replace(row, state=State.DETACHED, task_id="t1"))
    (read,) = ledger.waiting()
    measured, path = ledger.images.store(picture())
    ledger.record(replace(read, state=State.SUCCESS, path=path, **vars(measured)))
    (file,) = files(ledger)
    assert json.loads(file.read_text())["fingerprint"] == asked.fingerprint()


def test_two_tasks_with_one_image(ledger: Ledger) -> None:
    """The same picture twice is one original with two sidecars."""
    data = picture()
    one, two = (made(ledger, request_for(name), data, name) for name in ("a", "b"))
    assert one.path == two.path
    assert {found.task_id for found, _ in sidecar.read_all(ledger.images)} == {"a", "b"}


def test_no_sidecar_where_none_is_wanted(home: Path) -> None:
    """The setting is kept to, and only images have one."""
    ledger = Ledger(home, sidecars=False)
    made(ledger, request_for())
    other = Ledger(home)
    other.record(replace(intent(other, request_for("x"), 1.0), state=State.PENDING, task_id="t2"))
    assert files(ledger) == []


BROKEN: dict[str, Any] = {
    "cut": b'{"request": {',
    "no text": b"\xff\xfe\x00",
    "list": b"[]",
    "number": b"7",
    "deep": b"[" * 100_000,
    "another program's": b'{"title": "holiday"}',
    "request missing": {"request": None},
    "request a word": {"request": "heron"},
    "images no list": {"images": 3},
    "images strange": {"images": [{"who": 1}]},
    "parameters a list": {"parameters": [1]},
    "unknown field": {"mood": "blue"},
    "no time": {"created_at": "yesterday"},
    "time a number": {"created_at": 7},
    "far future": {"created_at": "9999-12-31T23:59:59+00:00"},
    "unknown type": {"media_type": "image/tiff"},
    "hash a number": {"sha256": 5},
    "provider missing": {"provider": None},
}


def damaged(whole: dict[str, Any], damage: Any) -> bytes:
    """A sidecar with this damage."""
    if isinstance(damage, bytes):
        return damage
    inner = {"images", "parameters", "mood", "provider"}
    request = {**whole["request"], **{k: v for k, v in damage.items() if k in inner}}
    outer = {k: v for k, v in damage.items() if k not in inner}
    return json.dumps({**whole, "request": request, **outer}).encode()


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_sidecar_harms_nobody(ledger: Ledger, name: str) -> None:
    """A new ledger is made from the others, whatever one of them holds."""
    made(ledger, request_for("bad"), task_id="bad")
    (bad,) = files(ledger)
    bad.write_bytes(damaged(json.loads(bad.read_bytes()), BROKEN[name]))
    good = made(ledger, request_for("good"), task_id="good")
    for file in ledger.home.glob("ledger.sqlite*"):
        file.unlink()
    again = Ledger(ledger.home)
    row = intent(again, request_for("new"), 1.0)
    found = again.find(good.request.fingerprint())
    assert found is not None
    assert (found.ok, found.task_id, found.credits) == (True, "good", 4.0)
    assert row.id is not None
    assert again.spending.today("crun", 1.0).credits >= 4.0
    assert len(again.recent(10)) >= 2


def test_sidecar_of_an_original_that_is_gone(ledger: Ledger) -> None:
    """A sidecar alone promises no image."""
    one = made(ledger, request_for())
    assert one.path is not None
    one.path.unlink()
    assert list(sidecar.read_all(ledger.images)) == []
