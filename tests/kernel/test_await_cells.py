"""Cells that await: their buttons work while they run, and nothing else differs."""

from __future__ import annotations

import re

import pytest

from tests.kernel.conftest import StartKernel
from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW, Cell
from tests.kernel.test_queue import HERON
from tests.service import Service

pytestmark = pytest.mark.kernel

ONLY_CURRENT = pytest.mark.parametrize("environment", ["current"], indirect=True)
ONLY_COLAB = pytest.mark.parametrize("environment", ["colab"], indirect=True)
HERONS = "%%nanobanana -o herons\na heron at dawn"


def _buttons(notebook: FrontEnd) -> set[str]:
    states = notebook.page.widgets.values()
    return {s["description"] for s in states if s.get("_model_name") == "ButtonModel"}


def _running(notebook: FrontEnd, service: Service, source: str) -> Cell:
    """Run a cell until its buttons are there and the service has a task of it."""
    cell = notebook.start(source)
    notebook.wait(lambda: {"Stop", "Detach"} <= _buttons(notebook), "the buttons")
    notebook.wait(lambda: bool(service.task_ids()), "the task to be created")
    return cell


@ONLY_CURRENT
def test_stop_ends_the_wait_and_not_the_task(slow_bench: FrontEnd, slow_service: Service) -> None:
    """Stop ends the cell before its task ends, as the stop button does; resume has the picture."""
    cell = _running(slow_bench, slow_service, HERONS)
    behind = slow_bench.start("print('never')")
    slow_bench.click("Stop")
    slow_bench.finish(cell, behind)
    assert cell.error is not None
    assert cell.error[0] in ("KeyboardInterrupt", "Stopped")
    assert behind.status == "aborted"
    assert "stopped" in "".join(cell.all("text/plain"))
    assert slow_bench.run("print(herons[0].state)").text == "detached\n"
    assert len(slow_bench.run("%nanobanana resume").results) == 1
    assert slow_bench.run("print(herons[0].state)").text == "success\n"
    assert len(slow_service.creates()) == 1


@ONLY_CURRENT
def test_detach_lets_the_job_go_on(slow_bench: FrontEnd, slow_service: Service) -> None:
    """Detach ends the cell well, the next one runs at once, and `wait` shows the picture.

    What stays under the cell does not say that something runs: a file keeps it for ever.
    """
    cell = _running(slow_bench, slow_service, HERONS)
    behind = slow_bench.start("print(type(herons).__name__, herons.running)")
    slow_bench.click("Detach")
    slow_bench.finish(cell, behind)
    assert cell.status == "ok", slow_bench.story()
    assert behind.text == "ImageGrid True\n"
    assert "%nanobanana wait" in "".join(cell.all("text/html"))
    assert "running" not in str(cell.outputs[0])
    waited = slow_bench.run("%nanobanana wait")
    assert len(waited.results) == 1
    assert slow_bench.run("print(herons.state)").text == "success\n"
    assert len(slow_service.creates()) == 1
    assert slow_service.tasks()[0]["id"] in slow_bench.run("print(herons.task_id)").text


@ONLY_CURRENT
@pytest.mark.parametrize("label", ["Stop", "Detach"])
def test_no_widget_is_left_after_a_click(
    slow_bench: FrontEnd, slow_service: Service, label: str
) -> None:
    """What stays under the cell is no widget, and none is open."""
    cell = _running(slow_bench, slow_service, HERON)
    slow_bench.click(label)
    slow_bench.finish(cell)
    slow_bench.settle()
    assert cell.all(WIDGET_VIEW) == []
    assert slow_bench.page.comms == {}


@ONLY_CURRENT
def test_result_stays_under_the_cell_after_clicks(
    slow_bench: FrontEnd, slow_service: Service
) -> None:
    """A button of another widget works while the cell waits; the result lands under the cell."""
    slow_bench.run(
        "import ipywidgets\n"
        "seen = []\n"
        "other = ipywidgets.Button(description='Other')\n"
        "other.on_click(lambda _: seen.append('clicked'))\n"
        "display(other)"
    )
    cell = _running(slow_bench, slow_service, HERON)
    behind = slow_bench.start("print(seen)")
    slow_bench.click("Other")
    slow_bench.finish(cell, behind)
    assert behind.text == "['clicked']\n"
    assert (len(cell.outputs), len(cell.results)) == (1, 1)
    assert cell.idle_at is not None
    assert behind.started_at >= cell.idle_at


