"""The prompts and lists of the library, as they may stand in a cell."""

from __future__ import annotations

import re

from nanobanana_nb.library.library import prompts
from nanobanana_nb.notebook.completion.suggestion import Suggestion, beginning_with
from nanobanana_nb.text.terminal import cut, harmless

_MOST = 1_000  # signs of a prompt or a list
_IN_BRACES = re.compile(r"\{[^{}\n]*[:|｜][ \t]*(@[\w-]*)\Z")
_AT_END = re.compile(r"@([\w-]+)\Z")


def prompt_names(word: str) -> list[Suggestion]:
    """Return the prompts that go on from a word."""
    return beginning_with(word, prompts, "prompt")


def list_names(word: str) -> list[Suggestion]:
    """Return the lists that go on from a word which begins with `@`."""
    return beginning_with(word, [f"@{name}" for name in prompts.lists], "list")


def lists_in_braces(before: str) -> list[Suggestion]:
    """Return the lists that a value in open braces may name."""
    match = _IN_BRACES.search(before)
    return list_names(match[1]) if match else []


def explanation_of(option: str, word: str) -> str:
    """Return the text of the prompt that `--prompt` names, or the values of the list `@NAME`."""
    if option == "library" and word in prompts:
        prompt = prompts[word]
        fields = {"model": prompt.model, **prompt.parameters, "note": prompt.note or None}
        lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
        return harmless("\n".join([prompt, "", *lines]).rstrip()[:_MOST])
    name = _AT_END.search(word)
    if name and (values := prompts.lists.get(name[1])):
        return cut(f"@{name[1]} = {' | '.join(map(str, values))}", _MOST)
    return ""
