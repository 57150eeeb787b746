"""The table of a grid as CSV and JSON: one row an image, its axes and parameters as columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from nanobanana_nb.redaction import redacted
from nanobanana_nb.show.export.content import Content, Entry
from nanobanana_nb.show.export.files import Links

VERSION = 1
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN = ("sha256", "media_type", "width", "height", "credits", "seconds", "cached", "simulated")


def csv_file(content: Content, links: Links) -> bytes:
    """Return the table as CSV in UTF-8 with a byte order mark, without which Excel guesses.

    A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV
    injection). Lines end as RFC 4180 says.
    """
    rows = [_flat(content, entry, links) for entry in content.entries]
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow([_inert(name) for name in names])
    table.writerows([_inert(row.get(name)) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def json_file(content: Content, links: Links) -> bytes:
    """Return plan and images as JSON, pure ASCII."""
    return json.dumps(record(content, links), indent=1).encode("ascii")


def record(content: Content, links: Links) -> dict[str, Any]:
    """Return all that is known of the grid as plain JSON data.

    `plan` restores the experiment; `file` in each of `images` leads to the original.
    """
    return {
        "nanobanana_nb": VERSION,
        "prompt": content.prompt,
        "axes": [{"name": axis.name, "labels": list(axis.labels)} for axis in content.axes],
        "counts": list(content.counts),
        "notes": list(content.notes),
        "images": [image_record(entry, links) for entry in content.entries],
        "plan": content.plan,
    }


def image_record(entry: Entry, links: Links) -> dict[str, Any]:
    """Return one image as plain JSON data, times in UTC."""
    made = entry.generation
    return {
        "number": entry.number,
        "state": entry.state,
        "values": entry.values,
        "file": links.get(entry.number),
        **{name: getattr(made, name) for name in _PLAIN},
        **entry.rating.to_record(),
        "differs": list(made.differences),
        "reason": entry.reason,
        "charged": entry.charged,
        "task_id": None if made.task_id is None else redacted(made.task_id),
        "created_at": _time(made.created_at),
        "finished_at": _time(made.finished_at),
        "request": made.request.to_record(),
    }


def _flat(content: Content, entry: Entry, links: Links) -> dict[str, Any]:
    """Return one row; a parameter that is an axis has its column once."""
    one = image_record(entry, links)
    request, values = one.pop("request"), one.pop("values")
    own = dict(_columns(request))
    axes = {axis.name: values.get(axis.name, "") for axis in content.axes}
    one["differs"] = "; ".join(one["differs"])
    return {"number": one.pop("number"), "state": one.pop("state"), **axes, **_beside(own, one)}


def _columns(request: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "prompt", "private" if request.get("private") else request["prompt"]
    yield "model", request["model"]
    yield from request["parameters"].items()
    images = [image["name"] or image["url"] or image["sha256"] for image in request["images"]]
    yield "reference images", "; ".join(filter(None, images))


def _beside(own: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """Return both; a parameter whose name is taken says that it is one."""
    return {**{f"parameter {k}" if k in one else k: v for k, v in own.items()}, **one}


def _inert(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
