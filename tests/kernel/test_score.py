"""Functions on images in a kernel, for scores and chance: their line, a stop, the next call."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd
from tests.kernel.page import Cell

pytestmark = pytest.mark.kernel

GRID = """
import nanobanana_nb, threading
grid = nanobanana_nb.sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)
go, calls = threading.Event(), []
def judge(image):
    calls.append(threading.current_thread().name)
    if len(calls) == 3:
        go.wait(60)
    return len(calls)
"""
RELEASED = "threading.Timer(1.5, go.set).start()\n"  # longer than it takes until a line is due


def _texts(cell: Cell) -> str:
    return "\n".join(cell.all("text/plain"))


def test_line_tells_how_far_it_is(bench: FrontEnd) -> None:
    """It comes while the function is at work and ends as how many there are, above the value."""
    assert bench.run(GRID).status == "ok"
    cell = bench.start(RELEASED + "grid.score(judge)")
    bench.wait(lambda: "judge: 2 of 4 images" in _texts(cell), "the line")
    bench.finish(cell)
    bench.settle()
    assert cell.status == "ok"
    assert "judge: 4 of 4 images · " in _texts(cell)
    assert "left" not in _texts(cell)
    assert "median 2.5" in _texts(cell)
    assert bench.run("print(set(calls))").text == "{'images'}\n"


def test_stop_is_one_line_and_the_call_goes_on(bench: FrontEnd) -> None:
    """It says how many there are; the same call then calls the function for the rest alone."""
    assert bench.run(GRID).status == "ok"
    cell = bench.start("grid.score(judge)", stop_on_error=False)
    bench.wait(lambda: "judge: 2 of 4 images" in _texts(cell), "the line")
    bench.interrupt()
    bench.finish(cell)
    bench.settle()
    assert _texts(cell) == (
        "Stopped. judge: 2 of 4 images, 1 more at work will count."
        " The same call goes on with the rest."
    )
    assert "Traceback" not in cell.text
    again = bench.run("go.set(); grid.score(judge).values")
    assert again.status == "ok", bench.story()
    assert "(1.0, 2.0, 3.0, 4.0)" in _texts(again)
    assert bench.run("print(len(calls))").text == "4\n"


def test_second_call_calls_nothing(bench: FrontEnd) -> None:
    """Nor does one by the same cell that ran again."""
    assert bench.run(GRID + "go.set()").status == "ok"
    assert bench.run("grid.score(judge)").status == "ok"
    assert bench.run("grid.score(judge); print(len(calls))").text == "4\n"
    assert bench.run(GRID + "grid.score(judge); print(len(calls))").text == "0\n", bench.story()


CHANCES = {
    "grid.chance(features=judge)": "chance: 2 of 4 images",
    "grid.chance(distance=lambda a, b: judge(a))": "chance: 2 of 6 pairs",
}


@pytest.mark.parametrize("call", CHANCES)
def test_chance_tells_how_far_it_is(bench: FrontEnd, call: str) -> None:
    """A slow function has the line of a score; a stop of it is one line, too."""
    assert bench.run(GRID).status == "ok"
    stopped = bench.start(call, stop_on_error=False)
    bench.wait(lambda: CHANCES[call] in _texts(stopped), "the line")
    bench.interrupt()
    bench.finish(stopped)
    bench.settle()
    assert _texts(stopped) == f"Stopped. {CHANCES[call]}. The same call begins anew."
    assert "Traceback" not in stopped.text
    again = bench.run(f"go.set(); {call}.images")
    assert again.status == "ok", bench.story()
    assert "4" in _texts(again).splitlines()
