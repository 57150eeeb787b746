"""What Pillow warns of in files that are none of its user's making, kept from whoever sees them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

_IS_QUIET = ContextVar("is_quiet", default=False)


class _WhileQuiet:
    """Stands for the pattern of a message: fits any, in a thread that is quiet just now."""

    def match(self, _: str) -> bool:
        return _IS_QUIET.get()


# `warnings` calls the `match` of what stands for a pattern, whatever that is.
_FILTER: Any = ("ignore", _WhileQuiet(), (UserWarning, RuntimeWarning), re.compile(r"PIL\b"), 0)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what Pillow warns of in this thread, under whatever filters.

    `catch_warnings` swaps the filters of the whole process: two threads that overlap in it leave
    them changed for ever. Here a filter that fits no other thread is put in front, and taken out.
    """
    token = _IS_QUIET.set(True)
    warnings.filters.insert(0, _FILTER)  # type: ignore[attr-defined] # a list, if not by its stub
    try:
        yield
    finally:
        _IS_QUIET.reset(token)
        with suppress(ValueError):  # somebody took all filters out
            warnings.filters.remove(_FILTER)  # type: ignore[attr-defined]
