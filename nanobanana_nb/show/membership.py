"""Which images a grid holds; whatever else is looked for is not among them."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.model.indices import MissingImageError, positions
from nanobanana_nb.model.result import Generation


class Membership:
    """Whether and where an image is in a grid."""

    generations: tuple[Generation, ...]

    def __contains__(self, value: object) -> bool:
        return isinstance(value, Generation) and value in self.generations

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """Return where an image stands.

        Raises:
            MissingImageError: it does not stand there.
        """
        for place in positions(slice(start, stop), len(self.generations)):
            if isinstance(value, Generation) and self.generations[place] == value:
                return place
        raise MissingImageError("This image is not in the grid", action="")
