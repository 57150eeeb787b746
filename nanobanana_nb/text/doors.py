"""The door that a person came through: errors name what to do in the words that stand there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum


class Door(Enum):
    """Where a person asks: in a cell, in Python, or with the mouse."""

    CELL = "cell"
    PYTHON = "python"
    PANEL = "panel"


_DOOR = ContextVar("door", default=Door.CELL)


@contextmanager
def through(door: Door) -> Iterator[None]:
    """Let what is said meanwhile, also by tasks that begin meanwhile, be in this door's words."""
    token = _DOOR.set(door)
    try:
        yield
    finally:
        _DOOR.reset(token)


def words(cell: str, *, python: str | None = None, panel: str) -> str:
    """Return the words for the door that is open; Python has those of a cell if it has no own."""
    texts = {Door.CELL: cell, Door.PYTHON: cell if python is None else python, Door.PANEL: panel}
    return texts[_DOOR.get()]
