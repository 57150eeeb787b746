"""A plan as JSON, to be kept beside its images and read again.

Each request is written as what it has beside the common part. Images are records without their
bytes. Of a private plan neither the prompt nor what goes into it is written: its axes keep their
names, and numbers stand for their values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.options import OPTIONS, Option
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.recipe import Recipe
from nanobanana_nb.model.plan.record import Cell, P, PlanRecord
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage, as_parameters

FORMAT = "nanobanana_nb/plan"
VERSION = 1
# A link is none of them: it may hold a secret.
_OPTIONS = [
    f.name for f in fields(PlanRecord) if f.name in OPTIONS and OPTIONS[f.name].kind != "link"
]
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


def write(plan: PlanRecord) -> str:
    """Return the plan as JSON text."""
    private = any(cell.request.private for cell in plan.cells)
    records = [cell.request.to_record() for cell in plan.cells]
    first = records[0] if records else {}
    common = {k: v for k, v in first.items() if all(r.get(k) == v for r in records)}
    cells = [
        {"point": cell.point, **{k: v for k, v in record.items() if k not in common}}
        for cell, record in zip(plan.cells, records, strict=True)
    ]
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "prompt": "" if private else plan.prompt,
        "axes": [
            _axis_record(_with_numbers(axis, plan) if private else axis) for axis in plan.axes
        ],
        **{name: getattr(plan, name) for name in _OPTIONS},
        "notes": () if private else plan.notes,
        "recipe": _recipe_record(plan.recipe) if plan.recipe else None,
        "request": common,
        "cells": cells,
    }
    return json.dumps(whole, allow_nan=False)


def read(text: str, kind: type[P]) -> P:
    """Return the plan of a JSON text, as one of this class.

    Raises:
        InputError: it is no plan, or a newer version wrote it.
    """
    try:
        record = json.loads(text)
        if record["format"] != FORMAT:
            raise ValueError("another format")
        if record["version"] == VERSION:
            return _plan(record, kind)
    except _BROKEN as error:
        raise InputError("This is no plan", why=f"{type(error).__name__}: {error}") from None
    raise InputError(
        f"This plan has version {record['version']!r}, and {VERSION} is known here",
        action="Update nanobanana_nb to read it.",
    )


def _plan(record: Mapping[str, Any], kind: type[P]) -> P:
    axes = tuple(map(_axis, record["axes"]))
    recipe = record["recipe"]
    return kind(
        tuple(_cell(cell, record["request"], axes) for cell in record["cells"]),
        str(record["prompt"]),
        axes,
        recipe=None if recipe is None else _recipe(recipe),
        notes=_texts(record["notes"]),
        **{name: _option(OPTIONS[name], record[name]) for name in _OPTIONS},
    )


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(map(str, values))


def _option(option: Option, value: Any) -> Any:
    if option.kind == "texts":
        return _texts(value)
    if value is None and option.default is None:
        return None
    kinds = {"flag": bool, "whole": int, "credits": float}
    return kinds.get(option.kind, str)(value)


def _cell(record: Mapping[str, Any], common: Mapping[str, Any], axes: tuple[Axis, ...]) -> Cell:
    fields = {name: value for name, value in record.items() if name != "point"}
    point = tuple(map(int, record["point"]))
    if not all(0 <= n < len(axis) for axis, n in zip(axes, point, strict=True)):
        raise IndexError("a cell stands outside its axes")
    values = tuple(pair for axis, n in zip(axes, point, strict=True) for pair in axis.at(n))
    return Cell(GenerationRequest.from_record({**common, **fields}), values, point)


def _axis_record(axis: Axis) -> dict[str, Any]:
    values = [_value_record(value) for value in axis.values]
    index = {"index": [_value_record(name) for name in axis.index]} if axis.index else {}
    return {"name": axis.name, "values": values, "labels": axis.labels, **index}


def _axis(record: Mapping[str, Any]) -> Axis:
    labels = tuple(map(str, record["labels"]))
    values, index = (tuple(map(_value, record.get(name, ()))) for name in ("values", "index"))
    axis = Axis(str(record["name"]), values, labels, index)
    if index and len(index) != len(axis):
        raise ValueError("the rows of a table are not those of its axis")
    if not len(axis) == len(labels) == len(set(labels)) > 0:
        raise ValueError("the headings of an axis are not those of its values")
    return axis


def _with_numbers(axis: Axis, plan: PlanRecord) -> Axis:
    """Return the axis with numbers for the values that go into a private prompt."""
    places = plan.recipe.template.names if plan.recipe else axis.names
    if not set(axis.names) & set(places):
        return axis
    numbers = tuple(str(n + 1) for n in range(len(axis)))
    tuples = [
        tuple(number if name in places else value for name, value in axis.at(n))
        for n, number in enumerate(numbers)
    ]
    values = tuple(tuples) if len(axis.names) > 1 else tuple(value for (value,) in tuples)
    return Axis(axis.name, values, numbers)


def _value_record(value: Any) -> Any:
    """Return a value as JSON data; what JSON does not have becomes its text."""
    if isinstance(value, ReferenceImage):
        return {"image": value.to_record()}
    if isinstance(value, tuple):
        return {"several": [_value_record(member) for member in value]}
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return str(value)
    return {"json": json.loads(text)} if isinstance(value, list | dict) else value


def _value(record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    (kind, content), *more = record.items()
    if more or kind not in ("image", "several", "json"):
        raise ValueError(f"a value of an unknown kind: {kind}")
    if kind == "image":
        return ReferenceImage(**content)
    return tuple(map(_value, content)) if kind == "several" else content


def _recipe_record(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe without bytes, and without the words of a private prompt."""
    return {
        "provider": recipe.provider,
        "model": recipe.model,
        "prompt": "" if recipe.private else recipe.prompt,
        "filled": recipe.filled,
        "texts": () if recipe.private else recipe.texts,
        "parameters": dict(recipe.parameters),
        "images": [image.to_record() for image in recipe.images],
        "private": recipe.private,
    }


def _recipe(record: Mapping[str, Any]) -> Recipe:
    fields = dict(record)
    return Recipe(
        images=tuple(ReferenceImage(**image) for image in fields.pop("images")),
        parameters=as_parameters(fields.pop("parameters")),
        texts=tuple((str(name), str(text)) for name, text in fields.pop("texts")),
        **fields,
    )
