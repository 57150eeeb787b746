"""What a grid of one image answers itself, without an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.model.result import Generation, State

if TYPE_CHECKING:
    from PIL import Image


class NotOneError(InputError, AttributeError):
    """There are none or several of what only one image has; `hasattr` and `getattr` know it."""


class OfOne:
    """The image, path, task and state of the only generation."""

    generations: tuple[Generation, ...]

    @property
    def one(self) -> Generation:
        """The only generation.

        Raises:
            NotOneError: there are none or several.
        """
        return self._only("")

    @property
    def image(self) -> Image.Image:
        """The only image as a Pillow image."""
        return self._only(".image").image

    @property
    def path(self) -> Path | None:
        """Where the only original lies, or None."""
        return self._only(".path").path

    @property
    def bytes(self) -> bytes:
        """The only original, byte for byte."""
        return self._only(".bytes").bytes

    @property
    def task_id(self) -> str | None:
        """The service's name for the only task."""
        return self._only(".task_id").task_id

    @property
    def state(self) -> State:
        """Where the only task stands."""
        return self._only(".state").state

    @property
    def error(self) -> NanobananaError | None:
        """What went wrong with the only task, or None."""
        return self._only(".error").error

    def _only(self, attribute: str) -> Generation:
        count = len(self.generations)
        if count != 1:
            raise NotOneError(
                f"This grid has {count} images, not one",
                action=f"Say which: `grid[0]{attribute}`." if count else "",
            )
        return self.generations[0]
