"""What may be meant otherwise by the values of a plan: refused where it is paid, or else noted."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axis_values import IMAGE, IMAGES, MODEL, Values, written_axes
from nanobanana_nb.model.prompt import ambiguity, placeholders, value_syntax
from nanobanana_nb.model.prompt.quotes import is_quoted
from nanobanana_nb.model.prompt.template import Template
from nanobanana_nb.text.doors import words
from nanobanana_nb.text.prompts import likeness

_MOST_QUOTED = 60  # characters of a value in an error or a note
_MOST = 120  # characters of values that are spelled out
_MOST_LISTED = 20
_WITH_SIGNS = (IMAGE, IMAGES, MODEL)  # what these name may have a comma or a slash


def check(source: Template, options: Iterable[str], axes: Mapping[str, Any]) -> None:
    """Refuse values that may be meant otherwise than they are read.

    Raises:
        InputError: it tells how either meaning is written.
    """
    texts = [(line.name, line.written, "{1}") for line in source.lines.axes]
    choices = placeholders.written_choices(source.written) if source.choices else ()
    texts += [(name, text, "{1}") for name, text in choices]
    for option in options:
        name, text = value_syntax.parse_option(option)[0], option.partition("=")[2]
        texts.append((name, text, words("--vary {0}={1}", panel="{1}")))
    for name, text, form in texts:
        if text and (doubt := ambiguity.doubt(text)):
            several = len(value_syntax.values(text)) > 1
            _refuse(source, name, text, _action(doubt, name, form), several=several)
    for name, value in axes.items():
        if isinstance(value, str):
            _check_single(source, name, value)


def _check_single(source: Template, name: str, text: str) -> None:
    """Refuse a text as the values of an axis that would be several in a cell."""
    doubt = ambiguity.doubt(text)
    several = len(value_syntax.values(text)) > 1 or _is_several(text)
    if several or doubt is not None:
        single = repr([text]) if len(text) <= _MOST else "['a, b']"
        action = f"Write {_list_of(doubt, name, text)} for several values, {single} for one."
        _refuse(source, name, text, action, several=False)


def _is_several(text: str) -> bool:
    return value_syntax.is_several(value_syntax.literal(text)) and not is_quoted(text)


def _refuse(source: Template, name: str, text: str, action: str, *, several: bool) -> None:
    if name in source.names or name not in _WITH_SIGNS:
        meaning = f"what {name} is" if several else f"whether {name} has one value or several"
        why = "nothing is filled into a value" if placeholders.names(text) else ""
        raise InputError(
            f"Not clear {meaning}: {text.strip()[:_MOST_QUOTED]}", why=why, action=action
        )


def _action(doubt: ambiguity.Doubt, name: str, form: str) -> str:
    """Return how either meaning is written, as examples where the text is long or has none."""
    readings = []
    for values, example in ((doubt.values, "ink | oil"), (doubt.as_it_stands, '"a, b"')):
        text = form.format(name, values if 0 < len(values) <= _MOST else example)
        option, _, value = text.partition(" ") if form.startswith("--") else ("", "", "")
        readings.append(f"{option} {shlex.quote(value)}" if option else text)
    return f"Write `{readings[0]}` for the values, quotes for what is text: `{readings[1]}`."


def _list_of(doubt: ambiguity.Doubt | None, name: str, value: str) -> str:
    """Return the values of a text as Python writes them, or an example."""
    if isinstance(value_syntax.literal(value), value_syntax.ListName):
        return f"prompts.lists[{value.strip()[1:]!r}]"
    text = value if doubt is None else doubt.values
    texts = value_syntax.values(text) if text else ()
    values = value_syntax.expanded(name, texts) if texts and all(texts) else ()
    form = repr(list(values[: _MOST_LISTED + 1]))
    return form if 0 < len(values) <= _MOST_LISTED and len(form) <= _MOST else "['ink', 'oil']"


def notes(
    source: Template,
    options: Iterable[str],
    varied: Mapping[str, Values],
    space: Mapping[str, Any],
) -> tuple[str, ...]:
    """Return what a person may have meant otherwise, and what is sent as it is."""
    doubts = []
    for name, texts in dict(written_axes(source, options)).items():
        if places := [text for text in texts if placeholders.names(text)]:
            place = places[0][:_MOST_QUOTED]
            doubts.append(f"{place} is text: nothing is filled into a value of {name}")
    for name, values in varied.items():
        doubts += _alike(name, values)
    if formula := [name for name in source.formula if name in {*varied, *space}]:
        names = ", ".join(f"{{{name}}}" for name in formula)
        braces = f"{{{{{{{formula[0]}}}}}}}"
        doubts.append(f"{names} is LaTeX and stays as it is: {braces} fills it in")
    return tuple(doubts)


def _alike(name: str, values: Values) -> list[str]:
    """Return a note for each text that an axis has several times, as far as anybody sees."""
    looks = Counter(likeness(value) for value in values if isinstance(value, str))
    return [
        f"{count} values of {name} look alike and differ: {look[:_MOST_QUOTED]}"
        for look, count in looks.items()
        if count > 1
    ]
