"""The viewer and the blind vote without a page: what they are sent, keep and leave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.notebook import viewer, voting
from nanobanana_nb.notebook.temporary import Temporary
from nanobanana_nb.show.ballot import Ballot
from nanobanana_nb.show.diff import Difference
from nanobanana_nb.show.grid import ImageGrid

from .bench import Bench

CELL = "%%nanobanana -o grid\nA {{cat|owl}}, {{ink|oil}}"
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def grid(bench: Bench) -> Iterator[ImageGrid]:
    """Four images in the ledger, in a notebook whose front end has widgets."""
    bench.run(CELL.replace("{{", "{").replace("}}", "}"))
    bench.shell.kernel = SimpleNamespace(_allow_stdin=True)
    yield bench.names["grid"]
    bench.shell.kernel = None


def says(shown: Temporary, **message: Any) -> None:
    """Let the page send a message."""
    shown.widget._handle_custom_msg(message, [])


def test_viewer_opens_on_the_pair(bench: Bench, grid: ImageGrid) -> None:
    """The widget has the grid's pictures, begins with the two, and stands alone in the output."""
    ran = bench.run("grid.compare(0, -1)")
    assert ran.error is None, ran.told
    assert ran.value is None
    assert len(ran.all(WIDGET)) == 1
    shown = viewer.opened(grid, [0, 3], lambda: grid.diff(0, 3))
    data = shown.widget.data
    assert data["start"] == {"pair": [0, 3]}
    assert data["ratings"] == {}
    assert len([image for image in data["images"] if image["full"]]) == 4
    assert len(json.dumps(data)) < 4 / 3 * viewer.MOST_BYTES + 50_000


def test_keys_go_to_the_ledger(grid: ImageGrid) -> None:
    """What a page sends is the image's rating; what it cannot mean changes nothing."""
    shown = viewer.opened(grid, [], lambda: grid)
    says(shown, kind="rate", id="2", rating={"stars": 4, "favourite": True, "note": "soft"})
    for wrong in ({"id": "9", "rating": {}}, {"id": "x", "rating": {}}, {"id": "1", "rating": 3}):
        says(shown, kind="rate", **wrong)
    assert grid.ratings() == [Rating(), Rating(4, True, "soft"), Rating(), Rating()]


def test_what_goes_wrong_is_told_in_the_widget(grid: ImageGrid, monkeypatch: Any) -> None:
    """A rating that is none is refused where the person looks."""
    shown = viewer.opened(grid, [], lambda: grid)
    told: list[Any] = []
    monkeypatch.setattr(shown.widget, "send", told.append)
    says(shown, kind="rate", id="1", rating={"stars": 77})
    assert told[0]["kind"] == "trouble"
    assert "stars" in told[0]["text"]


def test_closed_viewer_leaves_a_static_result(bench: Bench, grid: ImageGrid) -> None:
    """The difference takes its place, once, without a widget; the widget is closed."""
    shown = viewer.opened(grid, [0, 1], lambda: grid.diff(0, 1))
    bench.shell.display_pub.outputs.clear()
    says(shown, kind="close")
    says(shown, kind="close")
    (output,) = bench.shell.display_pub.outputs
    assert output["update"]
    assert WIDGET not in output["data"]
    assert "<ins>" in output["data"]["text/html"]
    assert shown.widget.comm is None


def test_without_widgets_the_static_result_stands(bench: Bench, grid: ImageGrid) -> None:
    """In a run without a person, or in a terminal, the result is the cell's value."""
    bench.like_a_kernel()
    assert isinstance(bench.run("grid.compare(0, 1)").value, Difference)
    assert len(bench.run("grid.compare(2)").value) == 1
    assert bench.run("grid.compare()").value is grid
    assert "widgets" in bench.fails("grid.vote()", InputError).told
    bench.fails("grid.compare(9)", InputError)


def test_vote_is_blind_and_kept(grid: ImageGrid) -> None:
    """The page gets two pictures and no word of what they are; its keys are votes."""
    assert grid.opinions is not None
    ballot = Ballot(grid, grid.opinions.votes, "Ann", seed=1)
    shown = voting.opened(grid, ballot)
    seen = shown.widget.pair
    assert set(seen) == {"number", "count", "left", "right"}
    assert (seen["number"], seen["count"]) == (1, 6)
    says(shown, kind="vote", number=1, outcome="left")
    says(shown, kind="vote", number=1, outcome="left")  # the same key twice
    assert shown.widget.pair["number"] == 2
    says(shown, kind="back")
    says(shown, kind="vote", number=1, outcome="right")
    assert grid.ranks().ranking.votes == 1


def test_vote_ends_in_ranks(bench: Bench, grid: ImageGrid) -> None:
    """After the last pair there is nothing to see; Finish puts the ranks in its place."""
    assert bench.run("grid.vote('Bob')").all(WIDGET)
    assert grid.opinions is not None
    shown = voting.opened(grid, Ballot(grid, grid.opinions.votes, "Ann"))
    for number in range(1, 7):
        says(shown, kind="vote", number=number, outcome="tie")
    assert shown.widget.pair == {"count": 6}
    says(shown, kind="vote", number=7, outcome="left")
    bench.shell.display_pub.outputs.clear()
    says(shown, kind="finish")
    (output,) = bench.shell.display_pub.outputs
    assert "Too few votes" in output["data"]["text/html"]
    assert grid.ranks().ranking.votes == 6
