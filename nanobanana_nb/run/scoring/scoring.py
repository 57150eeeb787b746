"""A function that scores images, on threads of its own: each result is kept at once."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import Score, failure, number
from nanobanana_nb.run.scoring.background_work import BackgroundWork, awaited, work_thread
from nanobanana_nb.run.scoring.function_recipe import function_recipe
from nanobanana_nb.show.arrange.opinion_tables import ScoreTable

MOST_ALIKE = 5  # failures in a row before a number comes: what is broken may cost money
LAST_S = 60.0  # how long an image that was at work at a stop is waited for
_BEFORE: dict[tuple[str, str], threading.Thread] = {}  # of what has the same name and recipe
_BEGINS = threading.Lock()
_DIFFERING = re.compile(r"\w*\d\w*")  # in reasons that are alike: numbers, addresses, request ids


class Scoring(BackgroundWork[None]):
    """Calls a function on images that have no value of its recipe, those that failed last.

    A coroutine is awaited on the background loop. A score that cannot be written down is raised.
    A function that fails alike for the first five is called no more.

    Attributes:
        failures: why the function gave no number now, by the hashes of the images.
        untried: those that it was then not called for.

    Args:
        function: takes the Pillow image, or the Generation where it is `of_generation`.
        images: by their hashes, so that equal ones are scored once.
        again: call it for those that have a value, too.
        workers: how many images are scored at once.
    """

    sequel = "The same call goes on with the rest."

    def __init__(
        self,
        name: str,
        function: Callable[[Any], Any],
        images: Mapping[str, Generation],
        table: ScoreTable,
        *,
        again: bool = False,
        workers: int = 1,
    ) -> None:
        super().__init__(name, len(images))
        self._function = function
        self._recipe = function_recipe(function)
        self._images = images
        self._table = table
        self._again = again
        self._workers = workers
        self._queue: deque[tuple[str, Generation]] = deque()
        self._error: BaseException | None = None
        self.failures: dict[str, str] = {}
        self.untried: set[str] = set()

    def _run(self) -> None:
        """Score on this thread, which is one of the workers, until all are through."""
        self._known = len(self._known_scores())
        self._wait_for_others()
        self._fill()
        others = [work_thread(self._work) for _ in range(min(self._workers, len(self._queue)) - 1)]
        for thread in others:
            thread.start()
        self._work()
        for thread in others:
            thread.join()
        if self._error is not None:
            raise self._error

    def _wait_for_others(self) -> None:
        """Let what was stopped end first: a model may not be called twice at once."""
        key = (self.name, self._recipe)
        with _BEGINS:
            before, _BEFORE[key] = _BEFORE.get(key), threading.current_thread()
        if before is not None:
            before.join(LAST_S)

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._queue.clear()

    def _known_scores(self) -> dict[str, Score]:
        """Return the values of this recipe that are not to be computed again."""
        scores = {} if self._again else self._of_recipe()
        return {sha256: score for sha256, score in scores.items() if score.value is not None}

    def _of_recipe(self) -> Mapping[str, Score]:
        return self._table.of_recipe(self._images, self.name, self._recipe)

    def _fill(self) -> None:
        """Queue what has no value of this recipe; what has one counts again, free."""
        known, tried = self._known_scores(), self._of_recipe()
        self._count_again({sha: score for sha, score in tried.items() if score.value is not None})
        left = [key for key in self._images if key not in tried]
        left += [key for key in tried if key not in known]
        with self._lock:
            self._known, self._begun = len(known), time.monotonic()
            if not self._stopped:
                self._queue.extend((key, self._images[key]) for key in left)

    def _count_again(self, scores: Mapping[str, Score]) -> None:
        """Let values of this recipe count before those of others, though nothing is called."""
        newest = self._table.get(self._images).get(self.name, {})
        if any(newest.get(sha256) != score for sha256, score in scores.items()):
            self._table.put(self.name, scores)

    def _work(self) -> None:
        try:
            while (item := self._next()) is not None:
                self._keep(*item)
        except BaseException as error:
            self._error = error
            self._queue.clear()

    def _next(self) -> tuple[str, Generation] | None:
        with self._lock:
            if not self._queue:
                return None
            self.at_work += 1
            return self._queue.popleft()

    def _keep(self, sha256: str, image: Generation) -> None:
        score = self._score(image)
        self._table.put(self.name, {sha256: score})
        with self._lock:
            self.computed += 1
            self.at_work -= 1
            if score.value is None:
                self.failures[sha256] = score.reason
                self.failed += 1
            if self._is_broken():
                self.untried.update(key for key, _ in self._queue)
                self._queue.clear()

    def _is_broken(self) -> bool:
        """Whether no number came at all and the function failed alike each time."""
        if self.failed < MOST_ALIKE or self.failed < self.done:
            return False
        return len({_DIFFERING.sub("", reason) for reason in self.failures.values()}) == 1

    def _score(self, image: Generation) -> Score:
        """Return what the function gives, or why it gives nothing. No interrupt comes here."""
        try:
            of_generation = getattr(self._function, "of_generation", False)
            value = self._function(image if of_generation else image.image)
            return Score(_number(awaited(value)), recipe=self._recipe)
        except BaseException as error:
            return Score(None, failure(error), self._recipe)


def _number(value: Any) -> float:
    """Return what a function returned.

    Raises:
        ValueError: it is no number.
    """
    try:
        return number(value)
    except ValueError as error:
        raise ValueError(f"{error}: return one number") from None
