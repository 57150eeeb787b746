"""The run of a panel: a board while it goes on, then its images as a wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.gallery.panel_board import PanelBoard
from nanobanana_nb.notebook.panel.gallery.wall import Wall, image_tile
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import markup

KEY = "run-"  # before the position of an image: the history's keys are numbers of the ledger
EMPTY = "What Generate makes shows here while it comes, and afterwards."
Use = Callable[[Generation], object]
Look = Callable[[ImageGrid, list[int]], object]


class RunTab:
    """What the newest run of the panel shows; `box` shows it.

    Args:
        reuse: called with an image whose settings are to be used again.
        use: called with an image that is to be a reference.
        look: called with the run's images and the position of one, to see it large.
        keep: called with an image whose prompt is to be written down.
    """

    def __init__(
        self,
        loop: KernelLoop,
        messages: Messages,
        reuse: Use,
        use: Use,
        look: Look,
        keep: Use,
    ) -> None:
        self._look = look
        self._board: PanelBoard | None = None
        self._grid: ImageGrid | None = None
        self.images: dict[str, Generation] = {}
        self.head = controls.html(str(markup.quiet(EMPTY)))
        self._holder = controls.column()
        acts = {
            "look": lambda key: self._open(int(key.removeprefix(KEY))),
            "reference": lambda key: use(self.images[key]),
            "reuse": lambda key: reuse(self.images[key]),
            "keep": lambda key: keep(self.images[key]),
        }
        self.wall = Wall(loop, messages, acts)
        self.box = controls.column(self.head, self._holder, self.wall.widget)

    def begin(self) -> None:
        """Make room for a run."""
        self.end(None, "")

    def draw(self, job: Job, elapsed_s: float) -> None:
        """Show how the run stands now, as the board of a cell does."""
        self._grid = job.grid
        if self._board is None:
            self._board = PanelBoard(self._put, self._open)
        self._board.draw(job, elapsed_s)

    def end(self, grid: ImageGrid | None, html: str) -> None:
        """Show the images of a run that is over, and its sum above them."""
        if self._board is not None:
            self._board.close()
            self._board = None
            self._holder.children = ()
        self._grid = grid
        images = () if grid is None else grid.generations
        self.images = {f"{KEY}{n}": image for n, image in enumerate(images)}
        controls.show(self.head, html)
        named = enumerate(self.images.items())
        self.wall.show(image_tile(image, key, f"#{n}") for n, (key, image) in named)

    def _put(self, widget: Any) -> None:
        self._holder.children = (widget,)

    def _open(self, position: int) -> None:
        if self._grid is not None:
            self._look(self._grid, [position])
