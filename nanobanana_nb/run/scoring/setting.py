"""A value that a function reads, in a form that tells whether it changed."""

from __future__ import annotations

import dataclasses
import re
from collections import deque
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from pathlib import PurePath
from typing import Any

_PLAIN = (
    *(str, bytes, bytearray, int, float, complex, bool, type(None), range, PurePath),
    *(Decimal, Fraction, date, time, timedelta, tzinfo),
)
_CONTAINERS = (list, tuple, deque, AbstractSet, Mapping)
_MOST_ITEMS, _MOST_BYTES = 10_000, 1_000_000


def setting(value: Any) -> str | None:
    """Return the form of a plain value, of a container, or of an array or a table of them.

    None of what is none: models, pictures, files, and what is very large. In a container such a
    thing goes by the name of its type.
    """
    if isinstance(value, Enum):
        return f"{type(value).__qualname__}.{value.name}={setting(value.value)}"
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, re.Pattern):
        return f"re({value.pattern!r}, {value.flags})"
    if isinstance(value, _CONTAINERS):
        return _container(value) if len(value) <= _MOST_ITEMS else None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name, None) for f in dataclasses.fields(value)}
        return f"{type(value).__qualname__}{_container(fields)}"
    return _array(value) or _table(value)


def _container(value: Any) -> str | None:
    try:
        forms = _forms(value.items()) if isinstance(value, Mapping) else _forms(value)
    except RecursionError:  # it holds itself
        return None
    ordered = forms if isinstance(value, list | tuple | deque) else sorted(forms)
    return f"{type(value).__name__}({', '.join(ordered)})"


def _forms(values: Iterable[Any]) -> list[str]:
    return [form if (form := setting(v)) is not None else f"<{type(v).__name__}>" for v in values]


def _array(value: Any) -> str | None:
    size = getattr(value, "nbytes", None)
    if not (isinstance(size, int) and size <= _MOST_BYTES and hasattr(value, "tobytes")):
        return None
    looks = (getattr(value, "dtype", ""), getattr(value, "shape", ""))
    return f"{type(value).__name__}{looks}{sha256(value.tobytes()).hexdigest()}"


def _table(value: Any) -> str | None:
    """Return the form of a frame or a series of pandas."""
    size = getattr(value, "size", None)
    if not (isinstance(size, int) and size <= _MOST_ITEMS and hasattr(value, "to_csv")):
        return None
    text = f"{getattr(value, 'dtypes', '')}\n{value.to_csv()}"
    return f"{type(value).__name__}{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
