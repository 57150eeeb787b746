"""What may stand at a place of a cell's prompt: names in braces, and axes below the rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nanobanana_nb.model.prompt.axis_lines import RULE
from nanobanana_nb.notebook.completion.cursor import Cursor
from nanobanana_nb.notebook.completion.library_names import list_names, lists_in_braces
from nanobanana_nb.notebook.completion.option_values import (
    axis_names,
    model_of,
    parameter_values,
    placeholder_names,
)
from nanobanana_nb.notebook.completion.suggestion import Suggestion, beginning_with

_NAME = re.compile(r"[\w-]*")
_VALUES = re.compile(r"([\w-]+)[ \t]*:[ \t]*(?:.*\|[ \t]*)?([^|]*)")


def prompt_text(cursor: Cursor, space: Mapping[str, Any], default_model: str) -> list[Suggestion]:
    """Return what may stand at a place of the prompt; words of a prompt are a person's own."""
    lines = cursor.before.split("\n")
    if RULE not in map(str.rstrip, lines[:-1]):
        return lists_in_braces(cursor.before) or placeholder_names(cursor, space)
    line = lines[-1]
    if _NAME.fullmatch(line):
        names = [f"{name}: " for name in (*axis_names(cursor), "zip")]
        return beginning_with(line, names, "axis")
    if values := _VALUES.fullmatch(line):
        name, model = values[1].replace("-", "_"), model_of(cursor, default_model)
        if values[2].startswith("@"):
            return list_names(values[2])
        return beginning_with(values[2], parameter_values(name, model), "value")
    return []
