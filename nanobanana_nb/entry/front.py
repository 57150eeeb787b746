"""Who shows what runs: a notebook, under the cell, a terminal, or nobody, in a script.

The one place from which code that people call reaches up to the notebook.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from nanobanana_nb.run.job import Job
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.origin import in_kernel, running_shell
from nanobanana_nb.show.arrange.data import OriginalLinks
from nanobanana_nb.show.grid import ImageGrid

if TYPE_CHECKING:
    from nanobanana_nb.run.scoring.background_work import BackgroundWork

T = TypeVar("T")
Whole = Callable[[], ImageGrid]


class Front(Protocol):
    """What a person sits in front of."""

    def links(self, settings: Settings) -> OriginalLinks | None:
        """Return what finds the link to an original, None where links are not shown."""
        ...

    def follow(self, job: Job, whole: Whole | None = None) -> ImageGrid:
        """Wait for a job and show it meanwhile.

        Args:
            whole: returns the grid that the images are a part of: a stop shows that one, and the
                end only how many came, for the person gets the grid as a value.
        """
        ...

    async def afollow(self, job: Job) -> ImageGrid:
        """Await a job and show it meanwhile."""
        ...

    def follow_work(self, work: BackgroundWork[T]) -> T:
        """Wait for work on images and show how far it is."""
        ...


class Script:
    """Shows nothing: a script prints what it wants."""

    def links(self, settings: Settings) -> OriginalLinks | None:
        return None

    def follow(self, job: Job, whole: Whole | None = None) -> ImageGrid:
        return job.follow()

    async def afollow(self, job: Job) -> ImageGrid:
        return await job.afollow()

    def follow_work(self, work: BackgroundWork[T]) -> T:
        return work.follow()


class Terminal(Script):
    """Shows how far a job is on one line of the terminal; the shell shows what it returns."""

    def follow(self, job: Job, whole: Whole | None = None) -> ImageGrid:
        from nanobanana_nb.notebook.status.progress_line import progress_line

        with progress_line(job, sys.stderr) as draw:
            return job.follow(draw)

    async def afollow(self, job: Job) -> ImageGrid:
        from nanobanana_nb.notebook.status.progress_line import progress_line

        with progress_line(job, sys.stderr) as draw:
            return await job.afollow(draw)


class Notebook:
    """Shows a job under the cell, and links to copies of the originals beside the notebook."""

    def links(self, settings: Settings) -> OriginalLinks | None:
        from nanobanana_nb.notebook.page.image_copies import Originals

        return Originals(settings.images_dir).link

    def follow(self, job: Job, whole: Whole | None = None) -> ImageGrid:
        from nanobanana_nb.notebook.status.live_view import LiveView

        return LiveView(job, whole=whole).follow()

    async def afollow(self, job: Job) -> ImageGrid:
        from nanobanana_nb.notebook.status.wait import afollow_in_code

        return await afollow_in_code(job)

    def follow_work(self, work: BackgroundWork[T]) -> T:
        from nanobanana_nb.notebook.status.work_line import WorkLine

        return WorkLine(work).follow()


def front() -> Front:
    """Return what there is in this process: a kernel has a notebook, a shell a terminal."""
    if in_kernel():
        return Notebook()
    is_typed = running_shell() is not None and sys.stderr is not None and sys.stderr.isatty()
    return Terminal() if is_typed else Script()
