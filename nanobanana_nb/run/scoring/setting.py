"""A value that a function reads, in a form that tells whether it changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePath
from typing import Any

_PLAIN = (str, bytes, int, float, complex, bool, type(None), PurePath)
_MOST_ITEMS, _MOST_BYTES = 10_000, 1_000_000


def setting(value: Any) -> str | None:
    """Return the form of a plain value, or of a container or an array of such values.

    None of what is none: models, pictures, files, and what is very large.
    """
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, list | tuple | set | frozenset | dict):
        return _container(value) if len(value) <= _MOST_ITEMS else None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _container({f.name: getattr(value, f.name, None) for f in dataclasses.fields(value)})
    return _array(value)


def _container(value: Any) -> str | None:
    try:
        forms = _forms(value.items()) if isinstance(value, dict) else _forms(value)
    except RecursionError:  # it holds itself
        return None
    if forms is None:
        return None
    ordered = forms if isinstance(value, list | tuple) else sorted(forms)
    return f"{type(value).__name__}({', '.join(ordered)})"


def _forms(values: Iterable[Any]) -> list[str] | None:
    forms = [form for value in values if (form := setting(value)) is not None]
    return forms if len(forms) == len(list(values)) else None


def _array(value: Any) -> str | None:
    size = getattr(value, "nbytes", None)
    if not (isinstance(size, int) and size <= _MOST_BYTES and hasattr(value, "tobytes")):
        return None
    looks = (getattr(value, "dtype", ""), getattr(value, "shape", ""))
    return f"{type(value).__name__}{looks}{sha256(value.tobytes()).hexdigest()}"
