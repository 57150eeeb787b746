"""The JSON of a service's answer as data whose texts can be kept."""

from __future__ import annotations

import json
from typing import Any

from nanobanana_nb.privacy.redaction import storable


def decoded(body: bytes) -> Any:
    """Return what a body says, None where it is no JSON."""
    try:
        return _storable(json.loads(body))
    except (ValueError, RecursionError):
        return None


def _storable(value: Any) -> Any:
    """Return JSON data whose texts can be kept, shown and asked for again."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(part) for part in value]
    if isinstance(value, dict):
        return {storable(name): _storable(part) for name, part in value.items()}
    return value
