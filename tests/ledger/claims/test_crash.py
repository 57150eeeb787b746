"""Processes that are killed in the middle of writing: what they leave, and what is made of it."""

from __future__ import annotations

import hashlib
import os
import random
import time
from pathlib import Path

import pytest

from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.processes import this_process
from nanobanana_nb.ledger.files.originals import measure
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import State
from tests.ledger.children import child
from tests.ledger.conftest import intent, picture, request_for, set_columns, strangers

KILLS = 20

STORE = """
import random
from PIL import Image

def drawn(seed):
    random.seed(seed)
    buffer = BytesIO()
    image = Image.frombytes("RGB", (300, 300), random.randbytes(270_000))
    image.save(buffer, "PNG", compress_level=0)
    return buffer.getvalue()

row = claims.leave(claims.claim(asked("a heron"), CreateTerms(now=1.0, fresh=True)).generation, 1.0)
ledger.record(replace(row, state=State.PENDING, task_id="t1"))
pictures = [drawn(seed) for seed in range(6)]
say("ready")
while True:
    for data in pictures:
        measured, path = ledger.images.store(data)
        path.unlink()
"""


def finished(ledger: Ledger) -> list[Path]:
    """The files that stand under a final name."""
    return list(ledger.images.folder.glob("??/*"))


def parts(ledger: Ledger) -> list[Path]:
    """The half-written files."""
    return list((ledger.images.folder / ".parts").glob("*"))


@pytest.mark.long
def test_kill_while_images_are_stored(ledger: Ledger) -> None:
    """Under a final name there is a whole image, and recovery takes the other half away."""
    left = 0
    for _ in range(KILLS):
        with child(STORE, ledger.home) as writer:
            assert writer.hear() == "ready"
            time.sleep(random.uniform(0, 0.05))
            writer.kill()
        left += len(parts(ledger))
        for file in finished(ledger):
            data = file.read_bytes()
            assert file.stem == hashlib.sha256(data).hexdigest() == measure(data).sha256
        ledger.claims.recover()
        assert parts(ledger) == []
    assert left, "at least one of the kills came in the middle"
    assert [row.state for row in ledger.waiting()] == [State.DETACHED] * KILLS


ASKER = """
row = claims.claim(asked("a heron"), CreateTerms(now=1.0, price=4.0)).generation
stop = args[0]
if stop != "claim":
    row = claims.leave(row, 2.0)
if stop in ("record", "store"):
    row = replace(row, state=State.PENDING, task_id="t1")
    ledger.record(row)
if stop == "store":
    from PIL import Image
    buffer = BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "PNG")
    ledger.images.store(buffer.getvalue())
say("here")
hear()
"""
AFTER = {
    "claim": (To.CREATE, State.PLANNED, 0.0),
    "leave": (To.UNKNOWN, State.UNKNOWN, 4.0),
    "record": (To.FETCH, State.DETACHED, 4.0),
    "store": (To.FETCH, State.DETACHED, 4.0),
}


@pytest.mark.long
@pytest.mark.parametrize("recovered", [True, False])
@pytest.mark.parametrize("stop", sorted(AFTER))
def test_kill_between_two_steps(ledger: Ledger, stop: str, recovered: bool) -> None:
    """Only what had certainly not left is created again; what has an id is fetched."""
    with child(ASKER, ledger.home, stop) as one:
        assert one.hear() == "here"
        assert ledger.claims.claim(request_for(), CreateTerms(now=3.0)).to is To.WAIT
        one.kill()
    to, state, spent = AFTER[stop]
    if recovered:
        ledger.claims.recover()
        assert [row.state for row in ledger.recent(9)] == [state]
        assert ledger.spending.today("crun", 1.0).credits == spent
    said = ledger.claims.claim(request_for(), CreateTerms(now=3.0))
    assert said.to is to
    assert said.generation is not None
    assert said.generation.task_id == ("t1" if to is To.FETCH else None)
    assert ledger.count() == 1


def part_of(ledger: Ledger, writer: str, age_s: float = 0.0) -> Path:
    """A half-written file of this writer."""
    folder = ledger.images.folder / ".parts"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{writer}-abc"
    part.write_bytes(b"half")
    then = time.time() - age_s
    os.utime(part, (then, then))
    return part


@pytest.mark.parametrize("state", ["running", "detached", "success", "planned"])
def test_half_files_of_the_living_stay(ledger: Ledger, state: str) -> None:
    """Whatever its row is called, who lives goes on writing; who is gone does not."""
    for alive in (True, False):
        number = intent(ledger, request_for(str(alive)), 1.0).id or 0
        set_columns(ledger, number, state=state, task_id="t1")
        strangers(ledger, number, alive=alive)
    mine = part_of(ledger, this_process().id)
    living = part_of(ledger, "stranger True")
    dead = part_of(ledger, "stranger False")
    ledger.claims.recover()
    assert (mine.exists(), living.exists(), dead.exists()) == (True, True, False)


def test_half_files_of_nobody(ledger: Ledger) -> None:
    """A writer that the ledger does not know, after a damage say, has a day to finish."""
    intent(ledger, request_for(), 1.0)
    new, old = part_of(ledger, "new"), part_of(ledger, "old", age_s=90_000.0)
    ledger.claims.recover()
    assert (new.exists(), old.exists()) == (True, False)


def test_half_file_of_a_process_that_left_no_row(ledger: Ledger) -> None:
    """Nothing else has to be recovered for half a file to go: a sidecar's, say."""
    intent(ledger, request_for(), 1.0)
    script = "row = claims.claim(asked('x'), CreateTerms(now=1.0)).generation\n"
    script += "from nanobanana_nb.ledger.claims.processes import this_process\n"
    script += "claims.release(row.id)\nsay(this_process().id)"
    with child(script, ledger.home) as one:
        part = part_of(ledger, one.hear())
        one.end()
    ledger.claims.recover()
    assert not part.exists()


def test_resume_that_was_killed_can_be_resumed(ledger: Ledger) -> None:
    """A detached task in the hands of a dead process is waiting again."""
    row = intent(ledger, request_for(), 1.0)
    set_columns(ledger, row.id or 0, state="detached", task_id="t1")
    strangers(ledger, row.id or 0, alive=False)
    assert ledger.waiting() == []
    ledger.claims.recover()
    assert [one.task_id for one in ledger.waiting()] == ["t1"]


def test_same_image_stored_over_a_spoiled_one(ledger: Ledger) -> None:
    """A file of the right length and other bytes is not taken for the image."""
    data = picture()
    _, path = ledger.images.store(data)
    path.write_bytes(bytes(len(data)))
    assert ledger.images.store(data)[1].read_bytes() == data


@pytest.mark.parametrize("newer", ["free", "dead"])
def test_row_that_is_being_sent_stands_before_one_left_over(ledger: Ledger, newer: str) -> None:
    """Of two planned rows of one request, the one in living hands is waited for."""
    terms = CreateTerms(now=1.0, fresh=True)
    first, second = (ledger.claims.claim(request_for(), terms).generation for _ in range(2))
    assert first is not None
    assert second is not None
    if newer == "dead":
        strangers(ledger, second.id or 0, alive=False)
    ledger.claims.release(second.id or 0)
    said = ledger.claims.claim(request_for(), CreateTerms(now=2.0))
    assert said.generation is not None
    assert (said.to, said.generation.id) == (To.WAIT, first.id)
