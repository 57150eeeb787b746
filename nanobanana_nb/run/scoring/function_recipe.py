"""By what a score is computed, as a hash: the same for the same code with the same settings.

A function is its source without comments and blanks, wherever it stands and whatever it is called.
Settings are the plain values that it reads: defaults, closures, globals, attributes of the object
that is called; and functions of the person's own that it calls. What it writes itself, as a count
of its calls, is none. Lists, arrays and weights of models are not looked at: they have no short
form that tells whether they changed.
"""

from __future__ import annotations

import ast
import dis
import functools
import inspect
import sysconfig
import textwrap
from collections.abc import Collection, Mapping
from contextlib import suppress
from hashlib import sha256
from types import CodeType, FunctionType, MethodType
from typing import Any

_PLAIN = (str, bytes, int, float, complex, bool, type(None))
_READS, _WRITES = ("LOAD_GLOBAL", "LOAD_NAME"), ("STORE_GLOBAL", "STORE_DEREF", "STORE_ATTR")
_LIBRARIES = tuple(map(sysconfig.get_path, ("stdlib", "purelib", "platlib")))


def function_recipe(function: Any) -> str:
    """Return the recipe of anything that can be called."""
    recipe = _Recipe(getattr(function, "__module__", None))
    recipe.add("", function)
    return sha256("\n".join(recipe.parts).encode("utf-8", "surrogatepass")).hexdigest()


class _Recipe:
    """Collects what tells one function from another; those of libraries go by their names."""

    def __init__(self, home: str | None) -> None:
        self.parts: list[str] = []
        self._home = home
        self._seen: set[int] = set()

    def add(self, name: str, value: Any) -> None:
        """Add something that a function uses under a name."""
        if _is_plain(value):
            self.parts.append(f"{name}={value!r}")
        elif callable(value) and id(value) not in self._seen:
            self._seen.add(id(value))
            self.parts.append(f"{name}: {_label(value)}")
            self._add_callable(value)

    def _add_all(self, named: Mapping[str, Any], but: Collection[str] = ()) -> None:
        for name in sorted(named.keys() - set(but)):
            self.add(name, named[name])

    def _add_callable(self, value: Any) -> None:
        if isinstance(value, functools.partial):
            self._add_all({str(n): part for n, part in enumerate((value.func, *value.args))})
            self._add_all(value.keywords)
        elif isinstance(value, FunctionType):
            self._add_function(value)
        elif isinstance(value, MethodType):
            self._add_method(value.__func__, value.__self__)
        elif hasattr(value, "__wrapped__"):  # with a cache, say
            self.add("", value.__wrapped__)
        else:
            self._add_method(type(value).__call__, value)

    def _add_method(self, method: Any, owner: Any) -> None:
        """Add a method and the plain attributes of its object that it does not write."""
        if isinstance(method, FunctionType):
            self._add_function(method)
            state = {n: v for n, v in getattr(owner, "__dict__", {}).items() if _is_plain(v)}
            self._add_all(state, _names(method.__code__, _WRITES))

    def _add_function(self, function: FunctionType) -> None:
        code = function.__code__
        is_own = not code.co_filename.startswith(_LIBRARIES)
        if not (is_own or function.__module__ == self._home):
            return
        self.parts.append(_source(function) or _code_text(code))
        reads = _names(code, _READS)
        used = {n: v for n, v in function.__globals__.items() if n in reads} | _closure(function)
        self._add_all(used, _names(code, _WRITES))
        self._add_all({str(n): v for n, v in enumerate(function.__defaults__ or ())})
        self._add_all(function.__kwdefaults__ or {})


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, _PLAIN)


def _label(value: Any) -> str:
    """Return what is called, where it is no function with a source: one may be renamed freely."""
    if isinstance(value, FunctionType) and not value.__code__.co_filename.startswith(_LIBRARIES):
        return ""
    named = value if hasattr(value, "__qualname__") else type(value)
    return f"{getattr(named, '__module__', '')}.{named.__qualname__}"


def _closure(function: FunctionType) -> dict[str, Any]:
    values = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with suppress(ValueError):  # nothing stands there yet
            values[name] = cell.cell_contents
    return values


def _source(function: FunctionType) -> str:
    """Return the source in a form of its own; nothing where it cannot be had or is not alone."""
    try:
        lines, _ = inspect.getsourcelines(function.__code__)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):  # typed at a prompt, or a part of an expression
        return ""
    if function.__name__ == "<lambda>":
        lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        return ast.unparse(lambdas[0]) if len(lambdas) == 1 else ""
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    node.name, node.decorator_list = "f", []
    return ast.unparse(node)


def _code_text(code: CodeType) -> str:
    constants = [_code_text(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return repr((code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars))


def _names(code: CodeType, operations: Collection[str]) -> set[str]:
    """Return the names that code, or a function in it, reads or writes so."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname in operations}
    inner = (_names(c, operations) for c in code.co_consts if isinstance(c, CodeType))
    return names.union(*inner)
