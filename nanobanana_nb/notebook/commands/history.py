"""The newest tasks of the ledger as a table with small pictures."""

from __future__ import annotations

import time
from collections.abc import Sequence

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import plain_table, text, tiles, wording
from nanobanana_nb.show.html.report import Report

MOST_ROWS = 100
MOST_BYTES = 180_000  # of pictures in one table
HEADERS = ("id", "image", "prompt", "model", "state", "credits", "seconds", "when", "task")


def history_table(generations: Sequence[Generation], words: str = "") -> Report:
    """Return the table of `generations`, newest first, in less than 400 kB.

    Args:
        words: what was looked for, if something was.
    """
    if not generations and words:
        return Report.line(f"No prompt in the ledger has all of these words: {words}")
    if not generations:
        return Report.line("The ledger is empty: nothing was asked for yet.")
    style = tiles.TileStyle(px=72, most_bytes=min(4_000, MOST_BYTES // len(generations) * 3 // 4))
    rows = [_row(generation) for generation in generations]
    pictures = [
        tiles.picture(generation, style, None, "") if generation.ok else "–"
        for generation in generations
    ]
    html_rows = [[row[0], image, *row[2:]] for row, image in zip(rows, pictures, strict=True)]
    note = f"The newest {MOST_ROWS} at most." if len(rows) == MOST_ROWS else ""
    return Report(
        plain_table.table_html(HEADERS, html_rows, note), text.table_text(HEADERS, rows, note)
    )


def _row(generation: Generation) -> list[str]:
    state = wording.state_word(generation)
    if generation.error is not None and not generation.ok:
        state = f"{state}: {wording.cut(wording.reason(generation), 60)}"
    return [
        str(generation.id),
        generation.sha256[:8] if generation.sha256 else "–",
        wording.cut(generation.request.prompt or wording.PRIVATE, 200),
        wording.cut(generation.request.model, 80),
        state,
        _number(generation.credits),
        _number(generation.seconds),
        time.strftime("%Y-%m-%d %H:%M", time.localtime(generation.created_at or 0)),
        wording.task_text(generation.task_id) or "–",
    ]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}"
