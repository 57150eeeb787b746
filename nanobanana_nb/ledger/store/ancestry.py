"""The numbers of the tasks that a task descends from, and of all that descend from those."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping

_REFERENCES = (
    "SELECT tasks.id AS id, json_extract(image.value, '$.sha256') AS hash"
    " FROM tasks, json_each(tasks.request, '$.images') AS image"
)
_IMAGES = "SELECT id, sha256 AS hash FROM tasks WHERE sha256 IS NOT NULL"
Edges = Mapping[int, Iterable[int]]


def relatives(connection: sqlite3.Connection, number: int) -> set[int]:
    """Return the tasks that descend from the same images as a task, itself among them.

    Those whose image has the same bytes count as one. Two that were only given the same
    picture from outside are no relatives. Reads the whole table.
    """
    makers, users = _by_hash(connection, _IMAGES), _by_hash(connection, _REFERENCES)
    up: dict[int, set[int]] = defaultdict(set)
    down: dict[int, set[int]] = defaultdict(set)
    for sha256, parents in makers.items():
        children = users.get(sha256, set()) - parents
        for parent in parents:
            down[parent] |= children
        for child in children:
            up[child] |= parents
    twins = next((tasks for tasks in makers.values() if number in tasks), {number})
    return _closure(_closure(twins, up), down)


def _by_hash(connection: sqlite3.Connection, query: str) -> dict[str, set[int]]:
    tasks: dict[str, set[int]] = defaultdict(set)
    for row in connection.execute(query):
        if row["hash"]:
            tasks[row["hash"]].add(row["id"])
    return tasks


def _closure(start: set[int], links: Edges) -> set[int]:
    closure, queue = set(start), list(start)
    while queue:
        new = set(links.get(queue.pop(), ())) - closure
        closure |= new
        queue += new
    return closure
