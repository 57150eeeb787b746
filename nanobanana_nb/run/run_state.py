"""What is known of a run: filled by the run on its loop, read from any thread by its job."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.loop.listeners import Listeners
from nanobanana_nb.run.task.durations import durations_of
from nanobanana_nb.run.task.poll_schedule import Durations
from nanobanana_nb.show.arrange.data import Links, Opinions, Runner

Usual = Callable[[GenerationRequest], Durations | None]
TriesAgain = Callable[..., Coroutine[Any, Any, None]]  # positions, and a yes where there is one


class RunState:
    """The images of one run as they stand, its bill, and what it was started with.

    Args:
        usual: how long such a task takes as a rule.
        notice: why everything waits just now, if it does.
        strict: whether one failed image is a failure of the whole.
        links: finds the link to an original.
        runner: runs more of the grid that comes of it.
    """

    def __init__(
        self,
        plan: Plan,
        generations: Sequence[Generation],
        *,
        usual: Usual = lambda request: None,
        notice: Callable[[], str] = str,
        strict: bool = False,
        opinions: Opinions | None = None,
        links: Links | None = None,
        runner: Runner | None = None,
    ) -> None:
        self.plan = plan
        self.usual = usual
        self.notice = notice
        self.strict = strict
        self.opinions = opinions
        self.links = links
        self.runner = runner
        self.bill: Bill | None = None
        self.number: int | None = None  # of the plan in the ledger, where it was kept
        self.tries_again: TriesAgain | None = None
        self.accepted = threading.Event()  # the bill is within what was allowed
        self.listeners = Listeners(lambda index: self._generations[index])
        self._generations = list(generations)
        self._replaced: dict[int | None, Generation] = {}  # failed, and asked for once more

    @property
    def generations(self) -> tuple[Generation, ...]:
        """Every image as it stands now."""
        return tuple(self._generations)

    @property
    def lost(self) -> float:
        """The credits of failed tries that another try took the place of."""
        standing = {g.id for g in self._generations}  # a try that was not sent left it so
        return sum(g.credits or 0.0 for n, g in self._replaced.items() if n not in standing)

    def put(self, index: int, generation: Generation) -> None:
        """Note what is new about one image."""
        self._generations[index] = generation

    def tell(self, index: int) -> None:
        """Let the listeners know that nothing more will happen to one image by itself.

        The run calls it when it holds nothing that a listener's own call might wait for.
        """
        self.listeners.tell(index)

    def ended(self, index: int) -> bool:
        """Whether nothing more happens to an image by itself: its listeners know."""
        return self.listeners.has_ended(index)

    def begin_again(self, index: int) -> None:
        """Note that a failed image is asked for once more."""
        self.listeners.begin(index)
        failed = self._generations[index]
        self._replaced[failed.id] = failed
        self.put(index, Generation(failed.request))

    def durations(self) -> Usual:
        """Return what tells how long a task takes by all that was seen of its kind until now."""
        return durations_of(self.generations, self.usual)
