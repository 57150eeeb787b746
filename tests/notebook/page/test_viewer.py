"""The viewer and the blind vote without a page: what they are sent, keep and leave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Rating, Vote
from nanobanana_nb.notebook.page import next_cell, viewer, voting
from nanobanana_nb.notebook.page.closable import ClosableWidget
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.ballot import Ballot
from nanobanana_nb.show.lineage.diff import Difference
from tests.notebook.bench import Bench

CELL = "%%nanobanana -o grid\nA {{cat|owl}}, {{ink|oil}}"
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def grid(bench: Bench) -> Iterator[ImageGrid]:
    """Four images in the ledger, in a notebook whose front end has widgets."""
    bench.run(CELL.replace("{{", "{").replace("}}", "}"))
    bench.shell.kernel = SimpleNamespace(_allow_stdin=True)
    yield bench.names["grid"]
    bench.shell.kernel = None


def says(shown: ClosableWidget, **message: Any) -> None:
    """Let the page send a message."""
    shown.widget._handle_custom_msg(message, [])


@pytest.mark.long
def test_viewer_opens_on_the_pair(bench: Bench, grid: ImageGrid) -> None:
    """The widget has the grid's pictures, begins with the two, and stands alone in the output."""
    ran = bench.run("grid.compare(0, -1)")
    assert ran.error is None, ran.told
    assert ran.value is None
    assert len(ran.all(WIDGET)) == 1
    shown = viewer.grid_viewer(grid, [0, 3], lambda: grid.diff(0, 3), inline=True)
    data = shown.widget.data
    assert data["start"] == {"pair": [0, 3], "inline": True}
    assert data["ratings"] == {}
    assert len([image for image in data["images"] if image["full"]]) == 4
    assert len(json.dumps(data)) < 4 / 3 * viewer.MOST_BYTES + 50_000


@pytest.mark.long
def test_keys_go_to_the_ledger(grid: ImageGrid) -> None:
    """What a page sends is the image's rating; what it cannot mean changes nothing."""
    shown = viewer.grid_viewer(grid, [], lambda: grid)
    says(shown, kind="rate", id="1", rating={"stars": 4, "favourite": True, "note": "soft"})
    for wrong in ({"id": "9", "rating": {}}, {"id": "x", "rating": {}}, {"id": "0", "rating": 3}):
        says(shown, kind="rate", **wrong)
    assert grid.ratings() == [Rating(), Rating(4, True, "soft"), Rating(), Rating()]


@pytest.mark.long
def test_what_goes_wrong_is_told_in_the_widget(grid: ImageGrid, monkeypatch: Any) -> None:
    """A rating that is none is refused where the person looks."""
    shown = viewer.grid_viewer(grid, [], lambda: grid)
    told: list[Any] = []
    monkeypatch.setattr(shown.widget, "send", told.append)
    says(shown, kind="rate", id="0", rating={"stars": 77})
    assert told[0]["kind"] == "trouble"
    assert "stars" in told[0]["text"]


@pytest.mark.long
def test_use_as_reference_gives_the_next_cell(
    bench: Bench, grid: ImageGrid, monkeypatch: Any
) -> None:
    """The text of a cell with the image and its prompt; Insert puts it below the next; it runs."""
    shown = viewer.grid_viewer(grid, [], lambda: grid)
    told: list[Any] = []
    monkeypatch.setattr(shown.widget, "send", told.append)
    next_cells: list[str] = []
    monkeypatch.setattr(bench.shell, "set_next_input", next_cells.append)
    says(shown, kind="use", id="1")
    assert told[0]["kind"] == "cell"
    line, prompt = told[0]["cell"].split("\n")
    assert line.startswith("%%nanobanana -m nano-banana -i nanobanana_images/")
    assert prompt == "A cat, oil"
    says(shown, kind="insert", id="1")
    assert next_cells == [told[0]["cell"]]
    assert told[1]["kind"] == "said"
    for wrong in ("9", "4", "-1", "²", "x", None, 1.5, [], "1" * 5000):
        says(shown, kind="use", id=wrong)
    assert len(told) == 2
    bench.shell.kernel = None
    ran = bench.run(told[0]["cell"].replace("%%nanobanana", "%%nanobanana -o following"))
    assert ran.error is None, ran.told
    (image,) = bench.names["following"].one.request.images
    assert image.sha256 == grid[1].sha256


@pytest.mark.long
def test_lost_image_is_no_reference(grid: ImageGrid, monkeypatch: Any) -> None:
    """Where its file is gone the viewer says so."""
    shown = viewer.grid_viewer(grid, [], lambda: grid)
    told: list[Any] = []
    monkeypatch.setattr(shown.widget, "send", told.append)
    assert grid[0].path is not None
    grid[0].path.unlink()
    says(shown, kind="use", id="0")
    assert told[0]["kind"] == "trouble"
    assert "not there" in told[0]["text"]


