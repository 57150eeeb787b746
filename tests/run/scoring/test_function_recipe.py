"""The recipe of a function: the same for the same code with the same settings."""

from __future__ import annotations

import functools
import importlib
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.run.scoring.function_recipe import function_recipe

PLAIN = "def f(image):\n    return image.width * 2\n"
SCALED = "k = 2\ndef f(i):\n    return i.width * k"
CALLING = "def g(): return 1\ndef f(i): return g()"


def cell(source: str, name: str = "f", *, is_kept: bool = True, **namespace: Any) -> Any:
    """What stands under a name after a cell ran, its source where a notebook keeps it."""
    file = f"<cell {cell.count}>"  # type: ignore[attr-defined]
    cell.count += 1  # type: ignore[attr-defined]
    if is_kept:
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), namespace)
    return namespace[name]


cell.count = 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("is_kept", [True, False], ids=["source", "code"])
@pytest.mark.parametrize(
    ("source", "other", "is_same"),
    [
        (PLAIN, PLAIN, True),
        (PLAIN, PLAIN.replace("2", "3"), False),
        (PLAIN, PLAIN.replace("width", "height"), False),
        (SCALED, SCALED, True),
        (SCALED, SCALED.replace("2", "3"), False),
        ("def f(i, k=2):\n    return k", "def f(i, k=3):\n    return k", False),
        ("def f(i, *, k=2):\n    return k", "def f(i, *, k=3):\n    return k", False),
        (CALLING, CALLING.replace("1", "2"), False),
        ("f = lambda i: i.width", "f = lambda i: i.width", True),
        ("f = lambda i: i.width", "f = lambda i: i.height", False),
    ],
)
def test_cells_that_run_again(source: str, other: str, is_same: bool, is_kept: bool) -> None:
    """The same cell is the same recipe; another constant, setting or helper is another."""
    first, second = (cell(text, is_kept=is_kept) for text in (source, other))
    assert (function_recipe(first) == function_recipe(second)) is is_same


def test_comments_and_names_do_not_count() -> None:
    """Where there is a source to look at."""
    noted = "# how wide\ndef wide(image):\n    # twice\n    return   image.width * 2\n"
    assert function_recipe(cell(PLAIN)) == function_recipe(cell(noted, "wide"))


def test_what_a_function_counts_does_not_count() -> None:
    """A count of its own calls changes with each and is no setting."""
    counts = "n = 0\ndef f(image):\n    global n\n    n += 1\n    return n\n"
    function = cell(counts)
    recipe = function_recipe(function)
    function(None)
    assert function_recipe(function) == recipe


class Judge:
    """Something that is called and has a setting."""

    def __init__(self, question: str) -> None:
        self.question = question

    def __call__(self, image: Any) -> int:
        return len(self.question)


def _scaled(image: Any, factor: int) -> int:
    return int(image.width) * factor


@pytest.mark.parametrize(
    "build",
    [
        Judge,
        lambda question: Judge(question).__call__,
        lambda question: functools.partial(_scaled, factor=len(question)),
        lambda question: functools.lru_cache(Judge(question)),
        lambda question: lambda image: len(question),
    ],
    ids=["object", "method", "partial", "cached", "closure"],
)
def test_settings_of_what_is_called(build: Callable[[str], Any]) -> None:
    """Alike with equal settings, apart with others."""
    recipes = [function_recipe(build(word)) for word in ("sharp?", "sharp?", "on brand?")]
    assert recipes[0] == recipes[1] != recipes[2]


@pytest.mark.parametrize("function", [len, str.upper, int, {}.get])
def test_what_has_no_source(function: Any) -> None:
    """Goes by its name."""
    assert function_recipe(function) == function_recipe(function)
    assert function_recipe(function) != function_recipe(max)


