"""Every public name has an example in its docstring, and all of them run over the simulator.

The examples of a class go first, and those of its methods go on from there: what `help` of the
class shows above them.
"""

from __future__ import annotations

import asyncio
import builtins
import doctest
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.settings import origin
from tests.project.public import CLASSES, members_of

pytestmark = pytest.mark.long

FUNCTIONS = {
    name: getattr(nb, name)
    for name in {*nb.__all__, "aedit", "areplay", "bill", "edit", "replay"}
    if inspect.isroutine(getattr(nb, name))
}
FLAGS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
IN_A_NOTEBOOK = [nb.Panel]  # where an event loop runs
PARSER = doctest.DocTestParser()


@pytest.fixture(autouse=True)
def somewhere(quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of examples go to a folder of the test, as those of IPython do."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(origin, "_IMPORTED_IN", tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


def run(name: str, documented: object, names: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Run the examples of a docstring; return what failed, and all names afterwards."""
    text = inspect.getdoc(documented) or ""
    examples = PARSER.get_doctest(text, names, name, name, 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(examples, out=report.append, clear_globs=False)
    vars(builtins).pop("_", None)  # the value of the last example; no shell sets its own beside it
    return "".join(report), examples.globs


def run_class(kind: type) -> str:
    """Run the examples of a class and, each from there on, those of its methods."""
    failures, names = run(kind.__name__, kind, {})
    parts = [run(name, member, dict(names))[0] for name, member in members_of(kind).items()]
    return "".join([failures, *parts])


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_examples_of_a_function(name: str) -> None:
    """They run as they stand."""
    failures, _ = run(name, FUNCTIONS[name], {})
    assert not failures, failures


@pytest.mark.parametrize("kind", CLASSES)
def test_examples_of_a_class(kind: type) -> None:
    """They run as they stand, those of a method after those of its class."""

    async def in_a_loop() -> str:
        return run_class(kind)

    failures = asyncio.run(in_a_loop()) if kind in IN_A_NOTEBOOK else run_class(kind)
    assert not failures, failures


def documented() -> dict[str, Any]:
    """All that people see, by name."""
    members = {name: member for kind in CLASSES for name, member in members_of(kind).items()}
    return {**FUNCTIONS, **{kind.__name__: kind for kind in CLASSES}, **members}


def test_every_public_name_has_an_example() -> None:
    """What is new says in its docstring how it is written."""
    texts = {name: inspect.getdoc(thing) or "" for name, thing in documented().items()}
    assert set(nb.__all__) - set(texts) == {"__version__", "prompts"}  # of the class `Prompts`
    assert [name for name, text in texts.items() if "Examples:\n    >>> " not in text] == []


def _told(name: str, texts: dict[str, str]) -> str:
    """A docstring with those that it points to: of its class, or of a function."""
    text = texts[name]
    kind = name.rpartition(".")[0]
    for other in re.findall(r"(?:Do what|as for|what) `(\w+)`", text):
        near = f"{kind}.{other}" if f"{kind}.{other}" in texts else other
        text += "" if near == name or near not in texts else _told(near, texts)
    return text


def test_every_parameter_is_told() -> None:
    """A docstring, or the one that it points to, says what each parameter is."""
    texts = {name: inspect.getdoc(thing) or "" for name, thing in documented().items()}
    untold = [
        f"{name}: {parameter}"
        for name, function in documented().items()
        if inspect.isroutine(function)
        for parameter in inspect.signature(function).parameters
        if parameter not in ("self", "cls")
        and not re.search(rf"`{parameter}\b|\b{parameter}[:=]", _told(name, texts))
    ]
    assert untold == []
