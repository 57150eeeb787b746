"""The numbers of the tasks that a task descends from, and of all that descend from those."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping

_MADE_FROM = (
    "SELECT tasks.id AS id, json_extract(image.value, '$.sha256') AS hash"
    " FROM tasks, json_each(tasks.request, '$.images') AS image"
)
_MADE = "SELECT id, sha256 AS hash FROM tasks WHERE sha256 IS NOT NULL"
Links = Mapping[int, Iterable[int]]


def relatives(connection: sqlite3.Connection, number: int) -> set[int]:
    """Return the tasks that descend from the same images as a task, itself among them.

    Those whose image has the same bytes count as one. Two that were only given the same
    picture from outside are no relatives. Reads the whole table.
    """
    makers, users = _by_hash(connection, _MADE), _by_hash(connection, _MADE_FROM)
    up: dict[int, set[int]] = defaultdict(set)
    down: dict[int, set[int]] = defaultdict(set)
    for known, made in makers.items():
        for maker in made:
            down[maker] |= users.get(known, set()) - made
        for user in users.get(known, set()) - made:
            up[user] |= made
    twins = next((made for made in makers.values() if number in made), {number})
    return _reached(_reached(twins, up), down)


def _by_hash(connection: sqlite3.Connection, query: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for row in connection.execute(query):
        if row["hash"]:
            found[row["hash"]].add(row["id"])
    return found


def _reached(start: set[int], links: Links) -> set[int]:
    found, left = set(start), list(start)
    while left:
        new = set(links.get(left.pop(), ())) - found
        found |= new
        left += new
    return found
