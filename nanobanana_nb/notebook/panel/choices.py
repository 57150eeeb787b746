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
    known = dict(info.choices) if info else {}
    found = _from_schema(schema or {}) or known
    ordered = sorted(found, key=lambda name: (_ORDER.index(name) if name in _ORDER else 9, name))
    return {name: found[name] for name in ordered if found[name]}


def _from_schema(schema: Mapping[str, Any]) -> Choices:
    found: Choices = {}
    for name, field in _properties(schema).items():
        if name in _NOT_FIELDS or not isinstance(field, Mapping) or not name.isidentifier():
            continue
        values = field.get("enum")
        if isinstance(values, list) and all(isinstance(v, str | int | float) for v in values):
            found[name] = tuple(values)
        elif field.get("type") == "boolean":
            found[name] = (True, False)
    return found


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields of a schema, of the whole answer or of its inner part."""
    inner = schema.get("input_schema", schema)
    found = inner.get("properties") if isinstance(inner, Mapping) else None
    return found if isinstance(found, Mapping) else {}
