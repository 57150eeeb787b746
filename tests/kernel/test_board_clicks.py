"""What the page says of tiles and rows that were pressed, in a kernel whose cell awaits."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW, Cell
from tests.kernel.test_await_cells import ONLY_CURRENT, _shown
from tests.service import Service

pytestmark = pytest.mark.kernel

BIRDS = "%%nanobanana -o birds\na {heron|rail|crane [slow]|owl [slow]}"


def _listener(notebook: FrontEnd) -> str:
    """The comm of what listens to the board, once it is there."""

    def ears() -> list[str]:
        named = notebook.page.widgets.items()
        return [key for key, state in named if "ClickListener" in str(state.get("_anywidget_id"))]

    notebook.wait(lambda: len(ears()) == 1, "the listener of the board")
    return ears()[0]


def _failing(notebook: FrontEnd, service: Service) -> tuple[Cell, str]:
    """Start a plan whose first create is refused, on a page that listens."""
    service.fault(on="create", status=422, message="blocked: a hat")
    cell = notebook.start(BIRDS)
    listener = _listener(notebook)
    notebook.say(listener, {"kind": "here"})
    notebook.wait(lambda: "data-again=" in _shown(notebook), "the row of the failure")
    return cell, listener


@ONLY_CURRENT
def test_failed_image_is_tried_again(slow_bench: FrontEnd, slow_service: Service) -> None:
    """However often it is pressed, one more task is created, and the cell ends with all images."""
    cell, listener = _failing(slow_bench, slow_service)
    for _ in range(5):
        for position in range(4):
            slow_bench.say(listener, {"kind": "again", "position": position})
        slow_bench.say(listener, {"kind": "all"})
    slow_bench.wait(lambda: "data-again=" not in _shown(slow_bench), "the row to go")
    slow_bench.finish(cell)
    assert cell.status == "ok", slow_bench.story()
    assert slow_bench.run("print(birds.counts()['success'])").text == "4\n"
    assert len(slow_service.creates()) == 5
    assert len(slow_service.task_ids()) == 4


@ONLY_CURRENT
def test_viewer_is_under_its_cell(slow_bench: FrontEnd, slow_service: Service) -> None:
    """It is an output of the cell that runs, stays after its end, and closed it is empty."""
    cell, listener = _failing(slow_bench, slow_service)
    slow_bench.wait(lambda: "data-look=" in _shown(slow_bench), "a tile with an image")
    for position in (99, *range(4)):
        slow_bench.say(listener, {"kind": "look", "position": position})
    slow_bench.finish(cell)
    slow_bench.settle()
    (viewer,) = (key for key, state in slow_bench.page.widgets.items() if "data" in state)
    opened = [output for output in cell.outputs if WIDGET_VIEW in output["data"]]
    assert [one["data"][WIDGET_VIEW]["model_id"] for one in opened] == [viewer]
    slow_bench.say(viewer, {"kind": "close"})
    slow_bench.settle()
    said = slow_bench.page.lost  # what no cell's own message led to
    closed = {one.content["comm_id"] for one in said if one.type == "comm_close"}
    assert slow_bench.page.comms.keys() == closed
    assert {"text/html": "", "text/plain": ""} in [output["data"] for output in cell.outputs]


@ONLY_CURRENT
def test_status_is_calm_with_failures(slow_bench: FrontEnd, slow_service: Service) -> None:
    """Rows of failures, tiles and head together make at most two updates a second."""
    for _ in range(10):
        slow_service.fault(on="create", status=422)
    cell = slow_bench.start("%%nanobanana -n 20 --yes\na heron")
    slow_bench.say(_listener(slow_bench), {"kind": "here"})
    slow_bench.finish(cell)
    assert cell.replied_at is not None
    updates = cell.sent("comm_msg", "display_data", "update_display_data")
    assert len(updates) <= 2 * (cell.replied_at - cell.started_at) + 6
