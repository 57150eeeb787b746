"""One line for each variable that looks like a setting and is none: it is told once."""

from __future__ import annotations

from nanobanana_nb.settings import record


def tell_strays() -> None:
    """Show what this kernel was not told yet: a limit that is misspelt is no limit."""
    if lines := record.untold_variables():
        from IPython.display import display

        from nanobanana_nb.show.html.report import Report

        for line in lines:
            display(Report.line(line))
