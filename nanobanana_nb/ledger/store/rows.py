"""How a task stands in a row of the ledger, and comes back out of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from nanobanana_nb import errors
from nanobanana_nb.errors import Charged, LedgerError
from nanobanana_nb.model.credits import plausible
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.privacy import redaction

OPEN = (State.PENDING, State.RUNNING, State.DETACHED)
SETTLED = (State.SUCCESS, State.FAILED)
MOVING = (State.SENT, State.PENDING, State.RUNNING)  # sent, and somebody waits for the end
UNSENT = (State.PLANNED, State.SENT)
HELD = (State.PLANNED, *MOVING)  # somebody works on these

RANK_PLANNED = 4  # of `rank`: known, and still to be created

CHANGING = (
    *("state", "task_id", "credits", "error", "sha256", "media_type"),
    *("width", "height", "file_size", "seconds", "sent_at", "finished_at"),
)
_OURS = (
    *("fingerprint", "provider", "owner", "notebook"),
    *("machine", "pid", "born", "beat"),  # of the claimant, where it was joined
)


def request_columns(request: GenerationRequest) -> dict[str, Any]:
    """Return the columns that say what was asked."""
    return {
        "fingerprint": request.fingerprint(),
        "provider": request.provider,
        "request": json.dumps(request.to_record(), allow_nan=False),  # SQLite reads it too
    }


def changing_columns(generation: Generation) -> dict[str, Any]:
    """Return the columns that change on a task's way."""
    columns = {name: getattr(generation, name) for name in CHANGING}
    columns["task_id"] = storable(generation.task_id)
    error = generation.error.to_record() if generation.error else {}
    if generation.request.private and generation.request.prompt:
        error.pop("why", None)  # a service may quote a private prompt in its reason
    return {**columns, "error": json.dumps(error) if error else None}


def storable(text: str | None) -> str | None:
    """Return text that SQLite takes: half a surrogate pair has no place in UTF-8."""
    return None if text is None else redaction.storable(text)


def is_free(generation: Generation) -> bool:
    """Whether it is certain that nothing was charged for it."""
    error = generation.error
    return generation.state is State.FAILED and error is not None and error.charged is Charged.NO


def generation(row: sqlite3.Row) -> Generation:
    """Rebuild a task from its row. The path of its original is not known here.

    Raises:
        LedgerError: what stands in the row cannot be read.
    """
    try:
        fields = {name: row[name] for name in row.keys() if name not in _OURS}  # noqa: SIM118
        record, error = json.loads(fields.pop("request")), fields.pop("error")
        for money in ("credits", "reserved"):
            fields[money] = plausible(fields[money])
        return Generation(
            GenerationRequest.from_record(record),
            State(fields.pop("state")),
            error=errors.from_record(json.loads(error)) if error else None,
            **fields,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as failure:
        why = f"{type(failure).__name__} in row {row['id']}"
        raise LedgerError("The ledger holds what cannot be read", why=why) from None


def rank(task: Generation) -> int | None:
    """Return how good an answer an earlier try is, 0 the best; None if it is none at all."""
    fits = (
        task.ok,
        task.state.is_open,
        task.state is State.SUCCESS and bool(task.task_id),  # its file is gone: fetch it again
        task.state in (State.UNKNOWN, State.SENT),
        task.state is State.PLANNED,
    )
    return fits.index(True) if any(fits) else None


def best(tries: Iterable[Generation]) -> Generation | None:
    """Return the best of the tries of one request, None where none answers it.

    Of equally good ones it is the first.
    """
    ranks = [(place, task) for task in tries if (place := rank(task)) is not None]
    place, task = min(ranks, key=lambda pair: pair[0], default=(None, None))
    return None if place == RANK_PLANNED else task


def insert(connection: sqlite3.Connection, columns: dict[str, Any]) -> int:
    """Insert a task and return its number."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    cursor = connection.execute(
        f"INSERT INTO tasks ({names}) VALUES ({marks})", tuple(columns.values())
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def update(connection: sqlite3.Connection, number: int, columns: Mapping[str, Any]) -> None:
    """Set columns of one row."""
    assignments = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE tasks SET {assignments} WHERE id = ?", (*columns.values(), number))


def listed(states: Iterable[State]) -> str:
    """Return states as a list in SQL."""
    return ", ".join(f"'{state}'" for state in states)
