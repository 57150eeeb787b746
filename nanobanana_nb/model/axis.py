"""An axis of a plan: one thing that varies, and its values in the order of the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Axis:
    """What varies, and how.

    `name` is the placeholder or parameter, or several joined by ` + ` where they go side by
    side. `labels` are the values as headings: one line each, no two alike.
    """

    name: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, name: str, values: tuple[Any, ...]) -> Axis:
        """Return the axis whose labels are the values in words."""
        return cls(name, values, tuple(" ".join(str(value).split()) for value in values))

    def __len__(self) -> int:
        return len(self.values)
