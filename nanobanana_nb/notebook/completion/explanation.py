"""What Shift-Tab says of an option, a command or a name in braces."""

from __future__ import annotations

import re
from typing import Any

from nanobanana_nb.model.options import OPTIONS, Option
from nanobanana_nb.notebook.commands import access
from nanobanana_nb.notebook.commands.registry import COMMANDS
from nanobanana_nb.notebook.completion.cursor import Cursor, cursor_in
from nanobanana_nb.notebook.completion.library_names import explanation_of
from nanobanana_nb.notebook.completion.option_values import model_of, parameter_values
from nanobanana_nb.notebook.magic.namespace import variables
from nanobanana_nb.text.terminal import cut

_MOST = 1_000  # signs of a variable's value
_NAME = re.compile(r"\{([^\W\d]\w*)\Z")
_FLAGS = {flag: option for option in OPTIONS.values() for flag in option.flags}


def explanation(shell: Any, code: str, position: int) -> str:
    """Return what is known of what stands at a position; nothing where that is no word of ours.

    Raises:
        NanobananaError: the settings cannot be read.
    """
    cursor = cursor_in(code, position)
    if cursor is None:
        return ""
    if cursor.part == "command":
        command = COMMANDS.get((cursor.words or [cursor.whole_word])[0])
        return command.help.strip() if command else ""
    name = _NAME.search(cursor.before + re.split(r"\W", cursor.after, maxsplit=1)[0])
    if name and name[1] in (space := variables(shell)):
        return f"{name[1]} = {cut(repr(space[name[1]]), _MOST)}"
    option = _option_at(cursor)
    word = cursor.before + re.split(r"[^\w-]", cursor.after, maxsplit=1)[0]
    if text := explanation_of(option.name if option else "", re.split(r"[\s=]", word)[-1]):
        return text
    return _of_option(option, cursor) if option else ""


def _option_at(cursor: Cursor) -> Option | None:
    """Return the option in or around the cursor, or the one whose value that is."""
    if cursor.part != "options":
        return None
    own = _FLAGS.get(cursor.whole_word.partition("=")[0])
    before = _FLAGS.get(cursor.words[-1]) if cursor.words else None
    return own or (before if before and before.kind != "flag" else None)


def _of_option(option: Option, cursor: Cursor) -> str:
    usage = f"{', '.join(option.flags)} {option.metavar}".rstrip()
    model = model_of(cursor, access.settings().model)
    values = ", ".join(map(str, parameter_values(option.name, model)))
    lines = [usage, f"{option.does.replace('`', '')}."]
    if option.part == "parameter":
        name = model.removeprefix("google/")
        lines.append(f"{name} takes {values}." if values else f"{name} does not take it.")
    elif values:
        lines.append(f"Known are {values}.")
    return "\n".join(lines)
