"""The stop button: it ends the wait, never the task."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import StartKernel
from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW, Cell
from tests.service import Service

pytestmark = pytest.mark.kernel

BLOCKING = "%%nanobanana -o grid\na heron at dawn"
IN_PYTHON = "import nanobanana_nb\nnanobanana_nb.generate('a heron at dawn')"
AWAITED = "import nanobanana_nb\nawait nanobanana_nb.agenerate('a heron at dawn')"


def _interrupted(notebook: FrontEnd, service: Service, source: str) -> Cell:
    """Run a cell until the service has its task, then press stop; the cell when it has ended."""
    cell = notebook.start(source)
    notebook.wait(lambda: bool(service.task_ids()), "the task to be created")
    notebook.interrupt()
    notebook.finish(cell)
    assert cell.error is not None, notebook.story()
    return cell


@pytest.mark.parametrize("source", [BLOCKING, IN_PYTHON, AWAITED], ids=["magic", "call", "await"])
def test_interrupt_loses_nothing(slow_bench: FrontEnd, slow_service: Service, source: str) -> None:
    """Stop ends the cell before its task ends; resume brings the picture of the one task."""
    cell = _interrupted(slow_bench, slow_service, source)
    assert cell.error is not None
    assert cell.error[0] in ("KeyboardInterrupt", "CancelledError", "Stopped")
    assert slow_bench.run("print('next')").text == "next\n"
    resumed = slow_bench.run("%nanobanana resume")
    assert resumed.status == "ok"
    assert len(resumed.results) == 1
    assert len(slow_service.creates()) == 1


def test_stop_of_code_that_awaits_is_quiet(slow_bench: FrontEnd, slow_service: Service) -> None:
    """`await agenerate(...)` ends as a cell does: what goes on stands there, and nothing red."""
    cell = _interrupted(slow_bench, slow_service, AWAITED)
    assert [o for o in cell.outputs if o["output_type"] == "error"] == []
    assert "Stopped" in "".join(cell.all("text/plain"))


def test_stop_of_a_grid_that_waits_is_quiet(slow_bench: FrontEnd, slow_service: Service) -> None:
    """One line says how to go on; the run goes on, and waiting again has its image."""
    slow_bench.run("%%nanobanana --no-wait -o heron\na heron at dawn")
    cell = _interrupted(slow_bench, slow_service, "print('waits', flush=True)\nheron.wait()")
    assert [o for o in cell.outputs if o["output_type"] == "error"] == []
    assert "The run goes on: wait() waits again" in "".join(cell.all("text/plain"))
    assert slow_bench.run("print(heron.wait().one.ok)").text == "True\n"
    assert len(slow_service.creates()) == 1


def test_interrupted_cell_is_free_to_run_again(slow_bench: FrontEnd, slow_service: Service) -> None:
    """The same cell run again takes up the paid task instead of making another."""
    _interrupted(slow_bench, slow_service, BLOCKING)
    again = slow_bench.run(BLOCKING)
    assert len(again.results) == 1
    assert len(slow_service.creates()) == 1


def test_interrupted_cell_names_the_task(slow_bench: FrontEnd, slow_service: Service) -> None:
    """What is left under the cell names the task and the way back to it, and is no widget."""
    cell = _interrupted(slow_bench, slow_service, BLOCKING)
    told = "".join(cell.all("text/html")) + cell.text + str(cell.error)
    known = slow_bench.run("%nanobanana history")
    listed = "".join(known.all("text/html") + known.all("text/plain")) + known.text
    (task_id,) = slow_service.task_ids()
    assert task_id in told
    assert "resume" in told
    assert task_id[:8] in listed
    assert cell.all(WIDGET_VIEW) == []


def test_known_after_a_restart(
    start_kernel: StartKernel, slow_bench: FrontEnd, slow_service: Service
) -> None:
    """Another kernel on the same home folder fetches the picture that the first one paid."""
    _interrupted(slow_bench, slow_service, BLOCKING)
    slow_bench.close()
    other = start_kernel(slow_service.environ)
    other.run("%load_ext nanobanana_nb")
    assert len(other.run("%nanobanana resume").results) == 1
    assert len(slow_service.creates()) == 1


def test_queue_behind_an_interrupt_is_aborted(slow_bench: FrontEnd, slow_service: Service) -> None:
    """Stop during Run All ends the run: the cells behind do not start."""
    cell, behind = slow_bench.start(BLOCKING), slow_bench.start("print('never')")
    slow_bench.wait(lambda: bool(slow_service.task_ids()), "the task to be created")
    slow_bench.interrupt()
    slow_bench.finish(cell, behind)
    assert (cell.status, behind.status) == ("error", "aborted"), slow_bench.story()


def test_kernel_leaves_with_a_task_running(slow_bench: FrontEnd) -> None:
    """A kernel that is asked to end does, though a task is still being waited for."""
    assert slow_bench.run("%%nanobanana --no-wait\na heron").status == "ok"
    assert slow_bench.leave() == 0
