"""What measures a whole grid and says after each step that it is done."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from nanobanana_nb.run.scoring.background_work import BackgroundWork, T, awaited


class Measuring(BackgroundWork[T]):
    """Counts the steps of a measurement, and ends it between two where nobody waits any more.

    Args:
        measure: is called with what it has to call after each step.
        noun: what a step is for.
    """

    def __init__(
        self, name: str, count: int, measure: Callable[[Callable[[], None]], T], noun: str = "image"
    ) -> None:
        super().__init__(name, count)
        self.noun = noun
        self._measure = measure

    def _run(self) -> T:
        return self._measure(self._step)

    def _step(self) -> None:
        with self._lock:
            if self._stopped:
                raise KeyboardInterrupt
            self.computed += 1


def awaiting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function; what it returns to be awaited is, on the background loop."""

    @functools.wraps(function, updated=())
    def call(*args: Any) -> Any:
        return awaited(function(*args))

    return call
