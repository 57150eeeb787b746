"""What was spent, as a table: by day, notebook and model, and how near the ceilings are."""

from __future__ import annotations

import time
from pathlib import Path

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Spending, Spent, Total
from nanobanana_nb.model.catalog import PREFIX
from nanobanana_nb.model.cost import money
from nanobanana_nb.model.result import SIMULATOR
from nanobanana_nb.settings import origin
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.report import Report

MOST_ROWS = 200
HEADERS = ("day", "notebook", "model", "tasks", "credits")
NOT_CERTAIN = "of these not certain"  # a column that is there where something is


def spend_table(ledger: Ledger, settings: Settings, here: str | None = None) -> Report:
    """Return the table, newest day first, and under it the sums that the ceilings are for.

    Args:
        here: the notebook that this is; found out if it is not given.
    """
    rows = ledger.spending.rows()
    if not rows:
        return Report.line("Nothing was spent so far.")
    some = rows[:MOST_ROWS]
    headers, table = list(HEADERS), [_row(spent) for spent in some]
    if any(spent.unsure for spent in some):
        headers.append(NOT_CERTAIN)
        for row, spent in zip(table, some, strict=True):
            row.append(wording.number(spent.unsure) if spent.unsure else "–")
    return Report.table(headers, table, " ".join(_notes(rows, ledger.spending, settings, here)))


def _row(spent: Spent) -> list[str]:
    model = spent.model.removeprefix(PREFIX) + (
        " (simulator, play money)" if spent.provider == SIMULATOR else ""
    )
    notebook = Path(spent.notebook).name or "–"
    credits = _sum(Total(spent.credits, spent.untold)) + money(spent.credits, spent.provider)
    return [spent.day, notebook, model, f"{spent.tasks:,}", credits]


def _notes(
    rows: list[Spent], spending: Spending, settings: Settings, here: str | None
) -> list[str]:
    now = time.time()
    notes = []
    for provider in sorted({spent.provider for spent in rows}):
        share = [spent for spent in rows if spent.provider == provider]
        total = Total(sum(spent.credits for spent in share), sum(spent.untold for spent in share))
        day = _against(spending.today(provider, now), settings.max_credits_day)
        book = spending.in_notebook(provider, here or origin.notebook())
        of_book = _against(book, settings.max_credits_notebook)
        credits = wording.cost(total.credits, provider) + " in all"
        if total.untold:
            credits = f"at least {credits}" if total.credits else "credits in all not known"
        notes.append(f"{provider}: {credits}, today {day}, this notebook {of_book}.")
    if len(rows) > MOST_ROWS:
        notes.append(f"The newest {MOST_ROWS} of {len(rows):,} lines.")
    if any(spent.unsure for spent in rows):
        notes.append("Not certain: still running, or sent and never answered.")
    if untold := sum(spent.untold for spent in rows):
        notes.append(f"Nobody told the price of {wording.counted(untold, 'task')}.")
    return notes


def _against(spent: Total, ceiling: float | None) -> str:
    most = "" if ceiling is None else f" of {wording.number(ceiling)}"
    return _sum(spent) + most


def _sum(spent: Total) -> str:
    """Return a sum, and whether it may be more: a task whose price nobody told is not in it."""
    if not spent.untold:
        return wording.number(spent.credits)
    return f"at least {wording.number(spent.credits)}" if spent.credits else "not known"
