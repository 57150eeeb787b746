"""What may be meant otherwise by the values of a plan: refused where it is paid, or else noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import braces, vary
from nanobanana_nb.model.template import Template
from nanobanana_nb.model.texts import likeness
from nanobanana_nb.model.varying import IMAGE, IMAGES, MODEL, Values, written_axes

_SHOWN = 60  # characters of a value in an error or a note
_WITH_SIGNS = (IMAGE, IMAGES, MODEL)  # what these name may have a comma or a slash


def check(source: Template, options: Iterable[str], given: Mapping[str, Any]) -> None:
    """Refuse one value that may be meant as several.

    Raises:
        InputError: it tells how several are written, and how one is.
    """
    written = {line.name: line.written for line in source.lines.axes}
    written |= {vary.parse_option(option)[0]: option.partition("=")[2] for option in options}
    for name, text in written.items():
        if vary.may_be_several(text):
            action = f'Write `ink | oil` for two values, quotes for one: `"{_shown(text)}"`.'
            _refuse(source, name, text, action)
    for name, value in given.items():
        if isinstance(value, str) and (vary.may_be_several(value) or len(vary.values(value)) > 1):
            action = f"Write ['ink', 'oil'] for two values, [{_shown(value)!r}] for one."
            _refuse(source, name, value, action)


def _refuse(source: Template, name: str, text: str, action: str) -> None:
    if name in source.names or name not in _WITH_SIGNS:
        what = f"Not clear whether {name} has one value or several: {_shown(text)}"
        raise InputError(what, action=action)


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
    if remarks := [value for value in values if " # " in value]:
        doubts.append(f"{remarks[0][:_SHOWN]} is a value of {name}: no comment stands behind it")
    if places := [value for value in values if braces.names(value)]:
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
