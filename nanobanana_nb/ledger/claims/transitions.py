"""How what is new about a task gets into its row: forward only, and no accepted id is lost.

A writer may come late: another process took its row over meanwhile, or the database was set
aside and made anew. What carries the service's id is then still written. What does not must be
about the very send that the row stands for.

A task that failed without an id was closed by a person, or for want of an answer. An id that
comes after all proves that the service took it: it is paid, so the row opens again and its
image can be fetched. A final state that rests on the service's own word stays for good.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nanobanana_nb.ledger.claims.pending_writes import Memory
from nanobanana_nb.ledger.claims.processes import this_process
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.model.result import Generation, State

_UNSETTLED = f"state NOT IN ({rows.listed(rows.SETTLED)})"
_FROM = {  # from where a row gets to a state; `planned` and `sent` are for claims alone
    State.UNKNOWN: f"state IN ({rows.listed((*rows.UNSENT, State.UNKNOWN))}) AND task_id IS NULL",
    **dict.fromkeys(rows.OPEN, _UNSETTLED),
    State.FAILED: _UNSETTLED,
    State.SUCCESS: f"state <> '{State.FAILED}'",  # again, where its file was lost
}
_CLOSED_UNHEARD = f"state = '{State.FAILED}' AND task_id IS NULL"
_REPLACED = ("state", "error")  # every other column keeps what is known
_FREED = "CASE WHEN state = 'planned' OR ? THEN 0 ELSE reserved END"
_KEPT_OWNER = "CASE WHEN owner IS NULL OR owner = ? THEN ? ELSE owner END"


class LateAnswerWarning(UserWarning):
    """The service answered for a task that was given up: it was paid, and is open again."""


@contextmanager
def writing(database: Database, memory: Memory) -> Iterator[sqlite3.Connection]:
    """Run the block in a transaction that first writes what could not be written before."""
    waiting = dict(memory.unwritten)
    with database.write() as connection:
        late = _write_all(connection, waiting, memory)
        yield connection
    for number, one in waiting.items():
        if memory.unwritten.get(number) is one:
            del memory.unwritten[number]
    for message in late:
        warnings.warn(message, LateAnswerWarning, stacklevel=4)


def _write_all(
    connection: sqlite3.Connection, waiting: Mapping[int, Generation], memory: Memory
) -> list[str]:
    """Write them, and return what is to be told of answers that came late."""
    told = []
    for one in waiting.values():
        number = _row_of(connection, one)
        if number is None or one.state not in _FROM:
            continue
        late = one.task_id is not None and _is_closed_unheard(connection, number)
        moved = _move_on(connection, number, one, number in memory.held)
        if moved and late:
            told.append(_late(number, one))
        if not moved and one.task_id:
            connection.execute(
                "UPDATE tasks SET task_id = ? WHERE id = ? AND task_id IS NULL",
                (rows.storable(one.task_id), number),
            )
    return told


def _is_closed_unheard(connection: sqlite3.Connection, number: int) -> bool:
    query = f"SELECT 1 FROM tasks WHERE id = ? AND {_CLOSED_UNHEARD}"
    return connection.execute(query, (number,)).fetchone() is not None


def _late(number: int, one: Generation) -> str:
    return (
        f"Task {number} was given up, and the service has it after all: {one.task_id}."
        " It is open again, and its image is fetched at no further cost."
    )


def _move_on(connection: sqlite3.Connection, number: int, one: Generation, held: bool) -> bool:
    """Write a task into its row if that is a step forward, and say whether it was."""
    me = this_process().id
    assignments, values = _assignments(one)
    if one.state in rows.OPEN:
        owner = me if held and one.state in rows.HELD else None
        assignments, values = [*assignments, f"owner = {_KEPT_OWNER}"], [*values, me, owner]
    else:
        assignments = [*assignments, "owner = NULL"]
    if one.state is State.FAILED:
        assignments, values = [*assignments, f"reserved = {_FREED}"], [*values, rows.is_free(one)]
    where, also = _step_forward(number, one)
    done = connection.execute(
        f"UPDATE tasks SET {', '.join(assignments)} WHERE {where}", (*values, *also)
    )
    return done.rowcount > 0


def _step_forward(number: int, one: Generation) -> tuple[str, list[Any]]:
    """Return where a row is in a state from which this is a step forward."""
    if one.task_id is not None:
        return f"id = ? AND (({_FROM[one.state]}) OR ({_CLOSED_UNHEARD}))", [number]
    where = f"id = ? AND {_FROM[one.state]} AND sent_at IS ? AND (owner IS NULL OR owner = ?)"
    return where, [number, one.sent_at, this_process().id]


def _assignments(one: Generation) -> tuple[list[str], list[Any]]:
    columns = rows.changing_columns(one)
    forms = {name: f"{name} = COALESCE(?, {name})" for name in columns}
    forms.update({name: f"{name} = ?" for name in _REPLACED})
    forms["task_id"] = "task_id = COALESCE(task_id, ?)"
    return [forms[name] for name in columns], list(columns.values())


def _row_of(connection: sqlite3.Connection, one: Generation) -> int | None:
    """Return the number of a task's row, which is made anew for an id that is in no row."""
    row = connection.execute("SELECT * FROM tasks WHERE id = ?", (one.id,)).fetchone()
    if row is not None and _is_of(row, one):
        return one.id
    if one.task_id is None:
        return None
    task_id, provider = rows.storable(one.task_id), one.request.provider
    for found in connection.execute(
        "SELECT id FROM tasks WHERE task_id = ? AND provider = ?", (task_id, provider)
    ):
        return int(found["id"])
    columns = {**rows.request_columns(one.request), "state": State.SENT, "sent_at": one.sent_at}
    created_at = one.created_at or one.sent_at or 0.0
    number = one.id if row is None else None
    return rows.insert(connection, {**columns, "id": number, "created_at": created_at})


def _is_of(row: sqlite3.Row, one: Generation) -> bool:
    """Whether a row is about this task: numbers begin anew where a ledger was deleted."""
    if one.task_id and row["task_id"] and rows.storable(one.task_id) != row["task_id"]:
        return False
    unreadable = one.request.private and not one.request.prompt
    return unreadable or row["fingerprint"] == one.request.fingerprint()
