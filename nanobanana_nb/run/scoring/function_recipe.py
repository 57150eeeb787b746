"""By what a score is computed, as a hash: the same for the same code with the same settings.

A function is its source without comments and blanks, wherever it stands and whatever it is called.
Settings are the values that it reads (see `setting`): defaults, closures, globals, attributes of
the object that is called, of classes and modules of the person's own, variables of the environment;
and the functions of the person's own that it calls. What it writes itself, as a count of its calls,
is none, and neither is what other objects hold: a client that counts would have every image paid
again. Models and their weights are not looked at.
"""

from __future__ import annotations

import ast
import dis
import functools
import inspect
import os
import sysconfig
import textwrap
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from nanobanana_nb.run.scoring.setting import setting

_READS, _WRITES = ("LOAD_GLOBAL", "LOAD_NAME"), ("STORE_GLOBAL", "STORE_DEREF", "STORE_ATTR")
_HOLDERS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_ATTR")
_SUBSCRIPTS = {"STORE_SUBSCR", "DELETE_SUBSCR"}
_CHANGES = frozenset(
    ("add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem")
) | {"put", "remove", "setdefault", "update"}
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
        form = setting(value)
        if form is not None:
            self.parts.append(f"{name}={form}")
            parts = value.values() if isinstance(value, Mapping) else value
            if isinstance(parts, Iterable) and not isinstance(parts, str | bytes | range):
                self._add_all({f"{name}.{n}": p for n, p in enumerate(parts) if callable(p)})
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
        elif isinstance(value, type):
            self._add_class(value)
        elif isinstance(value, FunctionType):
            self._add_function(value)
        elif isinstance(value, MethodType):
            self._add_method(value.__func__, value.__self__)
        elif hasattr(value, "__wrapped__"):  # with a cache, say
            self.add("", value.__wrapped__)
        else:
            self._add_method(type(value).__call__, value)

    def _add_class(self, value: type) -> None:
        """Add the attributes and methods of a class of the person's own."""
        if value.__module__ == self._home:
            own = ("__init__", "__call__")
            names = {n for n in vars(value) if n.startswith("__") and n not in own}
            self._add_all(vars(value), names)

    def _add_method(self, method: Any, owner: Any) -> None:
        """Add a method and what it reads of its object and does not write."""
        if isinstance(method, FunctionType):
            self._add_function(method)
            settings = _settings(owner)
            self._add_all(settings, _written(method, settings))

    def _add_function(self, function: FunctionType) -> None:
        code = function.__code__
        is_own = not code.co_filename.startswith(_LIBRARIES)
        if not (is_own or function.__module__ == self._home):
            return
        self.parts.append(_source(function) or _code_text(code))
        reads = _names(code, _READS)
        used = {n: v for n, v in function.__globals__.items() if n in reads} | _closure(function)
        for value in [value for value in used.values() if isinstance(value, ModuleType)]:
            used |= self._own_names(value, code)
        self._add_all(used, _written(function, used))
        self._add_environment(code)
        self._add_all({str(n): v for n, v in enumerate(function.__defaults__ or ())})
        self._add_all(function.__kwdefaults__ or {})

    def _own_names(self, module: ModuleType, code: CodeType) -> dict[str, Any]:
        """Return what code reads of a module of the person's own."""
        if str(getattr(module, "__file__", None) or _LIBRARIES[0]).startswith(_LIBRARIES):
            return {}
        names = _names(code, ("LOAD_ATTR", "LOAD_METHOD")) & vars(module).keys()
        return {f"{module.__name__}.{name}": vars(module)[name] for name in names}

    def _add_environment(self, code: CodeType) -> None:
        """Add the variables of the environment that the code names, where it reads any."""
        if {"environ", "getenv"} & set(code.co_names):
            names = {text for text in code.co_consts if isinstance(text, str)}
            self._add_all({name: os.environ[name] for name in names if name in os.environ})


def _settings(owner: Any) -> dict[str, Any]:
    """Return the attributes of an object that are settings."""
    state = getattr(owner, "__dict__", {})
    return {name: value for name, value in state.items() if setting(value) is not None}


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
    tree = _tree(function)
    if tree is None:
        return ""
    if function.__name__ == "<lambda>":
        lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        return ast.unparse(lambdas[0]) if len(lambdas) == 1 else ""
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    node.name, node.decorator_list = "f", []
    return ast.unparse(node)


def _tree(function: FunctionType) -> ast.Module | None:
    try:
        lines, _ = inspect.getsourcelines(function.__code__)
        return ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):  # typed at a prompt, or a part of an expression
        return None


def _code_text(code: CodeType) -> str:
    constants = [_code_text(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return repr((code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars))


def _written(function: FunctionType, used: Mapping[str, Any]) -> set[str]:
    """Return the names that a function writes or changes, or of which it sets an item."""
    code, tree = function.__code__, _tree(function)
    written = _changed(code)
    if tree is not None:
        return written | _items_set(tree)
    if _sets_items(code):  # nobody can tell of which
        written |= {name for name, value in used.items() if isinstance(value, dict | list)}
    return written


def _changed(code: CodeType) -> set[str]:
    """Return the names that code, or a function in it, stores or calls a changing method of."""
    methods = {
        step.argval
        for step, after in pairwise(dis.get_instructions(code))
        if step.opname in _HOLDERS and after.argval in _CHANGES
    }
    inner = (_changed(c) for c in code.co_consts if isinstance(c, CodeType))
    return _names(code, _WRITES).union(methods, *inner)


def _sets_items(code: CodeType) -> bool:
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    own = any(step.opname in _SUBSCRIPTS for step in dis.get_instructions(code))
    return own or any(map(_sets_items, inner))


def _items_set(tree: ast.Module) -> set[str]:
    """Return the names and attributes of which an item is set, also by another name."""
    names: set[str] = set()
    other_names: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            names |= _holders(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                other_names.setdefault(ast.unparse(target), set()).update(_holders(node.value))
    return names.union(*(other_names.get(name, set()) for name in names))


def _holders(node: ast.expr) -> set[str]:
    """Return the names in `a.b[c]` that lead to what is set: `a` and `b`."""
    names = set()
    while isinstance(node, ast.Subscript | ast.Attribute):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        node = node.value
    return names | ({node.id} if isinstance(node, ast.Name) else set())


def _names(code: CodeType, operations: Collection[str]) -> set[str]:
    """Return the names that code, or a function in it, reads or writes so."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname in operations}
    inner = (_names(c, operations) for c in code.co_consts if isinstance(c, CodeType))
    return names.union(*inner)
