"""The forms that a running job's status can take under a cell.

A widget where a front end with widgets listens; plain HTML under the same display id where
none does (Colab, and runs without a person such as nbclient's); text if asked for. Where clicks
reach the kernel while the cell runs, the widget has buttons: `board.py`.
"""

from __future__ import annotations

import time
from typing import Any, Protocol

from IPython.display import publish_display_data

from nanobanana_nb.notebook.page.output import Place, sentence, view
from nanobanana_nb.notebook.status.details import details_of
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.live.status_line import status_html, status_text

STOP, DETACH = "stop", "detach"  # what a person may click
SAVED = "This was saved while it ran. `%nanobanana resume` fetches what is paid."
RESTARTED = "The kernel was restarted while it ran. `%nanobanana resume` fetches what is paid."


class Status(Protocol):
    """What shows while a job runs.

    `visible`: whether something stands under the cell; `wish`: what the person clicked;
    `changed`: whether a click wants it drawn anew.
    """

    visible: bool
    wish: str
    changed: bool

    def draw(self, job: Job, elapsed_s: float) -> None:
        """Show how the job stands now."""
        ...

    def hold(self) -> None:
        """Keep the height of the cell while the result takes the place of this."""
        ...

    def close(self) -> None:
        """Let go of what was used. The result has taken the place."""
        ...


class NoStatus:
    """Nothing until the result."""

    visible = False
    wish = ""
    changed = False

    def draw(self, job: Job, elapsed_s: float) -> None:
        pass

    def hold(self) -> None:
        pass

    def close(self) -> None:
        pass


class PlainStatus:
    """HTML with its text twin, or text alone, drawn again in place."""

    wish = ""
    changed = False

    def __init__(self, place: Place, *, html: bool) -> None:
        self._transient = {"display_id": place.display_id}
        self.visible = place.shown
        self._html = html

    def draw(self, job: Job, elapsed_s: float) -> None:
        details = {**details_of(job), "now": time.time()}
        data = {"text/plain": status_text(job.generations, elapsed_s=elapsed_s, **details)}
        if self._html:
            data["text/html"] = status_html(job.generations, elapsed_s=elapsed_s, **details)
        publish_display_data(data, transient=self._transient, update=self.visible)
        self.visible = True

    def hold(self) -> None:
        pass

    def close(self) -> None:
        pass


class WidgetStatus:
    """An ipywidgets HTML widget, closed when the result takes its place."""

    visible = True
    wish = ""
    changed = False

    def __init__(self, place: Place) -> None:
        from ipywidgets import HTML

        self._widget = HTML()
        show_widget(self._widget, place)

    def draw(self, job: Job, elapsed_s: float) -> None:
        details = {**details_of(job), "now": time.time()}
        self._widget.value = status_html(job.generations, elapsed_s=elapsed_s, **details)

    def hold(self) -> None:
        pass

    def close(self) -> None:
        for part in (self._widget, self._widget.layout, self._widget.style):
            part.close()


def show_widget(widget: Any, place: Place) -> None:
    """Show a widget, with what a file says that was saved while it was open."""
    forms, restarted = view(widget, sentence(SAVED)), sentence(RESTARTED)
    if place.shown:
        place.put(forms, restarted=restarted)
    else:
        place.show(forms, restarted=restarted)