@ONLY_CURRENT
def test_many_are_paged_and_stopped(slow_bench: FrontEnd, slow_service: Service) -> None:
    """A plan of many has pages of tiles: Later shows those after these, Follow those that run."""
    cell = _running(slow_bench, slow_service, "%%nanobanana -n 100 --yes\na heron")
    pages = {"Earlier", "Later", "Follow"}
    slow_bench.wait(lambda: pages <= _buttons(slow_bench), "the buttons of the pages")
    slow_bench.wait(lambda: 0 <= _first_tile(slow_bench) < 32, "the tiles")
    slow_bench.click("Later")
    slow_bench.wait(lambda: _first_tile(slow_bench) >= 32, "the next page")
    slow_bench.click("Follow")
    slow_bench.wait(lambda: 0 <= _first_tile(slow_bench) < 32, "the page before")
    slow_bench.click("Stop")
    slow_bench.finish(cell)
    assert cell.error is not None
    assert cell.replied_at is not None
    updates = cell.sent("comm_msg", "display_data", "update_display_data")
    assert len(updates) <= 2 * (cell.replied_at - cell.started_at) + 12, "calm with many tasks too"
    assert len(slow_service.creates()) < 100, "what was not sent yet is not sent"


@ONLY_CURRENT
@pytest.mark.parametrize(
    ("command", "creates"),
    [("resume", 1), ("wait", 1), ("rerun 1", 2), ("resolve 2 --resend", 3)],
)
def test_commands_that_wait_have_buttons(
    slow_bench: FrontEnd, slow_service: Service, command: str, creates: int
) -> None:
    """Stop ends `%nanobanana` commands that wait as it ends a cell, and the next is skipped."""
    _left_behind(slow_bench, slow_service, command)
    cell = slow_bench.start(f"%nanobanana {command}")
    behind = slow_bench.start("print('never')")
    slow_bench.wait(lambda: {"Stop", "Detach"} <= _buttons(slow_bench), "the buttons")
    slow_bench.wait(lambda: len(slow_service.creates()) == creates, "the create")
    slow_bench.click("Stop")
    slow_bench.finish(cell, behind)
    assert (cell.error or ("",))[0] in ("KeyboardInterrupt", "Stopped")
    assert behind.status == "aborted"
    slow_bench.run("%nanobanana resume")
    assert len(slow_service.creates()) == creates
    slow_bench.settle()
    assert slow_bench.page.comms == {}


def _left_behind(notebook: FrontEnd, service: Service, command: str) -> None:
    """Leave what the command needs: a task that runs, an image, or an unknown outcome."""
    if command == "resume":
        cell = _running(notebook, service, HERONS)
        notebook.click("Stop")
        notebook.finish(cell)
    elif command == "wait":
        notebook.run(HERONS.replace("nanobanana", "nanobanana --no-wait", 1))
    else:
        notebook.run(HERON)
    if command.startswith("resolve"):
        service.fault(on="create", status=500)
        notebook.run("%%nanobanana\na crane")


@ONLY_CURRENT
@pytest.mark.parametrize("command", ["resume", "wait"])
def test_commands_that_wait_can_be_detached(
    slow_bench: FrontEnd, slow_service: Service, command: str
) -> None:
    """Detach lets the job of a command go on too, and `wait` shows its images once."""
    _left_behind(slow_bench, slow_service, command)
    cell = slow_bench.start(f"%nanobanana {command}")
    slow_bench.wait(lambda: {"Stop", "Detach"} <= _buttons(slow_bench), "the buttons")
    slow_bench.click("Detach")
    slow_bench.finish(cell)
    assert cell.status == "ok", slow_bench.story()
    assert len(slow_bench.run("%nanobanana wait").results) == 1
    assert "Nothing runs" in str(slow_bench.run("%nanobanana wait").outputs)


@ONLY_CURRENT
def test_several_grids_of_a_command_are_shown_once(bench: FrontEnd) -> None:
    """Awaited or not: the grids, and no list of them below."""
    jobs = [f"%%nanobanana --no-wait\na {bird}" for bird in ("heron", "crane", "owl")]
    for code in ("%nanobanana wait", "None\n%nanobanana wait"):
        assert {cell.status for cell in bench.queue(jobs)} == {"ok"}
        cell = bench.run(code)
        assert (len(cell.outputs), len(cell.results)) == (3, 3), bench.story()
        assert bench.run("print(len(_))").text == "3\n"


