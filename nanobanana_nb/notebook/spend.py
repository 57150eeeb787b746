"""What was spent, as a table: by day, notebook and model, and how near the ceilings are."""

from __future__ import annotations

import time
from pathlib import Path

from nanobanana_nb.config import Settings
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.spending import Spending, Spent
from nanobanana_nb.model.result import SIMULATOR
from nanobanana_nb.notebook.report import Report
from nanobanana_nb.notebook.whose import notebook_name
from nanobanana_nb.show import wording

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
    return [one.day, notebook, model, f"{one.tasks:,}", wording.number(one.credits), unsure]


def _notes(rows: list[Spent], spending: Spending, settings: Settings) -> list[str]:
    now = time.time()
    notes = []
    for provider in sorted({one.provider for one in rows}):
        total = sum(one.credits for one in rows if one.provider == provider)
        day = _against(spending.today(provider, now), settings.max_credits_day)
        mine = spending.in_notebook(provider, notebook_name())
        here = _against(mine, settings.max_credits_notebook)
        all_days = wording.counted(total, "credit")
        notes.append(f"{provider}: {all_days} in all, today {day}, this notebook {here}.")
    if len(rows) > MOST_ROWS:
        notes.append(f"The newest {MOST_ROWS} of {len(rows):,} lines.")
    if any(one.unsure for one in rows):
        notes.append("Not certain: still running, or sent and never answered.")
    return notes


def _against(spent: float, ceiling: float | None) -> str:
    most = "" if ceiling is None else f" of {wording.number(ceiling)}"
    return wording.number(spent) + most
