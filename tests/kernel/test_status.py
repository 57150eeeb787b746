"""The status of a running task, and what is left of it in the saved notebook."""

from __future__ import annotations

import json

import pytest

from tests.kernel.conftest import StartKernel
from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW, Cell
from tests.service import KEY, Service

pytestmark = pytest.mark.kernel

HERON = "%%nanobanana\na heron at dawn"


def _display_ids(cell: Cell) -> set[str]:
    shown = cell.sent("display_data", "update_display_data", "execute_result")
    ids = (message.content.get("transient", {}).get("display_id") for message in shown)
    return {found for found in ids if found}


def _widget_texts(cell: Cell) -> list[str]:
    """The values that the HTML widgets of this cell had, one after the other."""
    opened = [m.content["data"].get("state", {}) for m in cell.sent("comm_open")]
    updated = [m.content["data"].get("state", {}) for m in cell.sent("comm_msg")]
    return [state["value"] for state in (*opened, *updated) if "value" in state]


def test_status_is_a_widget_while_it_runs(slow_bench: FrontEnd, slow_service: Service) -> None:
    """A running task shows as an HTML widget with its state, seconds and task id."""
    cell = slow_bench.start(HERON)
    slow_bench.wait(lambda: bool(cell.all(WIDGET_VIEW)), "the status")
    assert "HTMLModel" in slow_bench.page.comms.values()
    slow_bench.finish(cell)
    texts = "".join(_widget_texts(cell))
    (task_id,) = slow_service.task_ids()
    assert "running" in texts
    assert task_id in texts


def test_status_makes_way_for_the_result(slow_bench: FrontEnd) -> None:
    """The result takes the place of the status: one output, no widget view, no open comm."""
    cell = slow_bench.run(HERON)
    slow_bench.settle()
    assert len(_display_ids(cell)) == 1
    assert cell.all(WIDGET_VIEW) == []
    assert (len(cell.outputs), len(cell.results)) == (1, 1)
    assert slow_bench.page.comms == {}


def test_status_without_a_page_is_html(start_kernel: StartKernel, slow_service: Service) -> None:
    """Where nobody can type there is no widget: the status is HTML under the same display id."""
    notebook = start_kernel(slow_service.environ, someone_types=False)
    notebook.run("%load_ext nanobanana_nb")
    cell = notebook.run(HERON)
    notebook.settle()
    shown = [m.content["data"] for m in cell.sent("display_data", "update_display_data")]
    assert all(WIDGET_VIEW not in data for data in shown)
    assert "running" in " ".join(data.get("text/html", "") for data in shown)
    assert cell.sent("comm_open") == []
    assert len(_display_ids(cell)) == 1
    assert (len(cell.outputs), len(cell.results)) == (1, 1)


def test_status_is_calm(slow_bench: FrontEnd) -> None:
    """At most two updates a second reach the page, between one start and one end."""
    cell = slow_bench.run(HERON)
    kinds = ("comm_msg", "display_data", "update_display_data")
    assert cell.replied_at is not None
    seconds = cell.replied_at - cell.started_at
    assert len(cell.sent(*kinds)) <= 2 * seconds + 8
    assert len(cell.sent("comm_open")) == len(cell.sent("comm_close")) < 24


def test_status_of_a_failure_makes_way_too(slow_bench: FrontEnd) -> None:
    """After a refusal by the service no widget is left, open or saved."""
    cell = slow_bench.run("%%nanobanana -a 7:5\na heron")
    slow_bench.settle()
    assert cell.status == "error"
    assert cell.all(WIDGET_VIEW) == []
    assert slow_bench.page.comms == {}


def test_key_is_nowhere_on_the_page(slow_bench: FrontEnd) -> None:
    """The key is in no message of the kernel: not in outputs, widgets, settings or errors."""
    for source in (HERON, "%nanobanana config", "%nanobanana doctor", "%nanobanana balance"):
        slow_bench.run(source)
    slow_bench.run("%xmode Verbose")
    slow_bench.run("%%nanobanana -a 7:5\na red bicycle")
    slow_bench.run("import nanobanana_nb\nnanobanana_nb.generate('x', aspect_ratio='7:5')")
    said = json.dumps(
        [[m.content for m in cell.messages] + [cell.reply] for cell in slow_bench.page.cells]
    )
    assert "heron" in said, "the messages are there to be searched"
    assert KEY not in said
