"""Commands about this kernel: the panel, what was spent, what is set and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
    from nanobanana_nb.notebook.panel import Panel
    from nanobanana_nb.show.html.report import Report


def panel() -> Panel:
    """Return the panel, which shows itself."""
    from nanobanana_nb.notebook.panel import Panel

    return Panel()


def prompts() -> Report:
    """Return the table of the prompts that files name."""
    from nanobanana_nb.library import library
    from nanobanana_nb.notebook.commands.prompt_table import prompt_table

    return prompt_table(access.ledger(), library.contents())


def spend() -> Report:
    """Return the table of what was spent."""
    from nanobanana_nb.notebook.commands.spend import spend_table

    return spend_table(access.ledger(), access.settings())


def doctor() -> Report:
    """Return the table of checks; nothing is created."""
    from nanobanana_nb.notebook.commands.doctor import examine
    from nanobanana_nb.show.html.report import Report

    return Report.table(["what", "state", "detail"], examine())


def config() -> Report:
    """Return the table of settings, and which variables look like one and are none."""
    from nanobanana_nb.settings import config
    from nanobanana_nb.show.html.report import Report

    headers = ["setting", "value", "from", "environment", "what it is"]
    return Report.table(headers, setting_rows(), " ".join(config.unknown_variables()))


def setting_rows() -> list[list[str]]:
    """Return (setting, value, from, environment name, help) for each."""
    from nanobanana_nb.run.runtime import RUNTIME
    from nanobanana_nb.settings import config

    rows = config.rows()
    for row in rows:
        if row[:2] == ["provider", "–"]:
            row[1] = f"not set: {RUNTIME.provider_name(access.settings())} answers"
    return rows