READS = {
    "dict": ("k = {'low': 1}", "k['low'] = 2", "k['low']"),
    "list": ("k = [1]", "k[0] = 2", "k[0]"),
    "set": ("k = {1}", "k = {2}", "len(k)"),
    "array": ("import numpy; k = numpy.zeros(3)", "k[1] = 2", "k.sum()"),
    "path": ("from pathlib import Path; k = Path('a')", "k = Path('b')", "k.name"),
    "item of a local": (
        "k = {'low': 1}",
        "k['low'] = 2",
        "[o := {}, o.__setitem__('x', k['low']), o['x']][2]",
    ),
    "Decimal": ("from decimal import Decimal; k = Decimal(1)", "k = Decimal(2)", "k + 1"),
    "Fraction": ("from fractions import Fraction; k = Fraction(1, 2)", "k = Fraction(1, 3)", "+k"),
    "pattern": ("import re; k = re.compile('a')", "k = re.compile('b')", "k.match"),
    "flags of a pattern": ("import re; k = re.compile('a')", "k = re.compile('a', 2)", "k.match"),
    "enumeration": (
        "from enum import Enum\nclass E(Enum):\n    A = 1\n    B = 2\nk = E.A",
        "k = E.B",
        "k.value",
    ),
    "date": ("from datetime import date; k = date(2026, 1, 1)", "k = date(2026, 1, 2)", "k.day"),
    "range": ("k = range(3)", "k = range(4)", "len(k)"),
    "deque": ("from collections import deque; k = deque([1])", "k.append(2)", "len(k)"),
    "read-only dict": (
        "from types import MappingProxyType; k = MappingProxyType({'low': 1})",
        "k = MappingProxyType({'low': 2})",
        "k['low']",
    ),
    "dict of functions": (
        "def one(): return 1\ndef two(): return 2\nk = {'a': one}",
        "k = {'a': two}",
        "k['a']()",
    ),
    "series": ("import pandas; k = pandas.Series([1, 2])", "k = pandas.Series([1, 3])", "k.sum()"),
    "frame": (
        "import pandas; k = pandas.DataFrame({'a': [1]})",
        "k = pandas.DataFrame({'a': [2]})",
        "k.sum()",
    ),
    "beside what is none": ("k = (1, object())", "k = (2, object())", "k[0]"),
    "class": ("class K:\n    low = 1", "K.low = 2", "K.low"),
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass K:\n    low: list\nk = K([1])",
        "k.low.append(2)",
        "k.low[0]",
    ),
    "environment": (
        "import os; os.environ['JUDGE_MODEL'] = 'a'",
        "os.environ['JUDGE_MODEL'] = 'b'",
        "os.environ['JUDGE_MODEL']",
    ),
    "environment by getenv": (
        "import os; os.environ['JUDGE_MODEL'] = 'a'",
        "os.environ['JUDGE_MODEL'] = 'b'",
        "os.getenv('JUDGE_MODEL', 'c')",
    ),
}


@pytest.mark.parametrize("kind", READS)
def test_settings_that_are_read(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The same setting is the same recipe, another is another, whatever holds it."""
    monkeypatch.setenv("JUDGE_MODEL", "")
    setting, change, use = READS[kind]
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(f"{setting}\ndef f(i):\n    return {use}", namespace)
    recipe = function_recipe(namespace["f"])
    exec(setting, namespace)
    assert function_recipe(namespace["f"]) == recipe
    exec(change, namespace)
    assert function_recipe(namespace["f"]) != recipe


CHANGES = {
    "appended": ("k = []", "k.append(i)"),
    "item": ("k = {}", "k[i] = 1"),
    "updated": ("k = {}", "k.update({i: 1})"),
    "in an inner function": ("k = []", "[k.append(n) for n in range(2)]"),
    "item by another name": ("k = {}", "o = k; o[i] = 1"),
    "item of an item": ("k = {'a': {}}", "k['a'][i] = 1"),
    "item that is taken away": ("k = {1: 1}", "del k[i]"),
    "item that grows": ("k = {1: 1}", "k[i] += 1"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_a_function_changes_is_no_setting(kind: str) -> None:
    """Its calls, or what it keeps of them, do not make another function of it."""
    start, change = CHANGES[kind]
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(f"{start}\ndef f(i):\n    {change}\n    return 1", namespace)
    recipe = function_recipe(namespace["f"])
    namespace["f"](1)
    assert function_recipe(namespace["f"]) == recipe


def test_item_of_a_local_hides_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that fills a dict of its own still reads another: with its source it is told."""
    source = "W = {'a': 1}\ndef f(i):\n    out = {}\n    out['x'] = W['a']\n    return out['x']\n"
    (tmp_path / "own_scores.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    module: Any = importlib.import_module("own_scores")
    recipe = function_recipe(module.f)
    assert function_recipe(module.f) == recipe
    module.W = {"a": 2}
    assert function_recipe(module.f) != recipe


def test_what_is_read_of_a_module_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the person's own modules, those attributes that the function names."""
    (tmp_path / "own_settings.py").write_text("LOW = 1\nOTHER = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    module: Any = importlib.import_module("own_settings")
    namespace: dict[str, Any] = {"__name__": "__main__", "own": module}
    exec("def f(i):\n    return own.LOW", namespace)
    recipe = function_recipe(namespace["f"])
    module.OTHER = 2
    assert function_recipe(namespace["f"]) == recipe
    module.LOW = 2
    assert function_recipe(namespace["f"]) != recipe


def test_what_holds_itself_is_no_setting() -> None:
    """It ends, and with the same recipe."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec("k = []\nk.append(k)\ndef f(i):\n    return len(k)", namespace)
    assert function_recipe(namespace["f"]) == function_recipe(namespace["f"])
