"""What a model takes: from the catalog, and from the service's own schema where it told one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nanobanana_nb.model import catalog

Choices = dict[str, tuple[Any, ...]]
_NOT_FIELDS = ("prompt", "img_urls")
_ORDER = ("aspect_ratio", "resolution", "output_format")


def choices_of(model: str, schema: Mapping[str, Any] | None = None) -> Choices:
    """Return for each field of a model that has a choice the values it may have.

    Args:
        schema: what the service says of the model; it goes before the catalog.
    """
    info = catalog.MODELS.get(catalog.full_name(model))
    catalog_choices = dict(info.choices) if info else {}
    choices = _from_schema(schema or {}) or catalog_choices
    names = sorted(choices, key=lambda name: (_ORDER.index(name) if name in _ORDER else 9, name))
    return {name: choices[name] for name in names if choices[name]}


def _from_schema(schema: Mapping[str, Any]) -> Choices:
    inner = schema.get("input_schema", schema)  # the whole answer, or its inner part
    fields = inner.get("properties") if isinstance(inner, Mapping) else None
    choices: Choices = {}
    for name, field in (fields if isinstance(fields, Mapping) else {}).items():
        if name in _NOT_FIELDS or not isinstance(field, Mapping) or not name.isidentifier():
            continue
        values = field.get("enum")
        if isinstance(values, list) and all(isinstance(v, str | int | float) for v in values):
            choices[name] = tuple(values)
        elif field.get("type") == "boolean":
            choices[name] = (True, False)
    return choices
