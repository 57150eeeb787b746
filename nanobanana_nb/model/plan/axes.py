"""An axis of a plan: one thing that varies, and its values in the order of the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.text.terminal import printed

SIDE_BY_SIDE = " + "
NOTHING = "(empty)"
NOT_SET = "(not set)"


@printed
@dataclass(frozen=True)
class Axis:
    """What varies, and how.

    `name` is the placeholder or parameter, or several joined by ` + ` where they go side by
    side; a value is then a tuple, one for each. `labels` are the values as headings: one line
    each, no two alike. A value of None leaves its parameter out. `index` is what the rows of the
    table are called that the values come from; () where they come from none.
    """

    name: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]
    index: tuple[Any, ...] = ()

    @classmethod
    def of(cls, name: str, values: tuple[Any, ...]) -> Axis:
        """Return the axis whose labels are the values in words.

        Raises:
            InputError: it has no value, or one twice.
        """
        if not values:
            raise InputError(f"The axis {{{name}}} is empty", action="Give it a value.")
        _check_distinct(name, values)
        return cls(name, values, _distinct([_label(value) for value in values]))

    @classmethod
    def coupled(cls, members: Mapping[str, tuple[Any, ...]]) -> Axis:
        """Return the axis of several side by side: the first values together, then the second.

        A value may come again in one of them, but not all together.

        Raises:
            InputError: they are not of one length, or empty.
        """
        if len(set(map(len, members.values()))) > 1:
            counts = ", ".join(f"{name} has {len(values)}" for name, values in members.items())
            raise InputError("Axes side by side need as many values each", why=counts)
        name = SIDE_BY_SIDE.join(members)
        return cls.of(name, tuple(zip(*members.values(), strict=True)))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what varies together; most often one."""
        return tuple(self.name.split(SIDE_BY_SIDE))

    def at(self, index: int) -> tuple[tuple[str, Any], ...]:
        """Return each name with its value at one place of the axis."""
        value = self.values[index]
        values = value if len(self.names) > 1 else (value,)
        return tuple(zip(self.names, values, strict=True))

    def extended(self, values: tuple[Any, ...]) -> Axis:
        """Return the axis with further values at its end; the labels that it has stay.

        Raises:
            InputError: it has one of them already.
        """
        if not values:
            raise InputError(f"No value to add to the axis {self.name}")
        _check_distinct(self.name, (*self.values, *values))
        labels = _distinct([*self.labels, *map(_label, values)])
        index = (*self.index, *[None] * len(values)) if self.index else ()
        return Axis(self.name, (*self.values, *values), labels, index)

    def __len__(self) -> int:
        return len(self.values)


def _label(value: Any) -> str:
    """Return a value as a heading: a text on one line, an image by its name."""
    if isinstance(value, ReferenceImage):
        return public_url(value.name) or value.identity[:20]
    if isinstance(value, tuple):
        return SIDE_BY_SIDE.join(_label(part) for part in value if part is not None) or NOTHING
    if value is None:
        return NOT_SET
    return " ".join(str(value).split()) or NOTHING


def _check_distinct(name: str, values: tuple[Any, ...]) -> None:
    counts = Counter(map(_identity, values))
    doubles = [_label(value) for value in values if counts[_identity(value)] > 1]
    if doubles:
        raise InputError(f"{{{name}}} has the same value twice", why=doubles[0])


def _identity(value: Any) -> Any:
    if isinstance(value, ReferenceImage):
        return value.identity
    if isinstance(value, tuple):
        return tuple(map(_identity, value))
    return " ".join(str(value).split())


def _distinct(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels with a number behind those that are there before."""
    headings: dict[str, None] = {}
    for label in labels:
        heading, n = label, 1
        while heading in headings:
            n += 1
            heading = f"{label} ({n})"
        headings[heading] = None
    return tuple(headings)
