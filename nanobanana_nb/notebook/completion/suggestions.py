"""What Tab offers at a position of a cell's text."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.notebook.commands import access
from nanobanana_nb.notebook.completion.command_words import command_words
from nanobanana_nb.notebook.completion.cursor import cursor_in
from nanobanana_nb.notebook.completion.option_values import option_line
from nanobanana_nb.notebook.completion.prompt_text import prompt_text
from nanobanana_nb.notebook.completion.suggestion import Suggestion
from nanobanana_nb.notebook.magic.namespace import variables


def suggestions(shell: Any, code: str, position: int) -> list[Suggestion] | None:
    """Return what may stand at a position, None where it is in no magic of ours.

    Raises:
        NanobananaError: the settings or the ledger cannot be read.
    """
    cursor = cursor_in(code, position)
    if cursor is None:
        return None
    if cursor.part == "command":
        return command_words(cursor)
    space, model = variables(shell), access.settings().model
    if cursor.part == "options":
        return option_line(cursor, space, model)
    return prompt_text(cursor, space, model)
