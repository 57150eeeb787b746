"""Lines that are shown unasked: what earlier runs left behind, and variables that set nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.settings import config

if TYPE_CHECKING:
    from nanobanana_nb.model.result import Generation

MOST_NUMBERS = 5


def show_stray_settings() -> None:
    """Show, once in a kernel, each variable that looks like a setting and is none.

    A limit that is misspelt is no limit.
    """
    for line in config.new_unknown_variables():
        show(line)


def show_left_over() -> None:
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
        show(line)


def show(line: str) -> None:
    """Show a sentence under the cell that runs."""
    from IPython.display import display

    from nanobanana_nb.show.html.report import Report

    display(Report.line(line))


def left_over(waiting: Sequence[Generation], unknown: Sequence[Generation]) -> str:
    """Return the line: what waits, what is unknown, and the commands for both."""
    fetches = "`%nanobanana resume` fetches without paying again."
    parts = (f"{_waiting_text(waiting)}: {fetches}" if waiting else "", _unknown_text(unknown))
    return " ".join(part for part in parts if part)


def nothing_to_fetch(elsewhere: Sequence[Generation], unknown: Sequence[Generation]) -> str:
    """Return why `resume` has nothing to do, and what is left that it cannot do."""
    if elsewhere:
        which = "set NANOBANANA_PROVIDER to that, then resume."
        first = f"Nothing to resume here. {_waiting_text(elsewhere)}: {which}"
    else:
        first = "Nothing to resume: every paid task is here, or a run follows it."
    return f"{first} {_unknown_text(unknown)}".strip()


def _waiting_text(waiting: Sequence[Generation]) -> str:
    by_provider = Counter(generation.request.provider for generation in waiting)
    names = ", ".join(f"{count} {name}" for name, count in sorted(by_provider.items()))
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"{_tasks(len(waiting), 'paid task')} {verb} ({names})"


def _unknown_text(unknown: Sequence[Generation]) -> str:
    if not unknown:
        return ""
    verb = "is" if len(unknown) == 1 else "are"
    numbers = [str(generation.id) for generation in unknown[:MOST_NUMBERS]]
    listing = ", ".join(numbers + ["…"] * (len(unknown) > MOST_NUMBERS))
    shows = f"`%nanobanana show {numbers[0]}` says what to decide."
    return f"{_tasks(len(unknown), 'task')} {verb} unknown ({listing}): {shows}"


def _tasks(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
