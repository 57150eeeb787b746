"""Cells that wait behind a `%%nanobanana` cell, as after Run All."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd

pytestmark = pytest.mark.kernel

HERON = "%%nanobanana\na heron at dawn"


def test_no_queued_cell_is_lost(bench: FrontEnd) -> None:
    """Three cells behind a magic cell all run, in order, each with its own output."""
    magic, *behind = bench.queue([HERON, "print('one')", "print('two')", "3"])
    assert magic.status == "ok"
    assert [cell.status for cell in behind] == ["ok"] * 3
    assert [cell.text for cell in behind] == ["one\n", "two\n", ""]
    assert behind[2].all("text/plain") == ["3"]
    starts = [cell.started_at for cell in (magic, *behind)]
    assert starts == sorted(starts)


def test_no_queued_cell_is_lost_behind_a_running_task(slow_bench: FrontEnd) -> None:
    """The cells wait for the picture: none starts before the magic cell has ended."""
    magic, *behind = slow_bench.queue([HERON, "print(1)", "print(2)", "print(3)"])
    assert [cell.text for cell in behind] == ["1\n", "2\n", "3\n"]
    assert magic.idle_at is not None
    # Both times are of one channel: replies come on another, and may be read later.
    assert all(cell.started_at >= magic.idle_at for cell in behind)


def test_result_lands_under_its_own_cell(bench: FrontEnd) -> None:
    """Two magic cells between plain ones: each picture is under the cell that asked for it."""
    cells = bench.queue([HERON, "print('between')", "%%nanobanana\na red bicycle", "print('end')"])
    assert [len(cell.results) for cell in cells] == [1, 0, 1, 0]
    assert "heron" in cells[0].results[0]
    assert "bicycle" in cells[2].results[0]
    assert bench.page.lost == []


def test_failing_magic_stops_the_queue(bench: FrontEnd) -> None:
    """A cell that fails answers with an error, so that nothing runs on missing pictures."""
    failing, behind = bench.queue(["%%nanobanana\na heron in {no_such_name}", "print('never')"])
    assert failing.status == "error"
    assert (behind.status, behind.outputs) == ("aborted", [])


def test_failing_magic_leaves_the_queue_when_asked(bench: FrontEnd) -> None:
    """With stop_on_error off the cells behind a failing one run."""
    failing = bench.start("%%nanobanana\na heron in {no_such_name}", stop_on_error=False)
    behind = bench.start("print('after all')")
    bench.finish(failing, behind)
    assert (failing.status, behind.text) == ("error", "after all\n")


def test_error_is_short(bench: FrontEnd) -> None:
    """The traceback of an expected error is its message, without frames of ours."""
    cell = bench.run("%%nanobanana --aspekt-ratio 1:1\na heron")
    assert cell.reply is not None
    traceback = "\n".join(cell.reply["traceback"])
    assert "--aspect-ratio" in traceback, "the nearest option is named"
    assert "site-packages" not in traceback
    assert "File" not in traceback
    assert len(traceback.splitlines()) <= 3


def test_no_wait_returns_a_job(slow_bench: FrontEnd) -> None:
    """With --no-wait the cell ends before the task, and a later line fetches the pictures."""
    started, behind = slow_bench.queue(
        ["%%nanobanana --no-wait -o grid\na heron", "type(_).__name__, type(grid).__name__"]
    )
    assert started.status == "ok"
    assert started.results == []
    assert behind.all("text/plain") == ["('Job', 'ImageGrid')"]
    waited = slow_bench.run("%nanobanana wait")
    assert waited.status == "ok"
    shown = [html for cell in slow_bench.page.cells for html in cell.results]
    assert len(shown) == 1


def test_no_wait_ends_before_the_task(slow_bench: FrontEnd) -> None:
    """The value of a --no-wait cell is the job, and it is not done when the cell is."""
    cell, state = slow_bench.queue(
        ["%%nanobanana --no-wait\na heron", "type(_).__name__, _.done()"]
    )
    assert cell.status == "ok"
    assert state.all("text/plain") == ["('Job', False)"]


def test_job_can_be_awaited(slow_bench: FrontEnd) -> None:
    """A job is awaited in a cell as any other awaitable; its result is the grid."""
    slow_bench.run("%%nanobanana --no-wait\na heron")
    cell = slow_bench.run("grid = await _\nprint(type(grid).__name__, len(grid))")
    assert cell.text == "ImageGrid 1\n"


def test_grid_fills_itself_between_cells(slow_bench: FrontEnd) -> None:
    """The grid of a --no-wait cell waits when asked to, and shows its picture as the value."""
    slow_bench.run("%%nanobanana --no-wait -o grid\na heron")
    running, waited = slow_bench.queue(["print(grid.running, len(grid))", "grid.wait()"])
    assert running.text == "True 1\n"
    assert len(waited.results) == 1
    assert slow_bench.run("print(grid.running, grid.state)").text == "False success\n"


def test_agenerate_is_awaited_in_a_cell(bench: FrontEnd) -> None:
    """`await agenerate(...)` works on the kernel's own loop."""
    cell, behind = bench.queue(
        [
            "import nanobanana_nb\n"
            "grid = await nanobanana_nb.agenerate('a heron')\n"
            "print(len(grid), grid[0].state)",
            "print('behind')",
        ]
    )
    assert cell.text.startswith("1 ")
    assert "success" in cell.text or "cached" in cell.text
    assert behind.text == "behind\n"


def test_generate_blocks_in_a_cell(bench: FrontEnd) -> None:
    """`generate(...)` in a cell returns the pictures, and the queue behind it survives."""
    cell, behind = bench.queue(
        [
            "from nanobanana_nb import generate\nprint(generate('a heron')[0].image.size)",
            "print('behind')",
        ]
    )
    assert cell.text == "(1024, 1024)\n"
    assert behind.text == "behind\n"