@ONLY_CURRENT
@pytest.mark.parametrize(
    ("source", "awaited"),
    [
        *(("%nanobanana resume", True), ("%nanobanana balance", False)),
        *(("name = 1\n%nanobanana resume", False), ("found = %nanobanana resume", False)),
        ("%nanobanana resume {name}", False),
    ],
)
def test_only_a_command_alone_awaits(warm_bench: FrontEnd, source: str, awaited: bool) -> None:
    """A command with something beside it, and one that does not wait, keep their form."""
    warm_bench.run("name = ''")
    _, code = warm_bench.queue([source, f"print({AWAITED})"])
    assert code.text == f"{awaited}\n"


IN_CODE = """import nanobanana_nb
herons = await nanobanana_nb.agenerate('a heron at dawn', repeats=2)
herons"""


@ONLY_CURRENT
def test_code_that_awaits_has_buttons(slow_bench: FrontEnd, slow_service: Service) -> None:
    """Stop ends `await agenerate(...)` as a cancel does; Detach gives the images as they stand."""
    cell = _running(slow_bench, slow_service, IN_CODE)
    behind = slow_bench.start("print('never')")
    slow_bench.click("Stop")
    slow_bench.finish(cell, behind)
    assert (cell.error or ("",))[0] == "CancelledError"
    assert "Paid tasks go on" in (cell.error or ("", ""))[1] + str(cell.outputs)
    assert behind.status == "aborted"
    cell = slow_bench.start(IN_CODE)
    slow_bench.wait(lambda: {"Stop", "Detach"} <= _buttons(slow_bench), "the buttons")
    slow_bench.click("Detach")
    slow_bench.finish(cell)
    assert cell.status == "ok", slow_bench.story()
    assert len(cell.outputs) == 1, "the note alone, and not the images as a value"
    assert slow_bench.run("print(type(herons).__name__, len(herons))").text == "ImageGrid 2\n"
    assert len(slow_bench.run("%nanobanana wait").results) == 1
    assert len(slow_service.creates()) == 2


@ONLY_CURRENT
def test_code_that_gathers_has_a_board_each(slow_bench: FrontEnd, slow_service: Service) -> None:
    """Two runs side by side in one cell each show theirs, and each image comes."""
    cell = slow_bench.run(
        "import asyncio, nanobanana_nb\n"
        "both = await asyncio.gather(*(nanobanana_nb.agenerate(f'a {b}') for b in ('owl', 'rail')))"
    )
    assert cell.status == "ok", slow_bench.story()
    assert len(cell.results) == 2
    slow_bench.settle()
    assert slow_bench.page.comms == {}


def _first_tile(notebook: FrontEnd) -> int:
    """Return the number of the first tile of the page that is shown; -1 where there is none."""
    found = re.search(r"#(\d+) to #\d+; \d+ more", _shown(notebook))
    return int(found[1]) if found else -1


def _shown(notebook: FrontEnd) -> str:
    return "".join(str(state.get("value", "")) for state in notebook.page.widgets.values())


def test_interrupt_before_anything_is_sent(slow_bench: FrontEnd, slow_service: Service) -> None:
    """While the cell still plans, the stop button ends it at once in either form."""
    slow_bench.run(
        "import time\n"
        "class Slow:  # an array of values, which takes its time to give them\n"
        "    ndim = 1\n"
        "    def __len__(self):\n"
        "        return 2\n"
        "    def tolist(self):\n"
        "        print('planning')\n"
        "        time.sleep(120)\n"
        "slow = Slow()"
    )
    cell = slow_bench.start("%%nanobanana\na {slow} heron")
    slow_bench.wait(lambda: "planning" in cell.text, "the planning")
    pressed_at = slow_bench.interrupt()
    slow_bench.finish(cell)
    assert cell.replied_at is not None
    assert cell.replied_at - pressed_at < 60, "half of what the values take"
    assert (cell.error or ("",))[0] in ("KeyboardInterrupt", "Stopped")
    assert slow_service.creates() == []


@ONLY_COLAB
def test_older_kernels_show_no_buttons(slow_bench: FrontEnd) -> None:
    """Where a click cannot arrive there is no button, and the text names the stop button."""
    cell = slow_bench.start(HERON)
    slow_bench.wait(lambda: "Interrupt stops the waiting" in _shown(slow_bench), "the status")
    assert _buttons(slow_bench) == set()
    slow_bench.finish(cell)
    assert len(cell.results) == 1


