"""What the panel says: in the words that stand in it, and never in those of a cell's line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.notebook.panel.axes_editor import AxisDraft
from tests.notebook.bench import Bench
from tests.notebook.panel.opened_panel import Opened, everything, on_loop, until

OF_CELLS = re.compile(r"(?<![\w-])-{1,2}[a-z]|%%nanobanana")
A_CAT = "A cat"
CODE = Path(nanobanana_nb.__file__).parent
# What is typed into the prompt, the rows of the axes, and whether braces are text.
FORMS: list[tuple[str, list[tuple[str, str]], bool]] = [
    ("A {a|{b|c}} cat", [], False),
    ("A {1..5} cat", [], False),
    ("A {red, blue} cat", [], False),
    ("A {red/blue} cat", [], False),
    ('A {"red"|"blue"} cat', [], False),
    ("A {mood} cat", [], False),
    ("A {size:>5} cat", [], False),
    ("-n 3\nA cat", [], False),
    ("A cat\n---\nrepeats: 2", [], False),
    ("A cat\n---\nfresh: yes", [], False),
    ("A cat\n---\nscout: true", [], False),
    ("A cat\n---\nscout: false", [], False),
    ("A cat\nstyle: ink | oil", [], False),
    (A_CAT, [("", "ink|oil")], False),
    (A_CAT, [("style", "")], False),
    (A_CAT, [("style", "ink|oil")], False),
    (A_CAT, [("style", "ink|oil")], True),
    ("A {style} cat", [("style", "ink, oil")], False),
    ("A {style} cat", [("style", "ink|"), ("style", "oil")], False),
    ("A {n} cat {m}", [("n", "1..4000"), ("m", "1..4000")], False),
    (A_CAT, [("aspect_ratio", "1:1|1:1 ")], False),
    (A_CAT, [("image", "none_such")], False),
    (A_CAT, [("image", "nothing")], False),
    *((A_CAT, [(name, "2")], False) for name in ("repeats", "sample", "fresh", "zip", "axes")),
    *(
        (A_CAT, [(name, "2|3")], False)
        for name in ("n", "batch", "sample", "prompt", "max_credits")
    ),
]


def fill(form: Any, prompt: str, axes: list[tuple[str, str]], raw: bool) -> None:
    """Write these into the fields."""
    form.prompt.value = prompt
    form._raw.value = raw
    form.axes.write(AxisDraft(name, values) for name, values in axes)


@pytest.mark.parametrize("model", ["google/nano-banana-2", "acme/painter"])
def test_errors_speak_of_the_fields_of_the_panel(bench: Bench, model: str) -> None:
    """Whatever is typed: no option and no line of a cell is named where a bill is refused."""
    bench.names.update(nothing=[], size="small")

    async def story() -> None:
        opened = Opened(bench)
        opened.form.choose(model)
        for form in FORMS:
            fill(opened.form, *form)
            opened.open._look()
            assert "Not possible yet" in opened.bill or model == "acme/painter", form
            opened.go.click()
            for text in (opened.bill, opened.said):
                assert not OF_CELLS.search(text.replace("-n 3", "")), text
            await until(lambda: not opened.busy)
        opened.panel.close()

    on_loop(story)


def test_label_of_an_option_is_that_of_its_field(bench: Bench) -> None:
    """What an error calls a field is what stands beside it."""

    async def story() -> None:
        opened = Opened(bench)
        opened.form.choose("nano-banana-pro")  # it takes a size
        opened.form.axes.add()
        shown = {getattr(part, "description", "") for part in everything(opened.open.box)}
        labels = {option.label for option in OPTIONS.values()} - {"", "Reference images"}
        assert labels <= shown
        opened.panel.close()

    on_loop(story)


OF_AN_OPTION = re.compile(r"(?<![\w-])--[a-z]")
OF_A_CELL = (
    *("cli/", "notebook/completion/"),
    "notebook/magic/",
    "notebook/commands/",
    "model/options.py",
    "model/plan/limits.py",
)
OTHERS = ("%nanobanana ", "pip install ")  # have options of their own, the same at every door


def test_no_sentence_names_an_option_for_every_door() -> None:
    """An option of a cell is written where the words for the other doors stand beside it."""
    for path in sorted(CODE.rglob("*.py")):
        name = path.relative_to(CODE).as_posix()
        if not name.startswith(("simulator/", *OF_A_CELL)):
            texts = [t for t in _texts(ast.parse(path.read_text())) if OF_AN_OPTION.search(t)]
            assert [t for t in texts if not any(other in t for other in OTHERS)] == [], name


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts of code, without docstrings and without what is given to `words`."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "words":
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.JoinedStr):
        yield ast.unparse(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)
