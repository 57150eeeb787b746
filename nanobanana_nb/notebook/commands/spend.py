"""What was spent, as a table: by day, notebook and model, and how near the ceilings are."""

from __future__ import annotations

import time
from pathlib import Path

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Spending, Spent, Total
from nanobanana_nb.model.result import SIMULATOR
from nanobanana_nb.settings import origin
from nanobanana_nb.settings.record import Settings
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.report import Report

MOST_ROWS = 200
HEADERS = ("day", "notebook", "model", "tasks", "credits", "of these not certain")


def spend(ledger: Ledger, settings: Settings) -> Report:
    """Return the table, newest day first, and under it the sums that the ceilings are for."""
    rows = ledger.spending.rows()
    if not rows:
        return Report.line("Nothing was spent so far.")
    table = [_row(one) for one in rows[:MOST_ROWS]]
    return Report.table(HEADERS, table, " ".join(_notes(rows, ledger.spending, settings)))


def _row(one: Spent) -> list[str]:
    model = one.model + (" (simulator, play money)" if one.provider == SIMULATOR else "")
    unsure = wording.number(one.unsure) if one.unsure else "–"
    notebook = Path(one.notebook).name or "–"
    credits = _sum(Total(one.credits, one.untold))
    return [one.day, notebook, model, f"{one.tasks:,}", credits, unsure]


def _notes(rows: list[Spent], spending: Spending, settings: Settings) -> list[str]:
    now = time.time()
    notes = []
    for provider in sorted({one.provider for one in rows}):
        mine = [one for one in rows if one.provider == provider]
        total = Total(sum(one.credits for one in mine), sum(one.untold for one in mine))
        day = _against(spending.today(provider, now), settings.max_credits_day)
        book = spending.in_notebook(provider, origin.notebook())
        here = _against(book, settings.max_credits_notebook)
        notes.append(f"{provider}: {_in_all(total)}, today {day}, this notebook {here}.")
    if len(rows) > MOST_ROWS:
        notes.append(f"The newest {MOST_ROWS} of {len(rows):,} lines.")
    if any(one.unsure for one in rows):
        notes.append("Not certain: still running, or sent and never answered.")
    if untold := sum(one.untold for one in rows):
        notes.append(f"Nobody told the price of {wording.counted(untold, 'task')}.")
    return notes


def _against(spent: Total, ceiling: float | None) -> str:
    most = "" if ceiling is None else f" of {wording.number(ceiling)}"
    return _sum(spent) + most


def _in_all(spent: Total) -> str:
    if spent.untold and not spent.credits:
        return "credits in all not known"
    return f"{'at least ' if spent.untold else ''}{wording.counted(spent.credits, 'credit')} in all"


def _sum(spent: Total) -> str:
    """Return a sum, and whether it may be more: a task whose price nobody told is not in it."""
    if not spent.untold:
        return wording.number(spent.credits)
    return f"at least {wording.number(spent.credits)}" if spent.credits else "not known"
