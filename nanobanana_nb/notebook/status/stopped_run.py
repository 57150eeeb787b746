"""What stands under a cell whose wait was stopped: its images, and one button that fetches more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from IPython.core.getipython import get_ipython
from ipywidgets import HTML, Button, HBox, Layout, VBox
from markupsafe import Markup

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page.output import Bundle, Place, view
from nanobanana_nb.notebook.status.stop import headed, still, stopped_line
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.live.clickable import as_output, dense

Follow = Callable[[Job], Awaitable[bool]]
FETCH = "Fetch them"
_MEANING = "Fetch the images that are paid and on their way; pays nothing"
_LATE_S = 30.0  # a page that was loaded anew is told what stands there within this time


class StoppedRun:
    """A grid that waits for paid images, with a button; a file that is saved has no widget.

    After each cell it sees what others have fetched: once all is here, the images stand there.

    Args:
        place: where it stands, and where the board that fetches will stand.
        follow: waits for a job, shows it in that place and returns whether it has ended.
    """

    def __init__(self, place: Place, grid: ImageGrid, follow: Follow) -> None:
        self._place, self._grid, self._follow = place, grid, follow
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._shown: Sequence[Generation] = ()
        self._button = Button(description=FETCH, tooltip=_MEANING, button_style="warning")
        self._button.layout = Layout(width="auto", margin="0 0 0 12px", flex="none")
        self._button.on_click(self._press)
        self._line, self._images = HTML(), HTML(layout=Layout(width="auto", margin="0"))
        head = HBox([self._line, self._button], layout=Layout(align_items="center"))
        self._box = VBox([head, self._images])
        self._events = get_ipython().events
        self._events.register("post_run_cell", self._look)

    def show(self) -> None:
        """Show in its place how the images stand; where all are here, them alone."""
        self._shown = self._grid.generations
        if not any(map(wording.can_resume, self._shown)):
            self._put(self._grid._repr_mimebundle_())
            self._close()
            return
        grid = still(self._grid)
        forms, (line, text) = grid._repr_mimebundle_(), stopped_line(grid)
        self._line.value = dense(line)
        self._images.value = as_output(Markup(forms["text/html"]))
        twin = headed(line, text, forms)
        self._place.put(twin)  # what is there goes before this stands there
        self._place.put(view(self._box, twin))

    def _look(self, _: Any) -> None:
        """Show what has come since, unless the board that fetches stands there."""
        if self._task is None and self._grid.generations != self._shown:
            self.show()

    def _press(self, _: Any) -> None:
        """Begin on the kernel's own loop, whatever thread hears the click."""
        self._button.disabled = True
        self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._task = self._task or self._loop.create_task(self._fetch())

    async def _fetch(self) -> None:
        """Fetch what belongs to the grid, and show all of it in the end."""
        grid, ended, trouble = self._grid, True, ""
        tasks = [image.task_id for image in grid if image.task_id and wording.can_resume(image)]
        try:
            for job in grid.runner.resume(tasks) if grid.runner and tasks else ():
                ended = ended and await self._follow(job)
        except (asyncio.CancelledError, KeyboardInterrupt):
            ended = False  # stopped once more: that stands there now
        except NanobananaError as error:
            trouble = str(error)
        if ended:
            forms: Bundle = grid._repr_mimebundle_()
            self._put(headed(Markup.escape(trouble), trouble, forms) if trouble else forms)
        self._close()

    def _put(self, forms: Bundle) -> None:
        """Show what stays."""
        self._place.put(forms)
        self._place.close(late_s=_LATE_S)

    def _close(self) -> None:
        with suppress(ValueError):  # a click that was under way when all came
            self._events.unregister("post_run_cell", self._look)
        for widget in (self._line, self._button, *self._box.children, self._box):
            widget.close()
