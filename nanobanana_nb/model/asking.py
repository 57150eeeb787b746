"""What a result asks of the floors above it: the model imports nothing that runs or shows.

The package itself says here what answers; it is imported when something is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Answer = Callable[..., Any]
_FINDERS: dict[str, Callable[[], Answer]] = {}


def answered_by(name: str, find: Callable[[], Answer]) -> None:
    """Say what finds the function that answers to `name`."""
    _FINDERS[name] = find


def ask(name: str) -> Answer:
    """Return the function that answers to `name`."""
    return _FINDERS[name]()
