"""Every renderer, fed with one text of a person or a service at each place where one can stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.lineage import Family
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.prompt.template import parse
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.highlight import highlight_html
from nanobanana_nb.show.html.report import Report
from nanobanana_nb.show.lineage.diff import difference
from nanobanana_nb.show.lineage.tree import Tree
from nanobanana_nb.show.live.clickable import failed_html
from nanobanana_nb.show.live.status_line import status_html, status_text
from tests.show.conftest import generation, planned_grid, waiting
from tests.show.forms import grid_html

Renderer = Callable[[list[Path], str], str]


def _failed(text: str) -> Generation:
    error = NanobananaError(text, why=text, action=text, task_id=text)
    return waiting(State.FAILED, error=error, prompt=text, task_id=text)


def _made(photos: list[Path], text: str, number: int = 0) -> Generation:
    asked = {"prompt": text, "model": text, "parameters": ((text, text),), "notes": (text,)}
    return generation(photos[number], number, id=number + 1, **asked)


def _grid(photos: list[Path], text: str) -> ImageGrid:
    text = text.replace("\ud800", "")  # a plan refuses half a character
    grid = planned_grid(photos, "{a} {b}", repeats=2, a=[text, "x"], b=[text, "y"])
    assert grid.plan is not None
    axis = replace(grid.plan.axes[0], name=text)
    return ImageGrid(grid.generations, replace(grid.plan, axes=(axis, grid.plan.axes[1])))


def _board(grid: ImageGrid) -> str:
    return status_html(grid.generations, plan=grid.plan, elapsed_s=1)


def _tree(photos: list[Path], text: str) -> Tree:
    one = _made(photos, text)
    return Tree(Family((one,), one))


def _reports(text: str) -> dict[str, Report]:
    plan = replace(planned_grid([Path()], "{a}", a=["x"]).plan, prompt=text, notes=(text,))
    return {
        "line": Report.line(text),
        "lines": Report.text(text),
        "table": Report.table([text], [[text]], text),
        "bill": Report.bill(plan, Bill(1, 0, None, None, why_unknown=text), simulated=False),
    }


def _traceback(text: str) -> list[str]:
    error = NanobananaError(text, why=text, action=text, task_id=text)
    error.add_note(text)
    return error._render_traceback_()


HTML: dict[str, Renderer] = {
    "one image": lambda p, t: grid_html(ImageGrid([_made(p, t)])),
    "grid": lambda p, t: grid_html(_grid(p, t)),
    "list": lambda p, t: grid_html(ImageGrid([_made(p, t), _made(p, t + " 2", 1)])),
    "one failure": lambda p, t: grid_html(ImageGrid([_failed(t)])),
    "failures": lambda p, t: grid_html(ImageGrid([_failed(t), _made(p, t)])),
    "board": lambda p, t: _board(_grid(p, t)),
    "status": lambda p, t: status_html([_failed(t), waiting(State.RUNNING)], elapsed_s=1, notice=t),
    "status of one": lambda p, t: status_html([waiting(State.RUNNING, prompt=t)], elapsed_s=1),
    "tries again": lambda p, t: failed_html([_failed(t)], None),
    "difference": lambda p, t: difference(_made(p, t), _made(p, "x " + t))._repr_html_(),
    "tree": lambda p, t: _tree(p, t)._repr_html_(),
    "typed prompt": lambda p, t: highlight_html(parse("{a}"), {}, {"a": t}),
}
HTML |= {
    name: lambda p, t, name=name: _reports(t)[name]._repr_mimebundle_()["text/html"]
    for name in _reports("")
}
TEXT: dict[str, Renderer] = {
    "one image": lambda p, t: repr(ImageGrid([_made(p, t)])),
    "grid": lambda p, t: repr(_grid(p, t)),
    "list": lambda p, t: repr(ImageGrid([_made(p, t), _made(p, t + " 2", 1)])),
    "one failure": lambda p, t: repr(ImageGrid([_failed(t)])),
    "failures": lambda p, t: repr(ImageGrid([_failed(t), _made(p, t)])),
    "image": lambda p, t: repr(_made(p, t)),
    "request": lambda p, t: repr(_made(p, t).request),
    "reference": lambda p, t: str(ReferenceImage(url="https://x.example", name=t)),
    "plan": lambda p, t: repr(_grid(p, t).plan),
    "status": lambda p, t: status_text([_failed(t), waiting(State.RUNNING)], elapsed_s=1, notice=t),
    "status of one": lambda p, t: status_text(
        [waiting(State.RUNNING, prompt=t, task_id=t)], elapsed_s=1
    ),
    "difference": lambda p, t: repr(difference(_made(p, t), _made(p, "x " + t))),
    "tree": lambda p, t: repr(_tree(p, t)),
    "error": lambda p, t: str(_failed(t).error),
    "traceback": lambda p, t: "\n".join(_traceback(t)),
    **{
        name: lambda p, t, name=name: _reports(t)[name]._repr_mimebundle_()["text/plain"]
        for name in _reports("")
    },
}
