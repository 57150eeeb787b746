"""What stands under a cell whose wait was stopped: its images, and one button that fetches more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ipywidgets import HTML, Button, HBox, Layout, VBox
from markupsafe import Markup

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.page.output import Bundle, Place, view
from nanobanana_nb.notebook.status.stop import headed, stopped_line
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.live.clickable import as_output, dense

Follow = Callable[[Job], Awaitable[Any]]
FETCH = "Fetch them"
_MEANING = "Fetch the images that are paid and on their way; pays nothing"


class StoppedRun:
    """A grid that waits for paid images, with a button; a file that is saved has no widget.

    Args:
        place: where it stands, and where the board that fetches will stand.
        follow: waits for a job and shows it in that place.
    """

    def __init__(self, place: Place, grid: ImageGrid, follow: Follow) -> None:
        self._place, self._grid, self._follow = place, grid, follow
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._button = Button(description=FETCH, tooltip=_MEANING, button_style="warning")
        self._button.layout = Layout(width="auto", margin="0 0 0 12px")
        self._button.on_click(self._press)
        self._box = VBox()

    def show(self) -> None:
        """Show it in its place."""
        line, text = stopped_line(self._grid.generations)
        forms = self._grid._repr_mimebundle_()
        head = HBox([HTML(dense(line)), self._button], layout=Layout(align_items="center"))
        html = HTML(as_output(Markup(forms["text/html"])), layout=Layout(width="auto", margin="0"))
        self._box.children = (head, html)
        still = headed(line, text, forms)
        self._place.put(still)  # the board goes before this stands there
        self._place.put(view(self._box, still))

    def _press(self, _: Any) -> None:
        """Begin on the kernel's own loop, whatever thread hears the click."""
        self._button.disabled = True
        self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._task = self._task or self._loop.create_task(self._fetch())

    async def _fetch(self) -> None:
        """Fetch what belongs to the grid, and show all of it in the end."""
        grid, trouble = self._grid, ""
        tasks = [image.task_id for image in grid if image.task_id and wording.can_resume(image)]
        try:
            for job in grid.runner.resume(tasks) if grid.runner and tasks else ():
                await self._follow(job)
        except (asyncio.CancelledError, KeyboardInterrupt):
            return  # stopped once more: that stands there now
        except NanobananaError as error:
            trouble = str(error)
        finally:
            self._close()
        forms: Bundle = grid._repr_mimebundle_()
        self._place.put(headed(Markup.escape(trouble), trouble, forms) if trouble else forms)

    def _close(self) -> None:
        head, html = self._box.children
        for widget in (*head.children, head, html, self._box):
            widget.close()
