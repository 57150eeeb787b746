"""The prompts of the library in a panel: one click fills the fields, another keeps an image's."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.library.library import prompts
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.magic.library_spec import filled
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.messages import Messages

_CHOOSE = ("choose one", "")
_WORDS = 4  # of a prompt, which name it


class PromptShelf:
    """A list of prompts in `box`, which shows where there is one.

    Args:
        fill: called with the record that the fields are to show.
    """

    def __init__(self, messages: Messages, fill: Callable[[CellSpec], object]) -> None:
        self._messages, self._fill = messages, fill
        self.box = controls.pick(OPTIONS["library"].label, [_CHOOSE])
        self.box.observe(self._take, "value")
        self.refresh()

    def refresh(self) -> None:
        """Look into the files again."""
        names: tuple[str, ...] = ()
        with suppress(NanobananaError):  # of the settings: the bill says so
            names = tuple(prompts)
        options = [_CHOOSE, *((name, name) for name in names)]
        if list(self.box.options) != options:
            self.box.options = options
        self.box.layout.display = None if names else "none"

    def keep(self, image: Generation) -> None:
        """Write down what an image asked for, under the first words of its prompt.

        Raises:
            InputError: it is private, or no file can be written.
        """
        name = _free_name(image.request.prompt, prompts)
        file = image.keep(name)
        self.refresh()
        self._messages.say(f"Kept as {name} in {file.name}.")

    def _take(self, change: Any) -> None:
        """Fill the fields with what was chosen; the list is ready for the next choice."""
        name = change["new"]
        if name:
            self.box.value = ""
            self._messages.guarded(
                lambda: self._fill(filled(CellSpec(options={"library": name})))
            )()


def _free_name(prompt: str, names: Collection[str]) -> str:
    words = re.findall(r"[^\W_]+", prompt.lower())[:_WORDS]
    name, n = "-".join(words)[:40] or "prompt", 1
    free = name
    while free in names:
        n += 1
        free = f"{name}-{n}"
    return free
