"""What varies in a plan, read from its prompt, its options and the notebook, and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nanobanana_nb.model import arguments, field_names
from nanobanana_nb.model.plan import axis_values, sides
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.axis_values import Values
from nanobanana_nb.model.plan.table import Table
from nanobanana_nb.model.prompt import checks, questions, value_syntax
from nanobanana_nb.model.prompt.axis_lines import AxisLines
from nanobanana_nb.model.prompt.placeholders import OPENING
from nanobanana_nb.model.prompt.template import Template
from nanobanana_nb.model.signed_links import hidden


@dataclass(frozen=True)
class Variation:
    """What varies, and where it stands; nothing where one request says it all.

    `values` are those of each name, `axes` the names as they go together, `texts` those of the
    places that do not vary. `rows` and `cols` name axes of the table, `notes` what may have been
    meant otherwise.
    """

    values: Mapping[str, Values] = field(default_factory=dict)
    axes: tuple[Axis, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    rows: tuple[str, ...] = ()
    cols: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def variation(
    source: Template,
    *,
    model: str,
    namespace: Mapping[str, Any] | None,
    fixed: Mapping[str, Any],
    vary: tuple[str, ...],
    axes: Mapping[str, Any] | None,
    zipped: Any,
    rows: Any,
    cols: Any,
    find_images: axis_values.FindImages | None,
    lists: value_syntax.Lists,
    fields: Callable[[], Iterable[str]],
) -> Variation:
    """Return what varies, by the arguments of `make_plan`; `fixed` are the parameters that do not.

    Raises:
        InputError: an axis, a value or a parameter cannot be used, or may be meant otherwise.
    """
    no_places = OPENING.isdisjoint(source.written) and source.lines == AxisLines()
    options = (vary, zipped, rows, cols)
    no_names = axes is None and all(isinstance(names, tuple) and not names for names in options)
    if no_places and no_names and not fixed:
        return Variation()
    raw, space = namespace is None, namespace or {}
    table = axes if isinstance(axes, Table) else Table({})
    table.check_filled(source.names)
    axes = arguments.new_axes(axes)
    named = axis_values.named_axes(source, vary, axes, find_images, table.together, lists)
    if not raw:
        checks.check_formats(source.written, {*space, *named, *source.names, *fixed})
    axis_values.check_used(source, named, model, fixed, fields, raw, table.together)
    questions.check(source, vary, axes)
    places = (*source.names, axis_values.MODEL, axis_values.IMAGE, axis_values.IMAGES)
    named = {name: axis if name in places else hidden(axis) for name, axis in named.items()}
    free = [name for name in (*fixed, *named) if name in fixed or name not in places]
    field_names.check(free, model, fields, source.names)
    values, texts = axis_values.values_of(source, named, space, table.together)
    groups = (*source.lines.zipped, *arguments.groups(zipped))
    coupled = _with_index(axis_values.coupled(values, (*_together(table), *groups)), table)
    down, across = arguments.names("rows", rows), arguments.names("cols", cols)
    notes = questions.notes(source, vary, values, space)
    return Variation(values, coupled, texts, *sides.chosen(coupled, down, across), notes)


def _together(table: Table) -> Iterable[Sequence[str]]:
    """Return the columns of a table as a group that goes side by side; one goes alone."""
    return [table.together] if len(table.together) > 1 else []


def _with_index(axes: tuple[Axis, ...], table: Table) -> tuple[Axis, ...]:
    """Return the axes, that of the table with the names of its rows."""
    return tuple(
        replace(axis, index=table.index) if set(axis.names) & set(table.together) else axis
        for axis in axes
    )
