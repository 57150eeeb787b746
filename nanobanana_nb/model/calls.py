"""Calls of public functions: one sentence where the arguments do not go with the parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from nanobanana_nb.model.arguments import ArgumentError

_Class = TypeVar("_Class")
_Function = TypeVar("_Function", bound=Callable[..., Any])


def methods_called(kind: type[_Class]) -> type[_Class]:
    """Let each public method of a class, inherited ones too, be `called` so."""
    for name, method in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_"):
            setattr(kind, name, called(method, f"{kind.__name__}.{name}"))
    return kind


def called(function: _Function, name: str = "") -> _Function:
    """Let a function refuse too many, missing and unknown arguments in one sentence."""
    signature, label = inspect.signature(function), name or function.__name__

    def check(*given: Any, **named: Any) -> None:
        try:
            signature.bind(*given, **named)
        except TypeError as error:
            why, action = str(error), f"It takes {_listed(signature)}."
            raise ArgumentError(f"{label} was called wrongly", why=why, action=action) from None

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        check(*given, **named)
        return function(*given, **named)

    @wraps(function)
    async def acall(*given: Any, **named: Any) -> Any:
        check(*given, **named)
        return await function(*given, **named)

    return cast(_Function, acall if inspect.iscoroutinefunction(function) else call)


def _listed(signature: inspect.Signature) -> str:
    """Return the parameters as a call writes them, without their types."""
    bare = (p.replace(annotation=p.empty) for p in signature.parameters.values())
    return ", ".join(str(p) for p in bare if p.name != "self") or "no arguments"
