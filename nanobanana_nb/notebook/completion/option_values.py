"""What may stand behind an option of a cell, and where a name in braces may stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.model_choices import choices_of
from nanobanana_nb.model.options import OPTIONS, Option
from nanobanana_nb.model.prompt import placeholders
from nanobanana_nb.model.prompt.variables import has_text, sequence
from nanobanana_nb.notebook.completion import file_paths, library_names
from nanobanana_nb.notebook.completion.cursor import Cursor
from nanobanana_nb.notebook.completion.suggestion import Suggestion, beginning_with

_OPEN_BRACE = re.compile(r"(?<!\{)\{([^\W\d]\w*)?\Z")
_FLAGS = {flag: option for option in OPTIONS.values() for flag in option.flags}
_AXES_BESIDE_PLACES = (*catalog.FAMILY_FIELDS, "model", "image")


def option_line(cursor: Cursor, space: Mapping[str, Any], default_model: str) -> list[Suggestion]:
    """Return what may stand at a place of the option line.

    Args:
        space: the variables of the notebook.
        default_model: the model where the line names none.
    """
    names = placeholder_names(cursor, space)
    words, word = cursor.words, cursor.word
    flag, equals, value = word.partition("=")
    if names or (_OPEN_BRACE.search(word) and not equals):
        return names
    if equals and flag in _FLAGS:
        return _values(_FLAGS[flag], value, cursor, space, default_model)
    before = _FLAGS.get(words[-1]) if words else None
    if before and before.kind != "flag":
        return _values(before, word, cursor, space, default_model)
    return _flags(words, word) if word[:1] in ("", "-") else []


def placeholder_names(cursor: Cursor, space: Mapping[str, Any]) -> list[Suggestion]:
    """Return the variables that a brace which is open at the cursor may name."""
    brace = _OPEN_BRACE.search(cursor.before)
    if brace is None:
        return []
    names = [name for name, value in space.items() if _can_stand_in_prompt(name, value)]
    closing = "" if cursor.after.startswith("}") else "}"
    own = beginning_with(brace[1] or "", sorted(names), "variable")
    return [Suggestion(name.text + closing, name.length, name.kind) for name in own]


def parameter_values(name: str, model: str) -> tuple[Any, ...]:
    """Return the values that a parameter may have, `model` being the one that it is for."""
    if name == "model":
        return tuple(map(catalog.short_name, catalog.MODELS))
    return choices_of(model).get(name, ())


def model_of(cursor: Cursor, default_model: str) -> str:
    """Return the model that an option line names, or the default."""
    model = re.search(r"(?:^|\s)(?:-m|--model)[\s=]+([\w./-]+)", cursor.options)
    return model[1] if model else default_model


def axis_names(cursor: Cursor) -> list[str]:
    """Return the names that an axis of the cell may have: its places, then its parameters."""
    return [*dict.fromkeys((*sorted(placeholders.names(cursor.prompt)), *_AXES_BESIDE_PLACES))]


def _flags(words: Iterable[str], word: str) -> list[Suggestion]:
    """Return the options that go on from a word, without those that may stand once and do."""
    present = {_FLAGS[name].name for w in words if (name := w.partition("=")[0]) in _FLAGS}
    free = [o for o in OPTIONS.values() if o.kind == "texts" or o.name not in present]
    long = [option.flags[-1] for option in free]
    short = [option.flags[0] for option in free if len(option.flags) > 1]
    return beginning_with(word, long if word != "-" else [*short, *long], "option")


def _values(
    option: Option, word: str, cursor: Cursor, space: Mapping[str, Any], default_model: str
) -> list[Suggestion]:
    model = model_of(cursor, default_model)
    match option.name:
        case "model" | "aspect_ratio" | "resolution" | "output_format":
            return beginning_with(word, parameter_values(option.name, model), "value")
        case "provider":
            from nanobanana_nb.api.provider import provider_names

            return beginning_with(word, provider_names(), "value")
        case "images":
            variables = beginning_with(
                word, sorted(filter(_may_be_image(space), space)), "variable"
            )
            return [*variables, *file_paths.paths(word, file_paths.PICTURES)]
        case "data":
            from nanobanana_nb.run.inputs.tables import ENDINGS, holds_records

            tables = sorted(name for name, held in space.items() if holds_records(held))
            files = file_paths.paths(word, ENDINGS)
            return [*beginning_with(word, tables, "variable"), *files]
        case "library":
            return library_names.prompt_names(word)
        case "rows" | "cols":
            return beginning_with(word, _varied_names(cursor), "axis")
        case "out":
            return beginning_with(word, _result_names(space), "variable")
        case "vary":
            return _axis(word, axis_names(cursor), model)
        case "set":
            own = {name for name, other in OPTIONS.items() if other.part == "parameter"}
            return _axis(word, [name for name in choices_of(model) if name not in own], model)
        case _:
            return []


def _axis(word: str, names: Iterable[str], model: str) -> list[Suggestion]:
    """Return how `name=value|value` goes on."""
    name, equals, values = word.lstrip("'\"").partition("=")
    if not equals:
        return beginning_with(name, [f"{name}=" for name in names], "axis")
    value = values.rpartition("|")[2]
    if value.startswith("@"):
        return library_names.list_names(value)
    return beginning_with(value, parameter_values(name, model), "value")


def _varied_names(cursor: Cursor) -> list[str]:
    from nanobanana_nb.model.prompt import template

    lines = [line.name for line in template.parse(cursor.prompt).lines.axes]
    varied = list(re.findall(r"--vary[\s=]+['\"]?(\w+)=", cursor.options))
    return [*dict.fromkeys((*placeholders.names(cursor.prompt), *lines, *varied))]


def _can_stand_in_prompt(name: str, value: Any) -> bool:
    with suppress(InputError):
        return has_text(value) or sequence(name, value) is not None
    return False


def _may_be_image(space: Mapping[str, Any]) -> Callable[[str], bool]:
    return lambda name: not isinstance(space[name], int | float | complex | dict | set)


def _result_names(space: Mapping[str, Any]) -> list[str]:
    return sorted(name for name, value in space.items() if type(value).__name__ == "ImageGrid")
