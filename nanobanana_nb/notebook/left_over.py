"""One line at `%load_ext` about what earlier runs left behind, if they did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nanobanana_nb import config
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.result import Generation


def tell_left_over() -> None:
    """Show how many tasks wait to be fetched and how many are unknown; nothing if none."""
    try:
        settings = config.load(None, config.CONFIGURED).settings
        # Most kernels start with an empty ledger or none: they need not load its parts.
        if not (settings.home / "ledger.sqlite").exists():
            return
        from nanobanana_nb.ledger.ledger import Ledger

        ledger = Ledger(settings.home)
        ledger.claims.recover()
        line = left_over(ledger.waiting(), ledger.unknown())
    except NanobananaError as error:  # raised again by the first cell that needs it
        line = str(error)
    except OSError as error:  # the home folder cannot even be looked at
        line = f"The home folder cannot be used: {error.strerror}."
    if line:
        from IPython.display import display

        from nanobanana_nb.notebook.report import Report

        display(Report.line(line))


def left_over(waiting: Sequence[Generation], unknown: Sequence[Generation]) -> str:
    """Return the line: what waits, what is unknown, and the commands for both."""
    parts = []
    if waiting:
        by_provider = Counter(one.request.provider for one in waiting)
        names = ", ".join(f"{count} {name}" for name, count in sorted(by_provider.items()))
        verb = "waits" if len(waiting) == 1 else "wait"
        what = _tasks(len(waiting), "paid task")
        parts.append(f"{what} {verb} ({names}): `%nanobanana resume` fetches without paying again.")
    if unknown:
        verb = "is" if len(unknown) == 1 else "are"
        what = _tasks(len(unknown), "task")
        parts.append(f"{what} {verb} unknown: `%nanobanana history` shows which.")
    return " ".join(parts)


def _tasks(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
