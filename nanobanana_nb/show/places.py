"""Where a grid finds its images: each in a place, where what has come of it is seen.

What a place shows is not written into it: the list of a run is the one record, filled by the run
while it goes on and from the ledger afterwards. So nothing here needs a lock, and an image that is
final is looked up no more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from nanobanana_nb.model import arguments
from nanobanana_nb.model.result import Generation, State

PAUSE_S = 0.1  # between two looks of whoever waits


class Source(Protocol):
    """Images that may still change: those of a run, or of the ledger."""

    generations: list[Generation]

    def look(self, indices: Iterable[int]) -> None:
        """Learn what has come of these where that is not known yet. Raises nothing."""
        ...

    def running(self, index: int) -> bool:
        """Whether something is still to come of an image by itself."""
        ...

    def pause(self, seconds: float) -> None:
        """Let time pass, on whatever thread."""
        ...


@dataclass(eq=False)
class Place:
    """One place of a grid, the same object in its parts and pivots.

    `image` stands here where no run has it, or where the run that retries it has sent nothing.
    """

    image: Generation
    at: tuple[Source, int] | None = None

    def now(self) -> Generation:
        """Return the image as it was last seen."""
        if self.at is None:
            return self.image
        source, index = self.at
        newer = source.generations[index]
        unsent = newer.state is State.PLANNED and self.image.state is State.FAILED
        return self.image if unsent else newer

    def retry_at(self, other: Place) -> None:
        """Show from now on what another place shows, and what stands here until that is sent."""
        self.image = self.now() if other.at is not None else other.image
        self.at = other.at


def look(places: Iterable[Place]) -> dict[Source, list[int]]:
    """Learn what has come in these places; return the sources that may still know more of them."""
    by_source: dict[Source, list[int]] = {}
    for place in places:
        if place.at is not None:
            source, index = place.at
            by_source.setdefault(source, []).append(index)
    for source, indices in by_source.items():
        source.look(indices)
    return by_source


def is_running(places: Iterable[Place]) -> bool:
    """Whether anything is still to come by itself."""
    return any(source.running(n) for source, indices in look(places).items() for n in indices)


def wait(places: Sequence[Place], timeout: float | None) -> None:
    """Wait until nothing more comes by itself, or so many seconds.

    Raises:
        ArgumentError: `timeout` is no time.
    """
    arguments.check(timeout=timeout)
    end = time.monotonic() + (math.inf if timeout is None else timeout)
    while (left := end - time.monotonic()) > 0 and is_running(places):
        source = next(place.at[0] for place in places if place.at is not None)
        source.pause(min(left, PAUSE_S))
