"""A plan that runs: what is known of it now, and how to wait for it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.model.arguments import refusal
from nanobanana_nb.model.calls import methods_checked
from nanobanana_nb.model.indices import position
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.grid_check import check
from nanobanana_nb.run.loop.background_loop import SLICE_S, Alive, Bridge, wait
from nanobanana_nb.run.loop.interrupts import watch_interrupts
from nanobanana_nb.run.run_state import RunState
from nanobanana_nb.run.task.durations import Usual
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.text.terminal import printed

SETTLE_S = 0.6  # after an interrupt: how long a create on its way may take to be written down


@methods_checked
@printed
@dataclass(eq=False, repr=False)
class Job(Alive):
    """One run in the background. Its state may be read from any thread at any time.

    Waiting and stopping to wait never touch the tasks at the service: there is no call to
    cancel a task, and a paid image stays fetchable.

    Examples:
        >>> from nanobanana_nb import submit
        >>> job = submit("A heron", repeats=2)
        >>> grid = job.result()
        >>> job
        <Job done: 2 repeats = 2 images; .result() gives the images>
    """

    __module__ = "nanobanana_nb"  # where people find it

    _state: RunState
    _future: Future[None]
    _bridge: Bridge

    @property
    def plan(self) -> Plan:
        """What is made.

        Examples:
            >>> job.plan
            <Plan: 2 repeats = 2 images>
        """
        return self._state.plan

    @property
    def bill(self) -> Bill | None:
        """What it costs, None until the service has said so.

        Examples:
            >>> job.bill.credits
            8.0
        """
        return self._state.bill

    @property
    def generations(self) -> tuple[Generation, ...]:
        """Every image as it stands now.

        Examples:
            >>> [image.state.value for image in job.generations]
            ['success', 'success']
        """
        images = self._state.generations
        self._state.look(range(len(images)))
        return tuple(images)

    @property
    def lost(self) -> float:
        """The credits of failed tries that another try took the place of.

        Examples:
            >>> job.lost
            0
        """
        return self._state.lost

    @property
    def accepted(self) -> bool:
        """Whether the bill is known and within what was allowed.

        Examples:
            >>> job.accepted
            True
        """
        return self._state.accepted.is_set()

    def notice(self) -> str:
        """Return why everything waits just now, nothing if it does not.

        Examples:
            >>> job.notice()
            ''
        """
        return self._state.notice()

    def durations(self) -> Usual:
        """Return what tells how long a task takes by all that was seen of its kind until now.

        Examples:
            >>> usual = job.durations()
            >>> callable(usual)  # with a request: its Durations, None where nothing is known
            True
        """
        return self._state.durations()

    @property
    def grid(self) -> ImageGrid:
        """The images, always the same grid: it shows what has come. Never waits and never raises.

        Examples:
            >>> job.grid.counts()["success"]
            2
        """
        return self._state.grid

    def done(self) -> bool:
        """Whether nothing more will happen by itself.

        Examples:
            >>> job.done()
            True
        """
        return self._future.done()

    def until_accepted(self) -> None:
        """Wait until the bill is known and within what was allowed; raise the refusal if not.

        Examples:
            >>> job.until_accepted()
        """
        while not self.done() and not self._state.accepted.wait(SLICE_S):
            pass
        if self.done() and not self._future.cancelled() and (error := self._future.exception()):
            raise error

    def on_refusal(self, listener: Callable[[], object]) -> None:
        """Call `listener` if the run ends before its bill is allowed: nothing was sent.

        It is called on the background thread, or at once where that is so already.

        Examples:
            >>> job.on_refusal(lambda: print("nothing was sent"))
        """
        self._future.add_done_callback(lambda _: None if self.accepted else listener())

    def on_result(self, listener: Callable[[Generation], object]) -> None:
        """Call `listener` with each image when it is finished, on the background thread.

        Those that are finished already come at once, on the caller's thread. One that is asked
        for again comes once more. What it raises is raised by `result()`.

        Examples:
            >>> job.on_result(lambda image: print(image.path.suffix))
            .png
            .png
        """
        self._state.listen(listener)

    def can_try_again(self) -> bool:
        """Whether failed images can be asked for again: while a run goes on that may create.

        Examples:
            >>> job.can_try_again()
            False
        """
        return self._state.tries_again is not None and not self.done()

    def again(self, *positions: int, max_credits: float | None = None, yes: bool = False) -> None:
        """Ask again for these images, those of them that failed, while the run goes on.

        Each is a new task, on the terms of the run: same limits, and its price is looked at
        first. Callable from any thread; where nothing can be asked for, nothing happens.

        Args:
            positions: their indices in `generations`.
            max_credits: a yes to each that costs up to that, beyond what was to be asked about.
            yes: the same whatever it costs. What the run was limited to holds all the same.

        Raises:
            MissingImageError: there is no image of such an index.

        Examples:
            >>> job.again(0, max_credits=4)
        """
        limits = RunLimits(max_credits=max_credits, yes=yes)
        allowed = [] if limits == RunLimits() else [limits]
        indices = [position(index, len(self.generations)) for index in positions]
        tries_again = self._state.tries_again
        if indices and tries_again is not None and not self.done():
            self._bridge.submit(tries_again(indices, *allowed))

    def cancel(self) -> None:
        """Stop following the tasks, which go on: `%nanobanana resume` fetches their images.

        Examples:
            >>> job.cancel()
        """
        self._future.cancel()

    def result(self) -> ImageGrid:
        """Wait for the images and return them.

        An interrupt stops the waiting and nothing else.

        Raises:
            BudgetError: it would cost more than is allowed: nothing was sent.
            NanobananaError: not one image came about; where the run is `strict`, one failed.

        Examples:
            >>> len(job.result())
            2
        """
        return self.follow(stop_on_interrupt=False)

    def follow(
        self, draw: Callable[[], None] | None = None, *, stop_on_interrupt: bool = True
    ) -> ImageGrid:
        """Wait on this thread and call `draw` between.

        With `stop_on_interrupt` an interrupt cancels the job. Raises what `result` raises.

        Examples:
            >>> len(job.follow(lambda: print(job.grid.counts())))
            2
        """
        if draw is not None and not callable(draw):
            raise refusal("draw", "a function without arguments", draw)
        try:
            if threading.current_thread() is self._bridge.thread:
                self._bridge.run(self._end())
            else:
                with watch_interrupts() as interrupts:
                    calls = () if draw is None else (draw,)
                    wait(self._future, *calls, interrupts.raise_lost)
        except KeyboardInterrupt:
            if stop_on_interrupt:
                self.cancel()
                self._settle()
            raise
        except CancelledError:
            self._settle()
        return check(self.grid, self._state)

    async def afollow(self, draw: Callable[[], None] | None = None) -> ImageGrid:
        """Wait on the running loop and call `draw` between; being cancelled cancels the job.

        What `draw` raises ends the waiting; the job goes on, except after a cancel.

        Examples:
            >>> import asyncio
            >>> len(asyncio.run(job.afollow()))  # in a notebook: await job
            2
        """
        if draw is not None and not callable(draw):
            raise refusal("draw", "a function without arguments", draw)
        task = asyncio.wrap_future(self._future)
        task.add_done_callback(_retrieve_failure)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=2 * SLICE_S)
                if draw is not None:
                    draw()
        except (asyncio.CancelledError, KeyboardInterrupt):
            self.cancel()
            for _ in range(round(SETTLE_S / SLICE_S)):
                if not self._is_moving():
                    break
                await asyncio.sleep(SLICE_S)
            raise
        if not task.cancelled():
            task.result()
        return check(self.grid, self._state)

    def __await__(self) -> Generator[Any, None, ImageGrid]:
        return self.afollow().__await__()

    async def _end(self) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.wrap_future(self._future)

    def _settle(self) -> None:
        """Give the run a moment to note what became of a create that was on its way."""
        for _ in range(round(SETTLE_S / SLICE_S)):
            if not self._is_moving():
                return
            time.sleep(SLICE_S)

    def _is_moving(self) -> bool:
        moving = (State.SENT, State.PENDING, State.RUNNING)
        return any(generation.state in moving for generation in self.generations)

    def __repr__(self) -> str:
        state = "done" if self.done() else "running"
        verb = "gives the images" if self.done() else "waits for it"
        return f"<Job {state}: {self.plan.in_words()}; .result() {verb}>"


def _retrieve_failure(future: asyncio.Future[None]) -> None:
    """Take a failure that nobody waits for here: `result()` raises it to whoever asks."""
    if not future.cancelled():
        future.exception()
