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
_RESERVED = "CASE WHEN state = 'planned' OR ? THEN 0 ELSE reserved END"
_OWNER = "CASE WHEN owner IS NULL OR owner = ? THEN ? ELSE owner END"


class LateAnswerWarning(UserWarning):
    """The service answered for a task that was given up: it was paid, and is open again."""


@contextmanager
def writing(database: Database, memory: Memory) -> Iterator[sqlite3.Connection]:
    """Run the block in a transaction that first writes what could not be written before."""
    with database.write() as connection:
        backlog = dict(memory.unwritten)  # not before: what waits for its turn would be old by then
        messages = _write_all(connection, backlog, memory)
        yield connection
    for number, task in backlog.items():
        if memory.unwritten.get(number) is task:
            del memory.unwritten[number]
    for message in messages:
        warnings.warn(message, LateAnswerWarning, stacklevel=4)


def _write_all(
    connection: sqlite3.Connection, backlog: Mapping[int, Generation], memory: Memory
) -> list[str]:
    """Write them, and return the messages about answers that came late."""
    messages = []
    for task in backlog.values():
        number = _row_of(connection, task)
        if number is None or task.state not in _FROM:
            continue
        unheard = f"SELECT 1 FROM tasks WHERE id = ? AND {_CLOSED_UNHEARD}"
        late = task.task_id is not None and connection.execute(unheard, (number,)).fetchone()
        forward = _step_forward(connection, number, task, number in memory.held)
        if forward and late:
            messages.append(
                f"Task {number} was given up, and the service has it after all: {task.task_id}."
                " It is open again, and its image is fetched at no further cost."
            )
        if not forward and task.task_id:
            connection.execute(
                "UPDATE tasks SET task_id = ? WHERE id = ? AND task_id IS NULL",
                (rows.storable(task.task_id), number),
            )
    return messages


def _step_forward(
    connection: sqlite3.Connection, number: int, task: Generation, held: bool
) -> bool:
    """Write a task into its row if that is a step forward, and say whether it was."""
    claimant = this_process().id
    columns = rows.changing_columns(task)
    forms = {name: f"{name} = COALESCE(?, {name})" for name in columns}
    forms |= {name: f"{name} = ?" for name in _REPLACED}
    forms["task_id"] = "task_id = COALESCE(task_id, ?)"
    assignments, values = list(forms.values()), list(columns.values())
    if task.state in rows.OPEN:
        owner = claimant if held and task.state in rows.HELD else None
        assignments.append(f"owner = {_OWNER}")
        values += claimant, owner
    else:
        assignments.append("owner = NULL")
    if task.state is State.FAILED:
        assignments.append(f"reserved = {_RESERVED}")
        values.append(rows.is_free(task))
    values.append(number)
    if task.task_id is not None:
        where = f"id = ? AND (({_FROM[task.state]}) OR ({_CLOSED_UNHEARD}))"
    else:
        where = f"id = ? AND {_FROM[task.state]} AND sent_at IS ? AND (owner IS NULL OR owner = ?)"
        values += task.sent_at, claimant
    query = f"UPDATE tasks SET {', '.join(assignments)} WHERE {where}"
    return connection.execute(query, values).rowcount > 0


def _row_of(connection: sqlite3.Connection, task: Generation) -> int | None:
    """Return the number of a task's row, which is made anew for an id that is in no row.

    A row of its number may be about another task: numbers begin anew where a ledger was deleted.
    """
    request, task_id = task.request, rows.storable(task.task_id)
    row = connection.execute("SELECT * FROM tasks WHERE id = ?", (task.id,)).fetchone()
    if row is not None and (not task_id or row["task_id"] in (None, "", task_id)):
        unreadable = request.private and not request.prompt
        if unreadable or row["fingerprint"] == request.fingerprint():
            return task.id
    if task_id is None:
        return None
    twin = connection.execute(
        "SELECT id FROM tasks WHERE task_id = ? AND provider = ?", (task_id, request.provider)
    ).fetchone()
    if twin is not None:
        return int(twin["id"])
    columns = {**rows.request_columns(request), "state": State.SENT, "sent_at": task.sent_at}
    created_at = task.created_at or task.sent_at or 0.0
    number = task.id if row is None else None
    return rows.insert(connection, {**columns, "id": number, "created_at": created_at})
