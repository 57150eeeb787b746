"""A grid of one image: what the image has, the grid has itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.indices import NotOneError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.data import GridData

if TYPE_CHECKING:
    from PIL import Image


class SingleImage(GridData):
    """The part of `ImageGrid` that speaks of its only image."""

    @property
    def one(self) -> Generation:
        """The only generation.

        Raises:
            NotOneError: there are none or several.

        Examples:
            >>> grid[:1].one == grid[0]
            True
        """
        return self._only("")

    @property
    def image(self) -> Image.Image:
        """The only image as a Pillow image.

        Examples:
            >>> grid[:1].image.format, grid[:1].image.mode
            ('PNG', 'RGB')
        """
        return self._only(".image").image

    @property
    def path(self) -> Path | None:
        """Where the only original lies, or None.

        Examples:
            >>> grid[:1].path.suffix
            '.png'
        """
        return self._only(".path").path

    @property
    def bytes(self) -> bytes:
        """The only original, byte for byte.

        Examples:
            >>> grid[:1].bytes[1:4]
            b'PNG'
        """
        return self._only(".bytes").bytes

    @property
    def task_id(self) -> str | None:
        """The service's name for the only task.

        Examples:
            >>> grid[:1].task_id == grid[0].task_id
            True
        """
        return self._only(".task_id").task_id

    @property
    def state(self) -> State:
        """Where the only task stands.

        Examples:
            >>> grid[:1].state == "success"
            True
        """
        return self._only(".state").state

    @property
    def error(self) -> NanobananaError | None:
        """What went wrong with the only task, or None.

        Examples:
            >>> grid[:1].error is None
            True
        """
        return self._only(".error").error

    def _only(self, attribute: str) -> Generation:
        count = len(self)
        if count != 1:
            raise NotOneError(
                f"This grid has {count} images, not one",
                action=f"Say which: `grid[0]{attribute}`." if count else "",
            )
        return self.generations[0]
