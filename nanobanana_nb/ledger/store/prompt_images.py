"""The newest image of each of many prompts, whether it was sent so or is the text of a plan."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

_NEWEST = """
WITH wanted AS (SELECT value AS prompt FROM json_each(?)),
asked AS (
    SELECT json_extract(request, '$.prompt') AS prompt, id FROM tasks WHERE state = 'success'
    UNION ALL
    SELECT run.prompt, tasks.id
    FROM (SELECT json_extract(plan, '$.prompt') AS prompt, fingerprints FROM plans) AS run
    JOIN json_each(run.fingerprints) AS part
    JOIN tasks ON tasks.fingerprint = part.value AND tasks.state = 'success'
    WHERE run.prompt IN (SELECT prompt FROM wanted)
)
SELECT prompt, max(id) AS id FROM asked
WHERE prompt IN (SELECT prompt FROM wanted) GROUP BY prompt
"""


def newest(connection: sqlite3.Connection, prompts: Iterable[str]) -> dict[str, int]:
    """Return the number of the newest task with an image for each prompt that has one."""
    rows = connection.execute(_NEWEST, (json.dumps(list(prompts)),)).fetchall()
    return {row["prompt"]: row["id"] for row in rows}