def test_private_prompt_stays_private_in_the_next_cell(bench: Bench, monkeypatch: Any) -> None:
    """The cell that goes on from a private image is private itself."""
    bench.run("%%nanobanana --private -o hidden\nA cat that nobody knows")
    cell = next_cell.cell_from(bench.names["hidden"].one)
    line = cell.split("\n")[0]
    assert line.startswith("%%nanobanana -m nano-banana -i ")
    assert line.endswith(" --private")


@pytest.mark.long
def test_open_widgets_say_in_a_file_what_they_were(bench: Bench, grid: ImageGrid) -> None:
    """Beside the widget stands what the viewer leaves; beside a vote nothing that names images."""
    data, widget = bench.run("grid.compare(0, -1)").outputs
    assert set(data) == {"text/html", "text/plain"}
    assert set(widget) == {WIDGET}
    assert "<ins>" in data["text/html"]
    data, widget = bench.run("grid.vote()").outputs
    assert set(data) == {"text/html", "text/plain"}
    assert set(widget) == {WIDGET}
    assert "A vote is open here" in data["text/plain"]
    assert "cat" not in data["text/html"]


@pytest.mark.long
def test_closed_viewer_leaves_a_static_result(bench: Bench, grid: ImageGrid) -> None:
    """The difference takes its place, once, without a widget; the widget is closed."""
    shown = viewer.grid_viewer(grid, [0, 1], lambda: grid.diff(0, 1))
    bench.shell.display_pub.outputs.clear()
    says(shown, kind="close")
    says(shown, kind="close")
    (output,) = bench.shell.display_pub.outputs
    assert output["update"]
    assert WIDGET not in output["data"]
    assert "<ins>" in output["data"]["text/html"]
    assert shown.widget.comm is None


@pytest.mark.long
def test_without_widgets_the_static_result_stands(bench: Bench, grid: ImageGrid) -> None:
    """In a run without a person, or in a terminal, the result is the cell's value."""
    bench.like_a_kernel()
    assert isinstance(bench.run("grid.compare(0, 1)").value, Difference)
    assert len(bench.run("grid.compare(2)").value) == 1
    assert bench.run("grid.compare()").value is grid
    assert "widgets" in bench.fails("grid.vote()", InputError).told
    bench.fails("grid.compare(9)", InputError)


@pytest.mark.long
def test_vote_is_blind_and_kept(grid: ImageGrid) -> None:
    """The page gets two pictures and no word of what they are; its keys are votes."""
    assert grid.opinions is not None
    ballot = Ballot(grid, grid.opinions.votes, "Ann", seed=1)
    shown = voting.vote_widget(grid, ballot)
    seen = shown.widget.pair
    assert set(seen) == {"number", "progress", "left", "right"}
    assert seen["number"] == 1
    assert seen["progress"].startswith("0 votes so far. About 12 give a first answer")
    says(shown, kind="vote", number=1, outcome="left")
    says(shown, kind="vote", number=1, outcome="left")  # the same key twice
    assert shown.widget.pair["number"] == 2
    says(shown, kind="back")
    says(shown, kind="vote", number=1, outcome="right")
    assert grid.ranks().ranking.votes == 1


@pytest.mark.long
def test_vote_ends_in_ranks(bench: Bench, grid: ImageGrid) -> None:
    """Where one leads it is said; Go on shows pairs again, Finish puts the ranks in its place."""
    assert bench.run("grid.vote('Bob')").all(WIDGET)
    assert grid.opinions is not None
    for number in range(1, 11):
        for rival in grid[1:]:
            vote = Vote(str(grid[0].sha256), str(rival.sha256), "left", "Ann", number)
            grid.opinions.votes.put(vote)
    shown = voting.vote_widget(grid, Ballot(grid, grid.opinions.votes, "Ann"))
    verdict = (
        "cat · ink (grid[0]) leads after 30 pairs by 1 person:"
        " with 95 % none of the others is better."
    )
    assert shown.widget.pair == {"verdict": verdict}
    says(shown, kind="vote", number=1, outcome="left")
    assert grid.ranks().ranking.votes == 30
    says(shown, kind="resume")
    says(shown, kind="vote", number=1, outcome="left")
    bench.shell.display_pub.outputs.clear()
    says(shown, kind="finish")
    (output,) = bench.shell.display_pub.outputs
    assert "leads after 31 pairs" in output["data"]["text/html"]
    assert grid.ranks().ranking.votes == 31
