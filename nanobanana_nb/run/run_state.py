"""What is known of a run: filled by the run on its loop, read from any thread by its job."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store.rows import MOVING
from nanobanana_nb.model.arguments import refusal
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.ledger_images import catch_up, pause
from nanobanana_nb.run.task.durations import Usual, durations_of
from nanobanana_nb.show.arrange.data import OriginalLinks, Runner
from nanobanana_nb.show.grid import ImageGrid

TriesAgain = Callable[..., Coroutine[Any, Any, None]]  # positions, and a yes where there is one
Listener = Callable[[Generation], object]


@dataclass(eq=False, repr=False)
class RunState:
    """The images of one run as they stand, who hears of them, and what it was started with.

    `usual` tells how long such a task takes as a rule, and `notice` why everything waits just
    now, if it does. With `strict` one failed image is a failure of the whole. `links` finds the
    link to an original, `runner` runs more of the `grid`, which is there from the first moment and
    shows each image as it stands: by this record while the run goes on, by the ledger afterwards.
    """

    plan: Plan
    generations: list[Generation]  # the run puts what is new about each in its place
    _: KW_ONLY
    usual: Usual = lambda request: None
    notice: Callable[[], str] = str
    strict: bool = False
    ledger: Ledger | None = None
    links: OriginalLinks | None = None
    runner: Runner | None = None
    bill: Bill | None = None
    done: Callable[[], bool] = bool  # whether the run has ended: set once it has begun
    tries_again: TriesAgain | None = None
    # Held while the run changes images: one that was cancelled goes on for a moment.
    at_work: threading.Lock = field(default_factory=threading.Lock)
    accepted: threading.Event = field(default_factory=threading.Event)  # the bill is allowed
    trouble: Exception | None = None  # what the first of the listeners raised
    grid: ImageGrid = field(init=False)
    _process: int = field(default_factory=os.getpid)  # a forked child does not run it
    _replaced: dict[int | None, Generation] = field(default_factory=dict)  # asked for once more
    _listeners: list[Listener] = field(default_factory=list)
    _ended: dict[int, None] = field(default_factory=dict)  # positions, in the order of the ends
    _lock: threading.Lock = field(default_factory=threading.Lock)  # of the listeners and the ends

    def __post_init__(self) -> None:
        context: dict[str, Any] = {"links": self.links, "runner": self.runner}
        context |= {"opinions": self.ledger, "source": self}
        self.grid = ImageGrid(self.generations, self.plan, **context)

    @property
    def moves(self) -> bool:
        """Whether the run may still change an image."""
        return self._process == os.getpid() and (self.at_work.locked() or not self.done())

    def look(self, indices: Iterable[int]) -> None:
        """Learn from the ledger what has come of these since the run has ended."""
        if self.ledger is not None and not self.moves:
            catch_up(self.ledger, self.generations, indices)

    def running(self, index: int) -> bool:
        """Whether something is still to come of an image by itself, here or in another process."""
        if self.moves:
            return not self.ended(index)
        return self.generations[index].state in MOVING

    def pause(self, seconds: float) -> None:
        """Let time pass, on whatever thread."""
        pause(seconds)

    @property
    def lost(self) -> float:
        """The credits of failed tries that another try took the place of."""
        standing = {g.id for g in self.generations}  # a try that was not sent left it so
        return sum(g.credits or 0.0 for n, g in self._replaced.items() if n not in standing)

    def tell(self, index: int) -> None:
        """Let the listeners know that nothing more will happen to one image by itself.

        The run calls it when it holds nothing that a listener's own call might wait for.
        """
        with self._lock:
            self._ended[index] = None
            listeners = tuple(self._listeners)
        for listener in listeners:
            self._call(listener, index)

    def listen(self, listener: Listener) -> None:
        """Add a listener, and call it with what was told before.

        Raises:
            ArgumentError: it cannot be called.
        """
        if not callable(listener):
            raise refusal("A listener", "a function of one image", listener)
        with self._lock:
            self._listeners.append(listener)
            indices = tuple(self._ended)
        for index in indices:
            self._call(listener, index)

    def ended(self, index: int) -> bool:
        """Whether nothing more happens to an image by itself: its listeners know."""
        return index in self._ended

    def begin_again(self, index: int) -> None:
        """Note that a failed image is asked for once more: it will be told once more, too."""
        with self._lock:
            del self._ended[index]
        failed = self.generations[index]
        self._replaced[failed.id] = failed
        self.generations[index] = Generation(failed.request)

    def durations(self) -> Usual:
        """Return what tells how long a task takes by all that was seen of its kind until now."""
        return durations_of(tuple(self.generations), self.usual)

    def _call(self, listener: Listener, index: int) -> None:
        try:
            listener(self.generations[index])
        except Exception as error:  # raised where somebody waits, not into the run
            self.trouble = self.trouble or error
