"""What a model takes as JSON Schema, and the check of a request against its model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from nanobanana_nb.simulator.models import MODELS, READ_OVER, Model

Json = dict[str, Any]


_INVALID = "Value error, Invalid input for model"


def _choice(values: tuple[str, ...], default: str) -> Json:
    return {"type": "string", "enum": list(values), "default": default}


def input_schema(model: Model) -> Json:
    """The JSON Schema of a model's ``input``; what it accepts, the service accepts."""
    link = {"type": "string", "pattern": "^https?://"}
    properties: Json = {
        "prompt": {"type": "string", "minLength": 1, "maxLength": model.prompt_chars},
        "img_urls": {"type": "array", "items": link, "minItems": 1, "maxItems": model.images},
        "aspect_ratio": _choice(model.ratios, "1:1"),
    }
    if model.formats:
        properties["output_format"] = _choice(model.formats, "png")
    if model.resolutions:
        properties["resolution"] = _choice(model.resolutions, "1K")
    if model.google_search:
        properties["google_search"] = {"type": "boolean", "default": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": model.name,
        "type": "object",
        "properties": properties,
        "required": ["prompt"],
        "additionalProperties": False,
    }


def request_errors(body: object) -> list[str]:
    """All that is wrong with the body of a CreateTask, in words; empty when nothing is."""
    if not isinstance(body, Mapping):
        return ["body: must be a JSON object"]
    return [*_envelope_errors(body), *_model_errors(body)]


def _envelope_errors(body: Mapping[str, Any]) -> Iterator[str]:
    for name in body:
        if name not in ("model", "callback_url", "input"):
            yield f"{name}: unknown field"
    callback = body.get("callback_url")
    if callback not in (None, "") and not is_http_url(callback):
        yield "callback_url: must be an http or https URL"


def _model_errors(body: Mapping[str, Any]) -> Iterator[str]:
    name, fields = body.get("model"), body.get("input")
    model = MODELS.get(name) if isinstance(name, str) else None
    if name is None:
        yield "model: field required"
    elif model is None:
        yield f"model: unknown model {name!r}; one of {', '.join(MODELS)}"
    if not isinstance(fields, Mapping):
        yield "input: field required" if fields is None else "input: must be an object"
    elif model is not None:
        yield from (f"{_INVALID} {name}: {error}" for error in input_errors(model, fields))


def input_errors(model: Model, fields: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an ``input`` for this model, one sentence for each fault."""
    schema = input_schema(model)
    for name in schema["required"]:
        if name not in fields:
            yield f"{name}: field required"
    for name, value in fields.items():
        rule = schema["properties"].get(name)
        if rule is not None:
            yield from _value_errors(name, value, rule)
        elif name not in READ_OVER:
            yield f"{name}: unknown field"


_TYPES = {"string": str, "array": list, "boolean": bool}


def _value_errors(where: str, value: object, rule: Json) -> Iterator[str]:
    if not isinstance(value, _TYPES[rule["type"]]):
        yield f"{where}: must be of type {rule['type']}"
    elif "enum" in rule and value not in rule["enum"]:
        yield f"{where}: {value!r} is not one of {', '.join(rule['enum'])}"
    elif rule["type"] == "array":
        yield from _list_errors(where, value, rule)
    elif isinstance(value, str):
        if "minLength" in rule and not value.strip():
            yield f"{where}: may not be empty"
        if len(value) > rule.get("maxLength", len(value)):
            yield f"{where}: {len(value)} characters, at most {rule['maxLength']}"


def _list_errors(where: str, value: Any, rule: Json) -> Iterator[str]:
    if not value:
        yield f"{where}: may not be an empty list; leave it out"
    if len(value) > rule["maxItems"]:
        yield f"{where}: {len(value)} items, at most {rule['maxItems']}"
    for n, item in enumerate(value):
        if not is_http_url(item):
            yield f"{where}[{n}]: must be an http or https URL"


def is_http_url(value: object) -> bool:
    """Whether a value is an http or https URL with a host."""
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
