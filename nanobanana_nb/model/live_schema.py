"""What a service's own schema of a model says where the catalog knows nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nanobanana_nb.model import catalog
from nanobanana_nb.model.request import GenerationRequest

Schema = Mapping[str, Any]
_NO_PARAMETERS = ("prompt", "img_urls")


def fields(schema: Schema) -> tuple[str, ...]:
    """Return the names of the input fields, without prompt and images."""
    return tuple(name for name in _properties(schema) if name not in _NO_PARAMETERS)


def beyond_catalog(requests: Iterable[GenerationRequest]) -> tuple[str, ...]:
    """Return the models of which a request says something that the catalog cannot judge."""
    models: dict[str, None] = {}
    for request in requests:
        info = catalog.MODELS.get(request.model)
        if info is None or any(name not in info.choices for name, _ in request.parameters):
            models[request.model] = None
    return tuple(models)


def doubts(model: str, schema: Schema, requests: Iterable[GenerationRequest]) -> tuple[str, ...]:
    """Return a note for each field and value that the schema does not know; none without one."""
    known = _properties(schema)
    pairs = {
        (name, value if isinstance(value, str | int | float) else str(value)): None
        for request in requests
        if request.model == model
        for name, value in request.parameters
    }
    return tuple(note for pair in pairs if known and (note := _doubt(model, known, *pair)))


def _doubt(model: str, known: Mapping[str, Any], name: str, value: Any) -> str:
    if name not in known:
        return f"the service's schema of {model} has no field {name}"
    choices = known[name].get("enum") if isinstance(known[name], Mapping) else None
    if isinstance(choices, list) and choices and value not in choices:
        known_values = ", ".join(str(choice) for choice in choices[:20])
        return f"{name} {value} is not in the service's schema of {model} ({known_values})"
    return ""


def _properties(schema: Schema) -> Mapping[str, Any]:
    inner = schema.get("input_schema")
    properties = inner.get("properties") if isinstance(inner, Mapping) else None
    return properties if isinstance(properties, Mapping) else {}
