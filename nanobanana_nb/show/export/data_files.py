"""A grid as data for other programs, CSV and JSON: one row an image, axes as columns."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nanobanana_nb.privacy.redaction import redacted
from nanobanana_nb.show.arrange.columns import (
    FACTS,
    NUMBER,
    REFERENCES,
    columns,
    is_covered,
    names_of,
    number_column,
    rating_columns,
    score_columns,
    vote_columns,
)
from nanobanana_nb.show.export.content import Content, Entry
from nanobanana_nb.show.export.file_writer import FileLinks
from nanobanana_nb.text.terminal import harmless

VERSION = 1
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN = ("sha256", "media_type", *FACTS, "simulated")


def csv_file(content: Content, links: FileLinks) -> bytes:
    """Return the table as CSV in UTF-8 with a byte order mark, without which Excel guesses.

    An axis, a parameter or a score that is called like another column has ` (axis)`, ` (parameter)`
    or ` (score)` behind it, as in `state (axis)`.

    A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV
    injection), and none has control characters. Lines end as RFC 4180 says.
    """
    rows = rows_of(content, links)
    names = names_of(rows)
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow([_inert(harmless(name)) for name in names])
    for row in rows:
        values = [row.get(name) for name in names]
        table.writerow([_inert(harmless(v) if isinstance(v, str) else v) for v in values])
    return out.getvalue().encode("utf-8-sig", "replace")


def json_file(content: Content, links: FileLinks) -> bytes:
    """Return plan and images as JSON, pure ASCII."""
    return json.dumps(record(content, links), indent=1).encode("ascii")


def record(content: Content, links: FileLinks) -> dict[str, Any]:
    """Return all that is known of the grid as plain JSON data.

    `plan` restores the experiment; `path` in each of `images` leads to the original.
    """
    votes = vote_columns(content.standings, ())
    return {
        "nanobanana_nb": VERSION,
        "prompt": content.prompt,
        "axes": [{"name": name, "labels": list(labels)} for name, labels in content.axes.items()],
        "counts": list(content.counts),
        "notes": list(content.notes),
        "images": [
            {**image_record(entry, links), **{name: votes[name][n] for name in votes}}
            for n, entry in enumerate(content.entries)
        ],
        "plan": content.plan,
    }


def image_record(entry: Entry, links: FileLinks) -> dict[str, Any]:
    """Return one image as plain JSON data, times in UTC, its state in the wire's word."""
    generation = entry.generation
    return {
        "number": entry.number,
        "state": str(generation.state),
        "values": entry.values,
        "path": links.get(entry.number),
        **{name: getattr(generation, name) for name in _PLAIN},
        **rating_columns(entry.rating),
        **({"scores": entry.numbers} if entry.numbers else {}),
        **({"score_errors": entry.score_errors} if entry.score_errors else {}),
        "differences": list(generation.differences),
        "error": entry.error or None,
        "charged": entry.charged or None,
        "task_id": None if generation.task_id is None else redacted(generation.task_id),
        "created_at": _time(generation.created_at),
        "finished_at": _time(generation.finished_at),
        "request": generation.request.to_record(),
    }


def rows_of(content: Content, links: FileLinks) -> list[dict[str, Any]]:
    """Return one row an image; a parameter that is an axis has its column once."""
    entries = (replace(entry, scores={}) for entry in content.entries)
    fixed = [{**image_record(e, links), "state": e.state} for e in entries]
    values = [row.pop("values") for row in fixed]
    requests = [row.pop("request") for row in fixed]
    request_columns = [_request_columns(request) for request in requests]
    parameter_texts = [{name: str(v) for name, v in r["parameters"].items()} for r in requests]
    taken = {*fixed[0], *request_columns[0]}
    axis_names = [n for n in content.places.names if not is_covered(n, values, request_columns)]
    axes = columns(axis_names, "axis", taken)
    names = [
        name for name in names_of(parameter_texts) if not is_covered(name, parameter_texts, values)
    ]
    parameters = columns(names, "parameter", {*taken, *axes.values()})
    taken |= {*axes.values(), *parameters.values()}
    votes = vote_columns(content.standings, taken)
    scores = {**votes, **score_columns(content.scores, {*taken, *votes})}
    return [
        {
            **_row(
                row,
                {axes[name]: v.get(name, "") for name in axes},
                _beside(request, parameters),
                number_column(content.view),
            ),
            **{column: scores[column][n] for column in scores},
        }
        for n, (row, v, request) in enumerate(zip(fixed, values, requests, strict=True))
    ]


def _row(
    row: dict[str, Any], axes: dict[str, Any], columns: dict[str, Any], number: str
) -> dict[str, Any]:
    first = {number: row.pop(NUMBER), "state": row.pop("state")}
    return {**first, **axes, **columns, **row, "differences": "; ".join(row["differences"])}


def _request_columns(request: dict[str, Any]) -> dict[str, Any]:
    images = [image["name"] or image["url"] or image["sha256"] for image in request["images"]]
    return {
        "prompt": "private" if request.get("private") else request["prompt"],
        "model": request["model"],
        REFERENCES: "; ".join(filter(None, images)),
    }


def _beside(request: dict[str, Any], parameters: dict[str, str]) -> dict[str, Any]:
    """Return what was asked for, each parameter under its column."""
    settings = request["parameters"]
    return {
        **_request_columns(request),
        **{parameters[n]: v for n, v in settings.items() if n in parameters},
    }


def _inert(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
