"""The service's name for a task: what may be one, and where in an answer it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nanobanana_nb.errors import UnexpectedAnswerError

LONGEST_ID = 512  # characters: a longer one fits into no address, so no task is found by it


def task_id_of(value: Any) -> str:
    """Return a task's id, of any shape.

    Raises:
        UnexpectedAnswerError: no task can be asked for by it.
    """
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise UnexpectedAnswerError("The service accepted a task and did not name it")
    if len(str(value)) > LONGEST_ID:
        why = f"its id has {len(str(value)):,} characters, and no task can be asked for by it"
        raise UnexpectedAnswerError("The service gave the task an odd name", why=why)
    return str(value)


def id_in(value: Any) -> str | None:
    """Return a task's id, None where it is none."""
    try:
        return task_id_of(value)
    except UnexpectedAnswerError:
        return None


def named_task(body: Any, *, bare: bool = True) -> Any:
    """Return what an answer has in the place of a task's id, None for nothing.

    The contract's place is `task_id` in `data`; other spellings and places are taken too, since
    a task that is not followed is paid and lost.

    Args:
        bare: `data` itself may be the id.
    """
    data = body.get("data") if isinstance(body, Mapping) else None
    data = data[0] if isinstance(data, list) and len(data) == 1 else data
    for record in (data, body):
        if isinstance(record, Mapping):
            for name, value in record.items():
                is_id = name.replace("_", "").replace("-", "").lower() == "taskid"
                if is_id and value not in (None, ""):
                    return value
    return data if bare and isinstance(data, str) and _is_like_an_id(data) else None


def _is_like_an_id(text: str) -> bool:
    """Whether a text that nothing calls an id may be one, and no message or link."""
    return text.isprintable() and any(map(str.isdigit, text)) and not set(text) & set(" /:<>{}")
