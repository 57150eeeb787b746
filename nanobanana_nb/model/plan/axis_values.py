"""What varies in a plan: found in the prompt, its axis lines, the options and the notebook.

A name that stands in the prompt is the prompt's; another is a parameter of the model. An axis
that is written or given goes before a variable of the notebook that happens to have its name.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog, field_names
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.prompt import checks, value_syntax
from nanobanana_nb.model.prompt.template import Template
from nanobanana_nb.model.prompt.variables import check_parameter, plain_value, sequence, text_of
from nanobanana_nb.model.request import ReferenceImage

IMAGE, IMAGES, MODEL = "image", "images", "model"
FindImages = Callable[[Any], Sequence[ReferenceImage]]
Values = tuple[Any, ...]
_NOT_FIELDS = ("prompt", "img_urls")


def values_of(
    source: Template,
    named: Mapping[str, Values],
    space: Mapping[str, Any],
    columns: Collection[str] = (),
) -> tuple[dict[str, Values], tuple[tuple[str, str], ...]]:
    """Return what varies, and the text of each place that does not.

    The prompt's names come first, in its order, then the parameters as named. In the `columns` of a
    table a value may be missing.

    Raises:
        InputError: a value cannot stand in a prompt, there are too many, or a name has none.
    """
    varied: dict[str, Values] = {}
    for name in source.names:
        values = named[name] if name in named else sequence(name, space.get(name))
        if values is not None:
            for value in values:
                text_of(name, value)
            varied[name] = values
    fields = {name: values for name, values in named.items() if name not in source.names}
    for name in fields.keys() - {IMAGE, IMAGES}:
        for value in fields[name]:
            if value is not None or name not in columns:
                check_parameter(name, value)
    varied |= fields
    checks.check_names(source.names, {**space, **varied})
    fixed = [name for name in source.names if name not in varied]
    return varied, tuple((name, text_of(name, space[name])) for name in fixed)


def coupled(values: Mapping[str, Values], zipped: Iterable[Sequence[str]]) -> tuple[Axis, ...]:
    """Return the axes; those that are `zipped` as one, where the first of them stands.

    Raises:
        InputError: an axis is empty or has a value twice, or axes cannot stand side by side.
    """
    group: dict[str, tuple[str, ...]] = {}
    for names in map(tuple, zipped):
        _check_group(names, values, group)
        in_order = tuple(name for name in values if name in names)
        group.update(dict.fromkeys(names, in_order))
    axes = []
    for name, axis_values in values.items():
        members = group.get(name, (name,))
        if len(members) == 1:
            axes.append(Axis.of(name, axis_values))
        elif name == members[0]:
            axes.append(Axis.coupled({member: values[member] for member in members}))
    return tuple(axes)


def named_axes(
    source: Template,
    options: Iterable[str],
    axes: Mapping[str, Any],
    find: FindImages | None,
    columns: Collection[str] = (),
    lists: value_syntax.Lists = value_syntax.no_lists,
) -> dict[str, Values]:
    """Return the axes that the prompt, its lines, `--vary` and the caller name, with values.

    In the `columns` of a table an image may be missing. `lists` gives the values of `@NAME`.

    Raises:
        InputError: one is named twice, or has no value.
    """
    choices = [(place.name, place.options) for place in source.choices]
    image_names = {IMAGE, IMAGES}.difference(source.names)
    pairs: list[tuple[str, Values]] = []
    for name, texts in [*choices, *written_axes(source, options)]:
        if name in image_names:
            values = _images(name, tuple(filter(None, texts)), find)
        else:
            values = value_syntax.expanded(name, texts, lists)
        plain = name in source.names or name in image_names
        pairs.append((name, values if plain else tuple(map(value_syntax.typed, values))))
    for name, value in axes.items():
        values = values_from(name, value)
        if name in image_names:
            values = _images(name, values, find, missing=name in columns)
        pairs.append((name, values))
    named: dict[str, Values] = {}
    for name, values in pairs:
        if name in named:
            action = f"Give its values once, and write {{{name}}} where they go."
            raise InputError(f"The axis {name} is there twice", action=action)
        named[name] = values
    return named


def check_used(
    source: Template,
    named: Mapping[str, Values],
    model: str,
    parameters: Mapping[str, Any],
    fields: Callable[[], Iterable[str]],
    raw: bool,
    columns: Collection[str] = (),
) -> None:
    """Refuse an axis that names nothing: it would pay for the same image again and again.

    Args:
        columns: those of the axes that are columns of a table.
        fields: tells what else the model takes; asked only about a name that nobody knows.

    Raises:
        InputError: it tells the nearest name, or that the name has a fixed value as well.
    """
    open_model = catalog.full_name(model) not in catalog.MODELS
    known = {*source.names, *catalog.FAMILY_FIELDS, MODEL, IMAGE, IMAGES}
    if not open_model and not known.issuperset(named):
        known.update(fields())
    for name, values in named.items():
        if name in parameters and name not in source.names:
            action = f"Leave out {parameters[name]!r}."
            raise InputError(f"{name} varies and has a fixed value too", action=action)
        if name not in known and (not open_model or name in _NOT_FIELDS):
            if name in columns:
                raise _unused_column(name, known)
            raise _unused(name, values, known, raw, in_formula=name in source.formula)


def written_axes(source: Template, options: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the axes below the prompt and those of `--vary`, with values as they were written."""
    lines = [(line.name, line.values) for line in source.lines.axes]
    return [*lines, *map(value_syntax.parse_option, options)]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name that holds `name`, or else the most alike, if any is."""
    names = sorted(known)
    holders = [other for other in names if len(name) > 2 and (name in other or other in name)]
    return next(iter(holders or get_close_matches(name, names, 1, 0.7)), None)


def unknown_axis(name: str, known: Iterable[str]) -> InputError:
    """Return the error that names the axes there are."""
    near = nearest(name, known)
    names = ", ".join(known) or "none"
    hint = f"Did you mean {near}?" if near else f"The axes are: {names}."
    return InputError(f"There is no axis {name}", action=hint)


def _check_group(names: tuple[str, ...], values: Mapping[str, Values], group: Any) -> None:
    """Refuse axes to go side by side that are not there, are fewer than two, or go already."""
    for name in names:
        if name not in values:
            near = nearest(name, values)
            hint = f"did you mean {near}?" if near else ""
            raise InputError(f"zip names {name}, which is no axis", why=hint)
        if name in group or names.count(name) > 1:
            raise InputError(f"zip names {name} twice", action="Name each axis once.")
    if len(names) < 2:
        raise InputError("zip needs two axes", action="For example: zip: style, ratio")


def _unused(
    name: str, values: Values, known: Iterable[str], raw: bool, *, in_formula: bool
) -> InputError:
    option = field_names.option_of(name)
    if option and len(values) == 1:
        what = f"{name} is an option and no axis"
        return InputError(what, action=f"{option.place_of(str(values[0]))}.")
    near = None if in_formula else nearest(name, known)
    place = f"{{{{{{{name}}}}}}}" if in_formula else f"{{{name}}}"
    return InputError(
        f"The axis {name} names nothing",
        why="it is neither in the prompt nor a parameter"
        + (f" ({OPTIONS['raw'].switch} fills nothing in)" * raw),
        action=f"Did you mean {near}?" if near else f"Write {place} in the prompt.",
    )


def _unused_column(name: str, known: Iterable[str]) -> InputError:
    near = nearest(name, known)
    leave = f"Write {{{name}}} in the prompt, or leave the column out"
    return InputError(
        f"The column {name} is neither in the prompt nor a parameter",
        action=f"Did you mean {near}? Else leave the column out." if near else f"{leave}.",
    )


def values_from(name: str, value: Any) -> Values:
    """Return the values of a list and the like; anything else is the only value."""
    values = sequence(name, value)
    return (plain_value(value),) if values is None else values


def _images(name: str, values: Values, find: FindImages | None, *, missing: bool = False) -> Values:
    """Return an image for each value, or for `images` all that a value holds, to go together."""
    try:
        references = [() if missing and v is None else _references(v, find) for v in values]
    except RecursionError:
        raise InputError(f"A list of the axis {name} holds itself") from None
    if name == IMAGES:
        return tuple(references)
    if missing:
        return tuple(images[0] if images else None for images in references)
    if () in references:
        where = f"The value {references.index(()) + 1} of the axis image is no image"
        raise InputError(where, action="An axis `images` has values with none: `[[], [cat]]`.")
    return tuple(itertools.chain(*references))


def _references(value: Any, find: FindImages | None) -> tuple[ReferenceImage, ...]:
    if isinstance(value, ReferenceImage):
        return (value,)
    if isinstance(value, list | tuple):
        return tuple(itertools.chain(*(_references(part, find) for part in value)))
    if find is None:
        raise InputError(f"An axis of images cannot hold a {type(value).__name__}")
    return tuple(find(value))
