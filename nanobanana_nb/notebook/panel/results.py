"""The place below a panel where its images stand: static outputs, which a saved notebook keeps.

They are published under a display id, so that they stay when the panel is closed. Voilà shows no
outputs that come later, so there a widget in the panel takes their place.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from IPython.display import publish_display_data

from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.watched import in_voila
from nanobanana_nb.show import markup
from nanobanana_nb.show.markup import tag

EMPTY = "The images appear here."
Bundle = dict[str, str]


def sentence(words: str) -> Bundle:
    """Return one line as an output."""
    html = tag("div", markup.quiet(markup.with_code(words)))
    return {"text/html": html, "text/plain": words.replace("`", "")}


class Results:
    """What is shown below one panel; `box` is the widget where outputs cannot be."""

    def __init__(self) -> None:
        self.box: Any = controls.html() if in_voila() else None
        self._transient = {"display_id": f"nanobanana-{uuid4().hex}"}
        self._filled = False

    def open(self) -> None:
        """Take the place below what was displayed last."""
        if self.box is None:
            publish_display_data(sentence(EMPTY), transient=self._transient)

    def draw(self, data: Bundle) -> None:
        """Show this instead of what was there."""
        self._filled = True
        self._put(data)

    def close(self) -> None:
        """Leave the images where they are, or nothing where there are none."""
        if not self._filled:
            self._put({"text/html": "", "text/plain": ""})

    def _put(self, data: Bundle) -> None:
        if self.box is None:
            publish_display_data(data, transient=self._transient, update=True)
        else:
            controls.show(self.box, data.get("text/html", ""))
