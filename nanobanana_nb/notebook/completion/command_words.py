"""What may stand in a `%nanobanana` line: the commands, and what each is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.commands import access
from nanobanana_nb.notebook.commands.command import Word
from nanobanana_nb.notebook.commands.registry import COMMANDS
from nanobanana_nb.notebook.completion import file_paths
from nanobanana_nb.notebook.completion.cursor import Cursor
from nanobanana_nb.notebook.completion.suggestion import Suggestion, beginning_with
from nanobanana_nb.show.html import wording

_MOST = 50  # grids and images each
_WIDTH = 40  # signs of a prompt, which tells them apart


def command_words(cursor: Cursor) -> list[Suggestion]:
    """Return the commands, or what the one in front of the cursor may be told."""
    words, word = cursor.words, cursor.word
    if not words:
        return beginning_with(word, COMMANDS, "command")
    command = COMMANDS.get(words[0])
    if command is None:
        return []
    if word.startswith("-"):
        switches = [form for w in command.words if w.is_switch for form in w.forms]
        return beginning_with(word, [s for s in switches if s not in words], "option")
    plain = [w for w in command.words if not w.is_switch]
    position = len([w for w in words[1:] if not w.startswith("-")])
    several = plain and plain[-1].nargs == "*"
    if position >= len(plain) and not several:
        return []
    return _values(plain[min(position, len(plain) - 1)], word)


def _values(place: Word, word: str) -> list[Suggestion]:
    if place.names == "files":
        return file_paths.paths(word)
    named = [pair for kind in place.names.split() for pair in _NAMES[kind]()]
    return [
        suggestion
        for name, meaning in named
        for suggestion in beginning_with(word, [name], wording.cut(meaning, _WIDTH))
    ]


def _grids() -> Iterable[tuple[str, str]]:
    plans = access.ledger().plans.recent(_MOST)
    return ((f"g{plan.id}", Plan.from_json(plan.plan).prompt) for plan in plans)


def _images() -> Iterable[tuple[str, str]]:
    return map(_named, access.ledger().recent(_MOST))


def _open_tasks() -> Iterable[tuple[str, str]]:
    return map(_named, access.ledger().waiting()[:_MOST])


def _unknown_tasks() -> Iterable[tuple[str, str]]:
    return map(_named, access.ledger().unknown()[:_MOST])


def _named(image: Generation) -> tuple[str, str]:
    return str(image.id), image.request.prompt or wording.PRIVATE


_NAMES: dict[str, Callable[[], Iterable[tuple[str, str]]]] = {
    "grids": _grids,
    "images": _images,
    "open": _open_tasks,
    "unknown": _unknown_tasks,
}
