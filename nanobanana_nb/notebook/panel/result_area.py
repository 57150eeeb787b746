"""The place below a panel where its images stand: static outputs, which a saved notebook keeps.

They are an output of their own, so that they stay when the panel is closed. Voilà shows no outputs
that come later, and a page that was loaded anew may have lost them: there a widget in the panel
takes their place.
"""

from __future__ import annotations

from nanobanana_nb.notebook.page.frontend import in_voila
from nanobanana_nb.notebook.page.output import NOTHING, Bundle, Place, sentence
from nanobanana_nb.notebook.panel import controls

EMPTY = "The images appear here."


class ResultArea:
    """What is shown below one panel; `box` is the widget where outputs cannot be."""

    def __init__(self) -> None:
        self.box = controls.html()
        self._place = None if in_voila() else Place(on_sync=self._note_sync)
        self._content: Bundle | None = None
        self._inside = self._place is None

    def open(self) -> None:
        """Take the place below what was displayed last."""
        if self._place is not None:
            self._place.show(sentence(EMPTY), restarted=NOTHING)

    def draw(self, data: Bundle) -> None:
        """Show this instead of what was there."""
        self._content = data
        if self._place is not None:
            self._place.put(data)
        self._show_inside()

    def close(self) -> None:
        """Leave the images where they are, or nothing where there are none."""
        if self._place is None:
            return
        if self._content is None:
            self._place.put(NOTHING)
        self._place.close()

    def _note_sync(self, written: bool) -> None:
        """Hear whether a page that was loaded anew shows the output; else the panel does."""
        self._inside = not written
        self._show_inside()

    def _show_inside(self) -> None:
        html = (self._content or {}).get("text/html", "")
        controls.show(self.box, html if self._inside else "")
