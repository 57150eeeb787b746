"""What is refused of a prompt before anything is made of it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from difflib import get_close_matches
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.model.prompt import axis_lines, near_choices, placeholders, stray_lines

_MOST_NAMES = 3
_RAW = OPTIONS["raw"]


def is_clear(body: str) -> bool:
    """Whether `check` lets a prompt pass."""
    try:
        check(body)
    except InputError:
        return False
    return True


def check(body: str) -> None:
    """Refuse a prompt that is plainly meant otherwise than it is read.

    Raises:
        InputError: a choice stands in a choice or is written otherwise, or an axis is in the text.
    """
    if not placeholders.OPENING.isdisjoint(body):
        _check_braces(body)
    if stray := stray_lines.first(body):
        line, where = stray
        what = f"No part of a picture: {line[:80]}"
        raise InputError(what, action=f"{where}; {_RAW.switch} sends the line as words.")
    if line := axis_lines.stray_axis(body):
        raise InputError(
            "An axis would be sent as words of the prompt",
            why=line.strip()[:80],
            action="Axes stand alone at its end, below a line ---, each on a line `name: a | b`; "
            f"{_RAW.switch} sends them as words.",
        )


def _check_braces(body: str) -> None:
    """Refuse a choice that stands in a choice or is written otherwise."""
    if choice := placeholders.first_nested(body):
        raise _unclear(f"A choice cannot stand in another: {choice[:80]}", "{a|b|c} for {a|{b|c}}")
    if spread := near_choices.lone_range(body):
        what = f"Not clear what {spread[0][:80]} is: a range in braces needs a name, and `..`"
        raise _unclear(what, spread[1])
    if choices := placeholders.first_list(body):
        raise _unclear(f"Not clear what {choices[0][:80]} is: a choice has bars", choices[1][:80])
    if choices := near_choices.first(body):
        raise _unclear(f"Not clear what {choices[0][:80]} is: nearly a choice", choices[1][:200])
    if choices := placeholders.first_quotes(body):
        raise InputError(
            f"Not clear whether the quotes are part of the values: {choices[0][:80]}",
            action=f"Write {choices[1][:80]} to send them, or leave them out.",
        )


def _unclear(what: str, right: str) -> InputError:
    action = f"Write {right}, or {_RAW.switch} for a prompt that is taken as it is."
    return InputError(what, action=action)


def check_formats(body: str, known: Container[str | None]) -> None:
    """Refuse a known name in braces with a format, an index or blanks: it would be sent so.

    Raises:
        InputError: it tells how the name alone is written.
    """
    if place := placeholders.first_format(body, known):
        name, braces = place
        raise InputError(
            f"Not filled in: {braces[:80]}",
            why="a place is { and } around a name alone, without blanks, format or index",
            action=f"Write {{{name}}}, or {_RAW.switch} for a prompt that is taken as it is.",
        )


def check_text(prompt: str) -> None:
    """Refuse a prompt that is sent as it is, and is plainly meant for several images.

    Raises:
        InputError: it has a choice or axis lines.
    """
    _, lines, _ = axis_lines.split(prompt)
    pair = (
        near_choices.lone_range(prompt)
        or placeholders.first_list(prompt)
        or near_choices.first(prompt)
    )
    text = (
        placeholders.first_nested(prompt)
        or placeholders.first_choice(prompt)
        or (pair or [""])[0]
        or lines.render().partition("\n")[0]
        or axis_lines.stray_axis(prompt).strip()
        or (stray_lines.first(prompt) or [""])[0]
    )
    if text:
        raise InputError(
            f"Not sent: {text[:80]} would be words of the prompt",
            why="`generate`, `submit` and `edit` take the prompt as it is",
            action="For several images: sweep(...); raw=True sends it as it is.",
        )


def check_names(
    names: tuple[str, ...], values: Mapping[str, Any], where: str = "The prompt"
) -> None:
    """Refuse names that `values` lacks.

    Raises:
        InputError: it lists them, and the nearest that are there.
    """
    missing = [name for name in names if name not in values]
    if not missing:
        return
    near = dict.fromkeys(n for name in missing for n in get_close_matches(name, values, 1))
    hints = [f"did you mean {{{name}}}?" for name in near][:_MOST_NAMES]
    places = ", ".join(f"{{{name}}}" for name in missing)
    plural = "names that are" if len(missing) > 1 else "a name that is"
    it = "them" if len(missing) > 1 else "it"
    raise InputError(
        f"{where} has {plural} not defined: {places}",
        why=" ".join(hints),
        action=f"Define {it}, write {{{{{missing[0]}}}}} for literal braces, or use {_RAW.switch}.",
    )
