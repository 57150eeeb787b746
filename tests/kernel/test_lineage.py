"""Edits in a kernel: where their images show, and what waits meanwhile."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd

pytestmark = pytest.mark.kernel

FIRST = "%%nanobanana -o first\na heron at dawn"


def test_edit_shows_under_its_cell(bench: FrontEnd) -> None:
    """An edit blocks its cell, shows once under it, and the queue behind it survives."""
    bench.run(FIRST)
    edit, replay, behind = bench.queue(
        [
            "night = first.one.edit('a heron at night').one",
            "boat = night.replay({'night': 'dusk'}).one",
            "print(night.request.images[0].sha256 == first.one.sha256)",
        ]
    )
    assert [len(cell.results) for cell in (edit, replay)] == [1, 1]
    assert "at night" in edit.results[0]
    assert "at dusk" in replay.results[0]
    assert behind.text == "True\n"


def test_edits_are_awaited_in_a_cell(bench: FrontEnd) -> None:
    """Bill, edit and replay can be awaited on the kernel's own loop, each result under its cell."""
    bench.run(FIRST)
    bill, edit, replay, behind = bench.queue(
        [
            "await first.one.aedit('a heron at night', dry_run=True)",
            "night = (await first.one.aedit('a heron at night')).one",
            "dusk = (await night.areplay({'night': 'dusk'}, max_credits=4)).one",
            "print(dusk.request.prompt)",
        ]
    )
    assert "4 credits" in bill.all("text/html")[0]
    assert [len(cell.results) for cell in (edit, replay)] == [1, 1]
    assert behind.text == "a heron at dusk\n"


def test_bill_of_a_replay_is_a_value(bench: FrontEnd) -> None:
    """The bill shows itself as HTML and as text, and nothing is made for it."""
    bench.run(FIRST)
    cell = bench.run("first.one.replay({'dawn': 'noon'}, dry_run=True)")
    assert cell.results == []
    assert "Step 1: a heron at noon" in cell.all("text/html")[0]
    assert cell.all("text/plain")[0].startswith("1 image\n4 credits")
