"""What may be meant otherwise by the values of a plan: refused where it is paid, or else noted."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axis_values import IMAGE, IMAGES, MODEL, Values, written_axes
from nanobanana_nb.model.prompt import ambiguity, placeholders, value_syntax
from nanobanana_nb.model.prompt.template import Template
from nanobanana_nb.text.prompts import likeness

_SHOWN = 60  # characters of a value in an error or a note
_MOST = 120  # characters of values that are spelled out
_MOST_LISTED = 20
_WITH_SIGNS = (IMAGE, IMAGES, MODEL)  # what these name may have a comma or a slash


def check(source: Template, options: Iterable[str], given: Mapping[str, Any]) -> None:
    """Refuse values that may be meant otherwise than they are read.

    Raises:
        InputError: it tells how either meaning is written.
    """
    written = [(line.name, line.written, "{1}") for line in source.lines.axes]
    choices = placeholders.written_choices(source.written) if source.choices else ()
    written += [(name, text, "{1}") for name, text in choices]
    for option in options:
        name, text = value_syntax.parse_option(option)[0], option.partition("=")[2]
        written.append((name, text, "--vary {0}={1}"))
    for name, text, form in written:
        if text and (found := ambiguity.doubt(text)):
            several = len(value_syntax.values(text)) > 1
            _refuse(source, name, text, _action(found, name, form), several=several)
    for name, value in given.items():
        if isinstance(value, str) and _is_several(value):
            meant = _list_of(ambiguity.doubt(value), name, value)
            single = repr([value]) if len(value) <= _MOST else "['a, b']"
            action = f"Write {meant} for several values, {single} for one."
            _refuse(source, name, value, action, several=False)


def _refuse(source: Template, name: str, text: str, action: str, *, several: bool) -> None:
    if name in source.names or name not in _WITH_SIGNS:
        meaning = f"what {name} is" if several else f"whether {name} has one value or several"
        why = "nothing is filled into a value" if placeholders.names(text) else ""
        raise InputError(f"Not clear {meaning}: {_shown(text)}", why=why, action=action)


def _action(found: ambiguity.Doubt, name: str, form: str) -> str:
    """Return how either meaning is written, as examples where the text is long or has none."""
    meant, kept = (each if len(each) <= _MOST else "" for each in (found.meant, found.as_it_stands))
    meant, kept = (_spelled(name, each, form) for each in (meant or "ink | oil", kept or '"a, b"'))
    return f"Write `{meant}` for the values, quotes for what is text: `{kept}`."


def _spelled(name: str, values: str, form: str) -> str:
    """Return values as they are written in their place; of an option with quotes around."""
    text = form.format(name, values)
    option, _, value = text.partition(" ") if form.startswith("--") else ("", "", "")
    return f"{option} {shlex.quote(value)}" if option else text


def _is_several(value: str) -> bool:
    several = len(value_syntax.values(value)) > 1 or value_syntax.is_range(value.strip())
    return several or ambiguity.doubt(value) is not None


def _list_of(found: ambiguity.Doubt | None, name: str, value: str) -> str:
    """Return the values of a text as Python writes them, or an example."""
    text = value if found is None else found.meant
    values = (
        value_syntax.expanded(name, value_syntax.values(text))
        if text and all(value_syntax.values(text))
        else ()
    )
    listed = repr(list(values[: _MOST_LISTED + 1]))
    return listed if 0 < len(values) <= _MOST_LISTED and len(listed) <= _MOST else "['ink', 'oil']"


def _shown(text: str) -> str:
    return text.strip()[:_SHOWN]


def notes(
    source: Template,
    options: Iterable[str],
    varied: Mapping[str, Values],
    space: Mapping[str, Any],
) -> tuple[str, ...]:
    """Return what a person may have meant otherwise, and what is sent as it is."""
    written = dict(written_axes(source, options))
    doubts = [note for name, values in written.items() for note in _of_texts(name, values)]
    for name, values in varied.items():
        doubts += _alike(name, values)
    if formula := [name for name in source.formula if name in {*varied, *space}]:
        listed = ", ".join(f"{{{name}}}" for name in formula)
        filled = f"{{{{{{{formula[0]}}}}}}}"
        doubts.append(f"{listed} is LaTeX and stays as it is: {filled} fills it in")
    return tuple(doubts)


def _of_texts(name: str, values: tuple[str, ...]) -> list[str]:
    """Return what may have been meant otherwise by the values of an axis as they were written."""
    doubts = []
    if places := [value for value in values if placeholders.names(value)]:
        doubts.append(f"{places[0][:_SHOWN]} is text: nothing is filled into a value of {name}")
    return doubts


def _alike(name: str, values: Values) -> list[str]:
    """Return a note for each text that an axis has several times, as far as anybody sees."""
    looks = Counter(likeness(value) for value in values if isinstance(value, str))
    return [
        f"{count} values of {name} look alike and differ: {look[:_SHOWN]}"
        for look, count in looks.items()
        if count > 1
    ]
