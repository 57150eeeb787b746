"""A JSON file beside each original: what was asked, of which model, when, for how much.

It says what an image is when the ledger is not at hand, and the ledger is made anew from these
files when its database is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.privacy.redaction import storable

VERSION = 1
_BROKEN = (ValueError, TypeError, KeyError, AttributeError)
_TIMES = ("created_at", "sent_at", "finished_at")
_PLAIN = (
    *("task_id", "credits", "seconds"),
    *("sha256", "media_type", "width", "height", "file_size"),
)


def path_of(generation: Generation) -> Path:
    """Return where the sidecar of a fetched image lies: two tasks may have made one image."""
    assert generation.path is not None
    task = hashlib.sha256(storable(str(generation.task_id)).encode()).hexdigest()[:12]
    return generation.path.with_suffix(f".{task}.json")


def write(images: Images, generation: Generation, fingerprint: str) -> None:
    """Write the sidecar of a fetched image. Without its prompt where the request is private.

    Raises:
        LedgerError: it cannot be written.
    """
    path = path_of(generation)
    text = json.dumps(to_record(generation, fingerprint), indent=1)
    try:
        images.write(path, text.encode())
    except OSError as error:
        raise LedgerError(f"The sidecar {path} cannot be written", why=str(error)) from None


def to_record(generation: Generation, fingerprint: str) -> dict[str, Any]:
    """Return what a sidecar says: plain JSON data, times in UTC."""
    request = generation.request.to_record()
    times = {name: getattr(generation, name) for name in _TIMES}
    return {
        "nanobanana_nb": VERSION,
        "fingerprint": fingerprint,
        "request": request,
        **{name: getattr(generation, name) for name in _PLAIN},
        **{
            name: None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
            for name, seconds in times.items()
        },
        "parents": [image.sha256 for image in generation.request.images if image.sha256],
    }


def read_all(images: Images) -> Iterator[tuple[Generation, str]]:
    """Return (image, fingerprint) of every sidecar whose original is there; skip the others."""
    for path in sorted(images.folder.glob("??/*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            image = images.completed(_from_record(record))
            fingerprint = str(record["fingerprint"])
        except (OSError, ArithmeticError, RecursionError, *_BROKEN):  # not ours, or damaged
            continue
        if image.ok:
            yield image, fingerprint


def _from_record(record: dict[str, Any]) -> Generation:
    request = GenerationRequest.from_record(record["request"])
    fields: dict[str, Any] = {name: record.get(name) for name in _PLAIN}
    for name in _TIMES:
        text = record.get(name)
        fields[name] = None if text is None else datetime.fromisoformat(text).timestamp()
    image = Generation(request, State.SUCCESS, **fields)
    return replace(image, created_at=image.created_at or 0.0)