def test_nobody_there_means_no_buttons(start_kernel: StartKernel, slow_service: Service) -> None:
    """Where nobody types the cell blocks as ever: no widget, one result."""
    notebook = start_kernel(slow_service.environ, someone_types=False)
    notebook.run("%load_ext nanobanana_nb")
    cell, code = notebook.queue([HERON, f"print({AWAITED})"])
    assert cell.sent("comm_open") == []
    assert (len(cell.outputs), len(cell.results)) == (1, 1)
    assert code.text == "False\n"


AWAITED = "'await' in get_ipython().history_manager.input_hist_parsed[-2]"


@ONLY_CURRENT
@pytest.mark.parametrize(
    ("above", "awaited"),
    [("", True), ("# a comment\n\n", True), ("%%time\n", False), ("%%capture kept\n", False)],
)
def test_only_the_outermost_awaits(bench: FrontEnd, above: str, awaited: bool) -> None:
    """A magic above keeps the blocking form for the cell in it, and the next cell awaits again."""
    for _ in range(2):
        cell, code = bench.queue([f"{above}{HERON}", f"print({AWAITED})"])
        assert cell.status == "ok", cell.outputs
        assert code.text == f"{awaited}\n"


@ONLY_CURRENT
def test_without_autoawait_the_cell_blocks(bench: FrontEnd) -> None:
    """`%autoawait off` is respected, and `%autoawait asyncio` brings it back."""
    bench.run("%autoawait off")
    cell, code = bench.queue([HERON, f"print({AWAITED})"])
    assert (len(cell.results), code.text) == (1, "False\n")
    bench.run("%autoawait asyncio")
    assert bench.queue([HERON, f"print({AWAITED})"])[1].text == "True\n"


def test_cells_in_cells_work(bench: FrontEnd) -> None:
    """The magic called from code, and a cell run from a cell that fails: each works, each time."""
    inner = "get_ipython().run_cell('%%nanobanana\\na heron at dawn')"
    for source in (inner, f"try:\n    {inner}\nfinally:\n    pass", f"1/0\n{inner}", inner):
        bench.start(source, stop_on_error=False)
    cell, behind = bench.queue([HERON, "print('behind')"])
    bench.settle()
    assert len(cell.results) == 1
    assert behind.text == "behind\n"
    assert [len(c.results) for c in bench.page.cells[1:5]] == [1, 1, 0, 1], bench.story()


@ONLY_CURRENT
@pytest.mark.parametrize("options", ["--dry-run", "--no-wait", "-h", "-o 1x", "--nonsense"])
def test_other_cells_are_the_same_in_both_forms(bench: FrontEnd, options: str) -> None:
    """What does not wait for images gives the same outputs and errors, awaited or not."""
    source = f"%%nanobanana {options}\na heron"
    awaited = bench.run(source)
    bench.run("%autoawait off")
    blocking = bench.run(source)
    assert awaited.error == blocking.error
    assert [sorted(o.get("data", o)) for o in awaited.outputs] == [
        sorted(o.get("data", o)) for o in blocking.outputs
    ]
    assert (awaited.reply or {}).get("traceback") == (blocking.reply or {}).get("traceback")


@ONLY_CURRENT
def test_click_may_run_a_cell(bench: FrontEnd) -> None:
    """A button whose callback runs the magic works: what a click runs blocks as ever."""
    bench.run(
        "import ipywidgets\n"
        "go = ipywidgets.Button(description='Go')\n"
        "run = get_ipython().run_cell\n"
        "done = []\n"
        "go.on_click(lambda _: done.append(run('%%nanobanana\\na heron').success))\n"
        "display(go)"
    )
    bench.click("Go")
    assert bench.run("print(done)").text == "[True]\n"


@ONLY_CURRENT
def test_unload_takes_the_transform_away(bench: FrontEnd) -> None:
    """After unloading and loading again there is one transformer, and after unloading none."""
    count = "print(len(get_ipython().input_transformers_post))"
    before = int(bench.run(count).text)
    bench.run("%reload_ext nanobanana_nb")
    assert int(bench.run(count).text) == before
    bench.run("%unload_ext nanobanana_nb")
    assert int(bench.run(count).text) == before - 1
