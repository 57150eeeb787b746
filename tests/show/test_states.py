"""One word for each state, at every door where people read; the wire's for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.commands.history import history_table
from nanobanana_nb.run import recall
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.counts import count_parts
from nanobanana_nb.show.live.status_line import status_text
from tests.html_reader import Page
from tests.show.conftest import failed, waiting
from tests.show.forms import grid_html

WORDS = {
    State.PLANNED: "not sent",
    State.SENT: "waiting",
    State.PENDING: "waiting",
    State.RUNNING: "running",
    State.SUCCESS: "not fetched",  # made, and no image is here
    State.FAILED: "failed",
    State.UNKNOWN: "unknown",
    State.DETACHED: "stopped",
}
WIRE = re.compile(r"\b(planned|pending|success|detached)\b|(?<!not )\bsent\b(?!, and)")


def _exported(grid: ImageGrid, folder: Path, ending: str) -> str:
    return grid.export(folder / f"grid.{ending}").read_text("utf-8-sig")


def _csv_state(grid: ImageGrid, folder: Path) -> str:
    (row, *_) = csv.DictReader(io.StringIO(_exported(grid, folder, "csv")))
    return row["state"]


def _no_image(grid: ImageGrid, _: Path) -> str:
    """What is told who wants the file of an image that is not here."""
    with pytest.raises(NanobananaError) as caught:
        grid[0].save("here")
    return str(caught.value)


DOORS: dict[str, Callable[[ImageGrid, Path], str]] = {
    "print of a grid": lambda grid, _: str(grid),
    "print of an image": lambda grid, _: str(grid[0]),
    "output": lambda grid, _: Page(grid_html(grid)).text,
    "output of an image": lambda grid, _: Page(grid[0]._repr_mimebundle_()["text/html"]).text,
    "counts": lambda grid, _: " ".join(count_parts(grid.generations)),
    "to_records": lambda grid, _: str(grid.to_records()[0]["state"]),
    "to_frame": lambda grid, _: str(grid.to_frame()["state"][0]),
    "csv": _csv_state,
    "history": lambda grid, _: repr(history_table(grid.generations)),
    "alt text": lambda grid, _: wording.alt_text(grid[0]),
    "status": lambda grid, _: status_text(grid.generations[:1], elapsed_s=1.0, advice=""),
}

SHOWN = {"output", "output of an image", "counts"}


def _of(state: State) -> ImageGrid:
    one = failed() if state is State.FAILED else waiting(state)
    return ImageGrid([one, one])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("door", DOORS)
def test_every_door_says_the_word(tmp_path: Path, door: str, state: State) -> None:
    """Tables, texts, files and outputs call a state the same, and never as the wire does."""
    text = DOORS[door](_of(state), tmp_path)
    assert WORDS[state] in text
    assert not WIRE.search(text)


@pytest.mark.parametrize("state", sorted(set(State) - {State.FAILED, State.SUCCESS}))
def test_errors_say_the_word(tmp_path: Path, state: State) -> None:
    """What wants an image that is not here calls its state as the tables do."""
    assert state.word in _no_image(_of(state), tmp_path)
    with pytest.raises(NanobananaError) as caught:
        _of(state).rate(0, stars=3)
    assert state.word in str(caught.value)


@pytest.mark.parametrize("state", sorted(set(State) - {State.UNKNOWN}))
def test_commands_say_the_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    """What decides about unknown tasks says what a task is that is none, in the same word."""
    task = waiting(state, id=7, task_id=None)
    monkeypatch.setattr(Ledger, "get", lambda ledger, name: task)
    with pytest.raises(NanobananaError, match=f"Task 7 is {state.word}, not unknown"):
        recall.let_go(Ledger(tmp_path), "7")
    with pytest.raises(NanobananaError, match=f"it is {state.word}"):
        recall.fetchable(Ledger(tmp_path), "crun", "7")


@pytest.mark.parametrize("state", State)
def test_programs_read_what_the_wire_says(tmp_path: Path, state: State) -> None:
    """`Generation.state`, the counts by state and exported JSON keep the service's own words."""
    grid = _of(state)
    assert grid[0].state == state.value
    assert grid.counts()[state.value] == 2
    data: Any = json.loads(_exported(grid, tmp_path, "json"))
    assert [image["state"] for image in data["images"]] == [state.value] * 2


def test_an_image_that_is_here_is_done(made: Callable[..., Generation], tmp_path: Path) -> None:
    """At each door but where its picture, or that there is nothing else to count, says it."""
    grid = ImageGrid([made(), made(1)])
    for name, door in DOORS.items():
        assert name in SHOWN or "done" in door(grid, tmp_path)
