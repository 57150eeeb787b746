"""Backticks: those around commands of ours are marks, those that people write stay."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.result import State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.report import Report
from tests.show.conftest import failed, planned, waiting

OURS = [
    *("%nanobanana resume", "%nanobanana retry g3", "%pip install pandas", "--yes", "-i"),
    *("grid.retry()", "grid[120:]", "grid.repeat(3)", "yes=True", "max_credits=N", "sweep(...)"),
]
WRITTEN = ["a `neon` sign", "`", "``", "`a` and `b", "``` fence ```", "`%` off", "`5%` of `x`"]


def read(page: str) -> str:
    """Return what a page shows of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


@pytest.mark.parametrize("command", OURS)
def test_commands_of_ours_are_code(command: str) -> None:
    """A page sets them as code and a text leaves the marks out."""
    note = f"Then `{command}` does it."
    assert f"<code>{html.escape(command)}</code>" in markup.with_code(note)
    assert wording.code_free(note) == f"Then {command} does it."


@given(text=st.text(st.sampled_from("`ab %-\n"), max_size=12))
def test_every_other_backtick_stays(text: str) -> None:
    """Whatever people write is shown with its backticks, beside a command of ours too."""
    note = f"Not filled in: {text}! `--raw` sends it"
    whole = note.replace("`--raw`", "--raw")
    if wording.CODE.findall(note) == ["--raw"]:
        assert wording.code_free(note) == read(markup.with_code(note)) == whole


@pytest.mark.parametrize("written", WRITTEN)
def test_notes_show_what_was_written(written: str) -> None:
    """A note of a bill or a result that names a prompt shows it as it is."""
    note = f"This looks like an axis: {written}"
    plan = replace(planned("A cat"), notes=(note,))
    bill = Report.bill(plan, Bill(1, 1, 4.0, None), simulated=False)
    for shown in (bill, ImageGrid([waiting(State.RUNNING)], plan), ImageGrid([failed()], plan)):
        data = shown._repr_mimebundle_()
        assert note in read(data["text/html"])
        assert note in data["text/plain"]
