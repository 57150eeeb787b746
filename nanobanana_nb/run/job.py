"""A plan that runs: what is known of it now, and how to wait for it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Generator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any

from nanobanana_nb.model.calls import methods_checked
from nanobanana_nb.model.indices import position
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import Terms
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.checked import check
from nanobanana_nb.run.loop.background_loop import SLICE_S, Alive, Bridge, wait
from nanobanana_nb.run.loop.interrupts import noted
from nanobanana_nb.run.loop.listeners import Listeners
from nanobanana_nb.run.task.durations import observed
from nanobanana_nb.run.task.poll_schedule import Durations
from nanobanana_nb.show.arrange.data import Opinions, Runner
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.text.terminal import printed

TriesAgain = Callable[..., Coroutine[Any, Any, None]]  # positions, and a yes where there is one
SETTLE_S = 0.6  # after an interrupt: how long a create on its way may take to be written down


@methods_checked
@printed
class Job(Alive):
    """One run in the background. Its state may be read from any thread at any time.

    Waiting and stopping to wait never touch the tasks at the service: there is no call to
    cancel a task, and a paid image stays fetchable.
    """

    __module__ = "nanobanana_nb"  # where people find it

    def __init__(self, plan: Plan, generations: Sequence[Generation], bridge: Bridge) -> None:
        self.plan = plan
        self.bill: Bill | None = None
        self.links: Callable[[Generation], str | None] | None = None
        self.notice: Callable[[], str] = str  # why everything waits just now, if it does
        self.runner: Runner | None = None
        self.opinions: Opinions | None = None
        self.number: int | None = None  # of the plan in the ledger, where it was kept
        self.strict = False
        self.usual: Callable[[GenerationRequest], Durations | None] = lambda request: None
        self.tries_again: TriesAgain | None = None
        self.accepted = threading.Event()  # the bill is within what was allowed
        self._generations = list(generations)
        self._bridge = bridge
        self._future: Future[None] = Future()
        self._listeners = Listeners(lambda index: self._generations[index])
        self._replaced: dict[int | None, Generation] = {}  # failed, and asked for once more

    def put(self, index: int, generation: Generation) -> None:
        """Note what is new about one image. Called by the run, on its loop."""
        self._generations[index] = generation

    def tell(self, index: int) -> None:
        """Let the listeners know that nothing more will happen to one image by itself.

        The run calls it when it holds nothing that a listener's own call might wait for.
        """
        self._listeners.tell(index)

    def ended(self, index: int) -> bool:
        """Whether nothing more happens to an image by itself: it was told."""
        return self._listeners.told(index)

    def begin_again(self, index: int) -> None:
        """Note that a failed image is asked for once more. Called by the run, on its loop."""
        self._listeners.begun(index)
        failed = self._generations[index]
        self._replaced[failed.id] = failed
        self.put(index, Generation(failed.request))

    def start(self, future: Future[None]) -> None:
        """Say which future is the run."""
        self._future = future

    @property
    def generations(self) -> tuple[Generation, ...]:
        """Every image as it stands now."""
        return tuple(self._generations)

    @property
    def lost(self) -> float:
        """The credits of failed tries that another try took the place of."""
        standing = {one.id for one in self._generations}  # a try that was not sent left it so
        return sum(g.credits or 0.0 for n, g in self._replaced.items() if n not in standing)

    def durations(self) -> Callable[[GenerationRequest], Durations | None]:
        """Return what tells how long a task takes by all that was seen of its kind until now."""
        return observed(self.generations, self.usual)

    @property
    def grid(self) -> ImageGrid:
        """The images as they stand now. Never waits and never raises."""
        return ImageGrid(
            self._generations,
            self.plan,
            links=self.links,
            runner=self.runner,
            number=self.number,
            opinions=self.opinions,
        )

    def done(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self._future.done()

    def until_accepted(self) -> None:
        """Wait until the bill is known and within what was allowed; raise the refusal if not."""
        while not self.done() and not self.accepted.wait(SLICE_S):
            pass
        if self.done() and not self._future.cancelled() and (error := self._future.exception()):
            raise error

    def on_result(self, listener: Callable[[Generation], object]) -> None:
        """Call `listener` with each image when it is finished, on the background thread.

        Those that are finished already come at once, on the caller's thread. One that is asked
        for again comes once more. What it raises is raised by `result()`.
        """
        self._listeners.add(listener)

    def can_try_again(self) -> bool:
        """Whether failed images can be asked for again: while a run goes on that may create."""
        return self.tries_again is not None and not self.done()

    def again(self, *positions: int, max_credits: float | None = None, yes: bool = False) -> None:
        """Ask again for these images, those of them that failed, while the run goes on.

        Each is a new task, on the terms of the run: same limits, and its price is looked at
        first. Callable from any thread; where nothing can be asked for, nothing happens.

        Args:
            max_credits: a yes to each that costs up to that, beyond what was to be asked about.
            yes: the same whatever it costs. What the run was limited to holds all the same.
        """
        terms = Terms(max_credits=max_credits, yes=yes)
        allowed = [] if terms == Terms() else [terms]
        known = [position(index, len(self._generations)) for index in positions]
        if known and self.tries_again is not None and not self.done():
            self._bridge.submit(self.tries_again(known, *allowed))

    def cancel(self) -> None:
        """Stop following the tasks, which go on: `%nanobanana resume` fetches their images."""
        self._future.cancel()

    def result(self) -> ImageGrid:
        """Wait for the images and return them.

        An interrupt stops the waiting and nothing else. Raises what `check` raises.
        """
        return self.follow(stop_on_interrupt=False)

    def follow(
        self, draw: Callable[[], None] | None = None, *, stop_on_interrupt: bool = True
    ) -> ImageGrid:
        """Wait on this thread and call `draw` between; an interrupt cancels the job."""
        try:
            if self._bridge.on_loop():
                self._bridge.run(self._finished())
            else:
                self._wait(draw)
        except KeyboardInterrupt:
            if stop_on_interrupt:
                self.cancel()
                self._settle()
            raise
        except CancelledError:
            self._settle()
        return self._checked()

    def _wait(self, draw: Callable[[], None] | None) -> None:
        with noted() as interrupts:

            def between() -> None:
                if draw is not None:
                    draw()
                interrupts.raise_lost()

            wait(self._future, between)

    async def afollow(self, draw: Callable[[], None] | None = None) -> ImageGrid:
        """Wait on the running loop and call `draw` between; being cancelled cancels the job.

        What `draw` raises ends the waiting; the job goes on, except after a cancel.
        """
        wrapped = asyncio.wrap_future(self._future)
        wrapped.add_done_callback(_heard)
        try:
            while not wrapped.done():
                await asyncio.wait({wrapped}, timeout=2 * SLICE_S)
                if draw is not None:
                    draw()
        except (asyncio.CancelledError, KeyboardInterrupt):
            self.cancel()
            await self._asettle()
            raise
        if not wrapped.cancelled():
            wrapped.result()
        return self._checked()

    def _checked(self) -> ImageGrid:
        if self._listeners.trouble is not None:
            raise self._listeners.trouble
        return check(self.grid, strict=self.strict)

    def __await__(self) -> Generator[Any, None, ImageGrid]:
        return self.afollow().__await__()

    async def _finished(self) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.wrap_future(self._future)

    def _settle(self) -> None:
        """Give the run a moment to note what became of a create that was on its way."""
        for _ in range(round(SETTLE_S / SLICE_S)):
            if not self._moving():
                return
            time.sleep(SLICE_S)

    async def _asettle(self) -> None:
        for _ in range(round(SETTLE_S / SLICE_S)):
            if not self._moving():
                return
            await asyncio.sleep(SLICE_S)

    def _moving(self) -> bool:
        moving = (State.SENT, State.PENDING, State.RUNNING)
        return any(generation.state in moving for generation in self._generations)

    def __repr__(self) -> str:
        state = "done" if self.done() else "running"
        verb = "gives the images" if self.done() else "waits for it"
        return f"<Job {state}: {self.plan.in_words()}; .result() {verb}>"


def _heard(future: asyncio.Future[None]) -> None:
    """Take a failure that nobody waits for here: `result()` raises it to whoever asks."""
    if not future.cancelled():
        future.exception()
