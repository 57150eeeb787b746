"""No renderer leaves two delimiters of TeX in one element, and each shows texts as written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.lineage import Family
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.model.template import parse
from nanobanana_nb.show.diff import difference
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.highlight import highlight_html
from nanobanana_nb.show.html import grid_html
from nanobanana_nb.show.live import live_html
from nanobanana_nb.show.markup import escaped
from nanobanana_nb.show.pressed import failed_html
from nanobanana_nb.show.report import Report
from nanobanana_nb.show.status import status_html
from nanobanana_nb.show.tree import tree_html

from .conftest import generation, planned_grid, waiting

TEXTS = [
    "a price tag of $5 beside one of $9",
    "$x^2$ and $$\\frac{1}{2}$$",
    "$$ $$",
    "\\(a\\) or \\[b\\]",
    "\\begin{equation}e\\end{equation}",
    "see \\ref{x} and \\$3",
]
# What MathJax 2, 3 and 4 look for in the text of one element, as Jupyter's pages set them up.
FORMULA = re.compile(
    r"\$.*\$|\\\(.*\\\)|\\\[.*\\\]|\\begin\{.*\\end\{|\\(eq)?ref\s*\{|\\\$", re.DOTALL
)
SKIPPED = {"script", "noscript", "style", "textarea", "pre", "code"}


class Strings(HTMLParser):
    """Reads HTML as MathJax does: the texts between two tags, but for those that it skips."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.strings = "", [""]
        self._skipped = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a string, unless the tag is one that MathJax reads across."""
        self._skipped += tag in SKIPPED
        self.strings += [] if tag in ("br", "wbr") else [""]

    def handle_endtag(self, tag: str) -> None:
        """Begin a string."""
        self._skipped -= tag in SKIPPED
        self.strings.append("")

    def handle_data(self, data: str) -> None:
        """Keep the text, and the string that it is a part of."""
        self.text += data
        self.strings[-1] += "" if self._skipped else data


def _formulas(html: str) -> list[str]:
    return [string for string in Strings(html).strings if FORMULA.search(string)]


@given(st.text(st.sampled_from("$\\()[]{}begin ref5&<\n"), max_size=40))
def test_any_text_is_read_back_and_holds_no_formula(text: str) -> None:
    """However delimiters follow each other, the text is the same and nothing can be typeset."""
    assert Strings(escaped(text)).text == text
    assert _formulas(escaped(text)) == []


def _failed(text: str) -> Generation:
    error = NanobananaError(text, why=text, action=text, task_id=text)
    return waiting(State.FAILED, error=error, prompt=text, task_id=text)


def _made(photos: list[Path], text: str, number: int = 0) -> Generation:
    asked = {"prompt": text, "model": text, "parameters": ((text, text),), "notes": (text,)}
    return generation(photos[number], number, id=number + 1, **asked)


def _grid(photos: list[Path], text: str) -> ImageGrid:
    grid = planned_grid(photos, "{a} {b}", repeats=2, a=[text, "x"], b=[text, "y"])
    assert grid.plan is not None
    axis = replace(grid.plan.axes[0], name=text)
    return ImageGrid(grid.generations, replace(grid.plan, axes=(axis, grid.plan.axes[1])))


def _tree(photos: list[Path], text: str) -> str:
    one = _made(photos, text)
    return tree_html(Family((one,), one))


RENDERERS: dict[str, Callable[[list[Path], str], str]] = {
    "one image": lambda p, t: grid_html(ImageGrid([_made(p, t)])),
    "grid": lambda p, t: grid_html(_grid(p, t)),
    "list": lambda p, t: grid_html(ImageGrid([_made(p, t), _made(p, t + " 2", 1)])),
    "one failure": lambda p, t: grid_html(ImageGrid([_failed(t)])),
    "failures": lambda p, t: grid_html(ImageGrid([_failed(t), _made(p, t)])),
    "live grid": lambda p, t: live_html(_grid(p, t)),
    "status": lambda p, t: status_html([_failed(t), waiting(State.RUNNING)], elapsed_s=1, notice=t),
    "status of one": lambda p, t: status_html([waiting(State.RUNNING, prompt=t)], elapsed_s=1),
    "tries again": lambda p, t: failed_html([_failed(t)], None),
    "difference": lambda p, t: difference(_made(p, t), _made(p, "x " + t))._repr_html_(),
    "tree": _tree,
    "line": lambda p, t: Report.line(t)._repr_mimebundle_()["text/html"],
    "lines": lambda p, t: Report.text(t)._repr_mimebundle_()["text/html"],
    "table": lambda p, t: Report.table([t], [[t]], t)._repr_mimebundle_()["text/html"],
    "typed prompt": lambda p, t: highlight_html(parse("{a}"), {}, {"a": t}),
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", RENDERERS)
def test_renderer_shows_text_as_written(photos: list[Path], name: str, text: str) -> None:
    """Whoever wrote it, and wherever it stands, it is there letter by letter and no formula."""
    html = RENDERERS[name](photos, text)
    assert text in Strings(html).text
    assert _formulas(html) == []
