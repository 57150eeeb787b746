"""Calls of public functions: one sentence where the arguments do not go with the parameters."""

from __future__ import annotations

import inspect
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.model.arguments import ArgumentError
from nanobanana_nb.model.options import described

P = ParamSpec("P")
T = TypeVar("T")
_Class = TypeVar("_Class")
_Function = TypeVar("_Function", bound=Callable[..., Any])
_CODE = (str(Path(__file__).parents[1]), *map(sysconfig.get_path, ("stdlib", "purelib", "platlib")))


def methods_called(kind: type[_Class]) -> type[_Class]:
    """Let each public method of a class, inherited ones too, be `called` so."""
    return _dress_each(kind, called)


def methods_checked(kind: type[_Class]) -> type[_Class]:
    """Let each public method be `checked` so: what a listener raises stays as it is."""
    return _dress_each(kind, checked)


def _dress_each(kind: type[_Class], dress: Callable[[Any, str], Any]) -> type[_Class]:
    for name, method in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_"):
            setattr(kind, name, dress(method, f"{kind.__name__}.{name}"))
    return kind


def called(function: _Function, name: str = "") -> _Function:
    """Let a function be `checked`, and what its arguments raise be one sentence of ours.

    One that is awaited gives its arguments to one that is not.
    """
    awaited = inspect.iscoroutinefunction(function)
    return checked(function if awaited else objects_read()(function), name)


def checked(function: _Function, name: str = "") -> _Function:
    """Let a function refuse too many, missing and unknown arguments in one sentence."""
    signature, label = inspect.signature(function), name or function.__name__

    def check(*args: Any, **options: Any) -> None:
        try:
            signature.bind(*args, **options)
        except TypeError as error:
            bare = (p.replace(annotation=p.empty) for p in signature.parameters.values())
            parameters = ", ".join(str(p) for p in bare if p.name != "self") or "no arguments"
            what, action = f"{label} was called wrongly", f"It takes {parameters}."
            raise ArgumentError(what, why=str(error), action=action) from None

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        check(*args, **options)
        return function(*args, **options)

    @wraps(function)
    async def acall(*args: Any, **options: Any) -> Any:
        check(*args, **options)
        return await function(*args, **options)

    return cast(_Function, acall if inspect.iscoroutinefunction(function) else call)


def like(other: Callable[P, Any]) -> Callable[[Callable[..., T]], Callable[P, T]]:
    """Give a function the parameters of `other`, for type checkers and for `help`."""

    def dress(function: Callable[..., T]) -> Callable[P, T]:
        result = inspect.signature(function).return_annotation
        signature = inspect.signature(other).replace(return_annotation=result)
        function.__signature__ = signature  # type: ignore[attr-defined]
        return cast(Callable[P, T], called(described(function)))

    return dress


@contextmanager
def objects_read() -> Iterator[None]:
    """Let what a class of the person raises while it is read be one sentence.

    Raises:
        InputError: code that is neither ours nor of a library raised something else.
    """
    try:
        yield
    except NanobananaError:
        raise
    except Exception as error:
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith(_CODE):
            raise
        raise InputError(
            "A value that was given cannot be read",
            why=f"its {frame.f_code.co_qualname} raised {type(error).__name__}: {error}",
            action="Give a text, a number or a list.",
        ) from error
