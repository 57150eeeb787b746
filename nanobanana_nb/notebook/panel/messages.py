"""What a panel has to say to the person: one place, the newest words in it."""

from __future__ import annotations

from collections.abc import Callable

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.show.html import markup
from nanobanana_nb.text.doors import Door, through

_LOOKS = f"border-left:4px solid {markup.RED};padding:4px 0 4px 12px"


class Messages:
    """A place for one sentence or one error; `box` shows it."""

    def __init__(self) -> None:
        self.box = controls.html()
        self._failed = False

    def say(self, words: str) -> None:
        """Show a sentence, or nothing."""
        self._failed = False
        controls.show(self.box, markup.with_code(words) if words else "")

    def fail(self, *errors: BaseException) -> None:
        """Show errors: what, why, and what to do."""
        self._failed = True
        lines = [markup.tag("div", markup.with_code(str(error))) for error in errors]
        controls.show(self.box, markup.tag("div", *lines, style=_LOOKS))

    def forgive(self) -> None:
        """Take an error away, for what it speaks of was changed."""
        if self._failed:
            self.say("")

    def guarded(self, act: Callable[[], object]) -> Callable[[], None]:
        """Return an action that shows its error here: a click has no cell to raise it in."""

        def call() -> None:
            self.say("")
            try:
                with through(Door.PANEL):
                    act()
            except NanobananaError as error:
                self.fail(error)

        return call
