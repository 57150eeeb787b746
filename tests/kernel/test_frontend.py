"""The front end of these tests, against cells whose behaviour is known."""

from __future__ import annotations

import time

import pytest

from tests.kernel.conftest import StartKernel
from tests.kernel.environments import CHECKOUT, Environment
from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW

pytestmark = pytest.mark.kernel

IN_COLAB = {
    "ipython": "7.34.0",
    "ipykernel": "6.17.1",
    "ipywidgets": "7.7.1",
    "traitlets": "5.7.1",
}


def test_environment_is_the_named_one(notebook: FrontEnd, environment: Environment) -> None:
    """The kernel has exactly the versions that Colab pins, or else newer ones."""
    cell = notebook.run(
        "from importlib.metadata import version\n"
        f"print(*(version(name) for name in {tuple(IN_COLAB)}))"
    )
    versions = dict(zip(IN_COLAB, cell.text.split(), strict=True))
    assert (versions == IN_COLAB) == (environment.name == "colab"), versions


def test_kernel_runs_the_checkout(notebook: FrontEnd) -> None:
    """The package in the kernel is the code beside these tests."""
    cell = notebook.run("import nanobanana_nb; print(nanobanana_nb.__file__)")
    assert cell.text.strip() == str(CHECKOUT / "nanobanana_nb" / "__init__.py")


def test_queued_cells_end_in_order(notebook: FrontEnd) -> None:
    """Cells that are sent together run one after the other, each with its own output."""
    cells = notebook.queue([f"print({n})" for n in range(4)])
    assert [cell.status for cell in cells] == ["ok"] * 4
    assert [cell.text for cell in cells] == ["0\n", "1\n", "2\n", "3\n"]
    assert [cell.reply["execution_count"] for cell in cells if cell.reply] == [1, 2, 3, 4]


def test_failing_cell_aborts_the_queue(notebook: FrontEnd) -> None:
    """After an error the cells behind it do not run, and the error is saved."""
    # What comes after the error is no part of the queue: the kernel would run it.
    failing, behind = notebook.queue(["import time\ntime.sleep(2)\n1/0", "print('never')"])
    assert failing.error == ("ZeroDivisionError", "division by zero")
    assert failing.outputs[-1]["output_type"] == "error"
    assert (behind.status, behind.outputs) == ("aborted", [])


def test_update_lands_under_the_first_cell(notebook: FrontEnd) -> None:
    """An update from a later cell replaces the output where it was first shown."""
    first, second = notebook.queue(
        [
            "from IPython.display import display\nshown = display('old', display_id=True)",
            "shown.update('new')\nprint('done')",
        ]
    )
    assert first.all("text/plain") == ["'new'"]
    assert (second.all("text/plain"), second.text) == ([], "done\n")


def test_update_of_nothing_is_lost(notebook: FrontEnd) -> None:
    """An update of an id that was never shown reaches no cell."""
    cell = notebook.run(
        "from IPython.display import display, update_display\n"
        "update_display('gone', display_id='never shown')"
    )
    assert cell.outputs == []
    assert [message.type for message in notebook.page.lost][-1] == "update_display_data"


def test_cleared_output_is_gone(notebook: FrontEnd) -> None:
    """Output that is cleared with wait stays until the next output comes."""
    cell = notebook.run(
        "from IPython.display import clear_output\n"
        "print('one')\nclear_output(wait=True)\nprint('two')"
    )
    assert cell.text == "two\n"


def test_interrupt_ends_a_cell(notebook: FrontEnd) -> None:
    """The stop button raises KeyboardInterrupt in the running cell, and the kernel lives on."""
    # What comes soon after an error is not run where a cell stops those behind it.
    cell = notebook.start("import time\nprint('on')\ntime.sleep(60)", stop_on_error=False)
    notebook.wait(lambda: cell.text == "on\n", "the cell to begin")
    pressed_at = notebook.interrupt()
    notebook.finish(cell)
    assert cell.error is not None
    assert cell.error[0] in ("KeyboardInterrupt", "Stopped")
    assert cell.replied_at is not None
    assert cell.replied_at - pressed_at < 30, "half of what it would sleep"
    assert notebook.run("print(1)").text == "1\n"


def test_widget_is_seen_and_its_end_too(notebook: FrontEnd) -> None:
    """A widget is a comm that opens, and one that closes when the widget does."""
    notebook.run("import ipywidgets; box = ipywidgets.HTML('hello'); display(box)")
    assert "HTMLModel" in notebook.page.comms.values()
    assert notebook.page.cells[-1].all(WIDGET_VIEW)
    notebook.run("box.close()")
    assert "HTMLModel" not in notebook.page.comms.values()


def test_front_end_says_whether_someone_types(start_kernel: StartKernel) -> None:
    """A kernel learns with each cell whether there is somebody to ask."""
    ask = "print(get_ipython().kernel._allow_stdin)"
    assert start_kernel(someone_types=True).run(ask).text == "True\n"
    assert start_kernel(someone_types=False).run(ask).text == "False\n"


def test_kernel_gets_its_environment(start_kernel: StartKernel) -> None:
    """Variables that a test gives reach the kernel; those of isolation are there as well."""
    notebook = start_kernel({"NANOBANANA_SIMULATOR_SPEED": "0.5"})
    cell = notebook.run(
        "import os\n"
        "for name in ('NANOBANANA_PROVIDER', 'NANOBANANA_SIMULATOR_SPEED'):\n"
        "    print(os.environ[name])"
    )
    assert cell.text == "simulator\n0.5\n"


def test_kernel_leaves_when_asked(notebook: FrontEnd) -> None:
    """A kernel that has nothing to do ends with exit code 0."""
    assert notebook.leave() == 0


def test_times_are_in_order(notebook: FrontEnd) -> None:
    """A cell is sent, begun, answered and idle in that order."""
    cell = notebook.run("pass")
    assert cell.replied_at is not None
    assert cell.sent_at <= cell.started_at <= cell.replied_at <= time.monotonic()
