"""The newest tasks of the ledger as a table with small pictures."""

from __future__ import annotations

import time
from collections.abc import Sequence

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.report import Report
from nanobanana_nb.show import html, text, tiles

_SMALL = tiles.TileStyle(px=72, most_bytes=4_000)
HEADERS = ("id", "image", "prompt", "model", "state", "credits", "seconds", "when", "task")


def history(generations: Sequence[Generation]) -> Report:
    """Return the table of `generations`, newest first."""
    if not generations:
        return Report.line("The ledger is empty: nothing was asked for yet.")
    rows = [_row(one) for one in generations]
    pictured = [
        [row[0], _picture(one), *row[2:]] for one, row in zip(generations, rows, strict=True)
    ]
    return Report(html.table_html(HEADERS, pictured), text.table_text(HEADERS, rows))


def _picture(one: Generation) -> str:
    return tiles.picture(one, _SMALL, None, "") if one.ok else "–"


def _row(one: Generation) -> list[str]:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.created_at or 0))
    return [
        str(one.id),
        one.path.name if one.path else "–",
        one.request.prompt,
        one.request.model,
        str(one.state),
        _number(one.credits),
        _number(one.seconds),
        when,
        one.task_id or "–",
    ]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}"
