"""The axes of a panel: rows that are added, removed and put in another order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.panel import controls

SIDES = ("rows", "cols")
_CHOICES = (("anywhere", ""), ("down", "rows"), ("across", "cols"))


@dataclass(frozen=True)
class AxisDraft:
    """An axis as it was typed: a name, and values with bars between; `side` is rows, cols or ""."""

    name: str
    values: str
    side: str = ""


def options_of(axes: Iterable[AxisDraft]) -> dict[str, tuple[str, ...]]:
    """Return the options of a cell with these axes."""
    axes = tuple(axes)
    sides = {side: tuple(axis.name for axis in axes if axis.side == side) for side in SIDES}
    return {"vary": tuple(f"{axis.name}={axis.values}" for axis in axes), **sides}


def axes_of(spec: CellSpec) -> tuple[AxisDraft, ...]:
    """Return the axes that a cell has in its options."""
    sides = {name: side for side in SIDES for name in spec[side]}
    return tuple(AxisDraft(name, values, sides.get(name, "")) for name, values in spec.axes)


class AxesEditor:
    """Rows of name, values and side; `box` shows them.

    Args:
        on_change: called when something was typed or clicked.
        beside: controls that stand beside the button for a further axis.
    """

    def __init__(self, on_change: Callable[[], object], *beside: Any) -> None:
        self._on_change = on_change
        self._rows: list[_Row] = []
        self._known: tuple[str, ...] = ()
        self._suggestion = ""
        self._list = controls.column()
        self._add = controls.button(OPTIONS["vary"].label, "Vary one thing more", self.add)
        self._add.add_class("nb-quiet").add_class("nb-add")
        self.box = controls.column(self._list, controls.row(self._add, *beside))

    def read(self) -> tuple[AxisDraft, ...]:
        """Return the axes that have a name or values."""
        drafts = (row.read() for row in self._rows)
        return tuple(draft for draft in drafts if draft.name or draft.values)

    def write(self, axes: Iterable[AxisDraft]) -> None:
        """Show these axes instead."""
        self._show([_Row(axis, self) for axis in axes])

    def suggest(self, names: Iterable[str], suggestion: str) -> None:
        """Say which names a row may have, and the one that the next row begins with."""
        self._known, self._suggestion = tuple(names), suggestion
        for row in self._rows:
            row.name.options = self._known

    def add(self) -> None:
        """Add a row at the end, for a name that is still without values if there is one."""
        names = {row.name.value for row in self._rows}
        name = "" if self._suggestion in names else self._suggestion
        self._show([*self._rows, _Row(AxisDraft(name, ""), self)])

    def changed(self, change: Any = None) -> None:
        """Pass on that something was typed."""
        self._on_change()

    def move(self, row: _Row, step: int) -> None:
        """Move a row up or down, as far as there are others."""
        at = self._rows.index(row)
        to = min(max(at + step, 0), len(self._rows) - 1)
        others = [other for other in self._rows if other is not row]
        self._show([*others[:to], row, *others[to:]])

    def remove(self, row: _Row) -> None:
        """Take a row away."""
        self._show([other for other in self._rows if other is not row])

    def _show(self, rows: list[_Row]) -> None:
        removed = [row for row in self._rows if row not in rows]
        self._rows = rows
        for row in rows:
            row.name.options = self._known
        self._list.children = [row.box for row in rows]
        controls.close(*(row.box for row in removed))
        self._on_change()


class _Row:
    """The controls of one axis."""

    def __init__(self, axis: AxisDraft, editor: AxesEditor) -> None:
        self.name = controls.suggest("Axis", "style")
        self._values = controls.text("Values", "woodcut | oil | 1..5", "auto")
        self._side = controls.pick(OPTIONS["rows"].label, _CHOICES)
        self.name.value, self._values.value, self._side.value = axis.name, axis.values, axis.side
        for part in (self.name, self._values, self._side):
            part.observe(editor.changed, "value")
        actions = {
            "Up": ("Move this axis up", lambda: editor.move(self, -1)),
            "Down": ("Move this axis down", lambda: editor.move(self, 1)),
            "Remove": ("Take this axis away", lambda: editor.remove(self)),
        }
        buttons = [controls.button(name, *action) for name, action in actions.items()]
        for name, button in zip(actions, buttons, strict=True):
            button.add_class(f"nb-sign-{name.lower()}")  # a sign is drawn over the word
        fields = (self.name, self._values, self._side)
        self.box = controls.row(*fields, *buttons, name="nb-axis").add_class("nb-bare")

    def read(self) -> AxisDraft:
        """Return what was typed."""
        name = self.name.value.strip().replace("-", "_")
        return AxisDraft(name, self._values.value.strip(), self._side.value)
