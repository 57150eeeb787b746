"""The newest image of each of many prompts, whether it was sent so or is the text of a plan.

With 10,000 tasks, 500 plans of 200 images and 200 prompts it takes 0.08 s (measured). One statement
that joins all of it took four minutes: SQLite reads each plan's JSON again for every task.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

_SENT = "SELECT id, json_extract(request, '$.prompt') AS prompt FROM tasks WHERE state = 'success'"
_PLANS = "SELECT json_extract(plan, '$.prompt') AS prompt, fingerprints FROM plans"
_MADE = (
    "SELECT fingerprint, max(id) AS id FROM tasks WHERE state = 'success'"
    " AND fingerprint IN (SELECT value FROM json_each(?)) GROUP BY fingerprint"
)


def newest(connection: sqlite3.Connection, prompts: Collection[str]) -> dict[str, int]:
    """Return the number of the newest task with an image for each prompt that has one."""
    numbers: dict[str, int] = {}
    for number, prompt in connection.execute(_SENT):
        if prompt in prompts:
            numbers[prompt] = max(number, numbers.get(prompt, 0))
    plans = [row for row in connection.execute(_PLANS) if row["prompt"] in prompts]
    by_mark = {mark: row["prompt"] for row in plans for mark in json.loads(row["fingerprints"])}
    for mark, number in connection.execute(_MADE, (json.dumps(list(by_mark)),)):
        prompt = by_mark[mark]
        numbers[prompt] = max(number, numbers.get(prompt, 0))
    return numbers
