"""Images that nobody in this process works on, as the ledger comes to know them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store.rows import MOVING
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.task import outcome


@dataclass(eq=False, repr=False)
class LedgerImages:
    """The images of a grid that is shown from the ledger, and what comes of those that wait."""

    ledger: Ledger
    generations: list[Generation]

    def look(self, indices: Iterable[int]) -> None:
        """Read again how these stand that wait for something. Raises nothing."""
        catch_up(self.ledger, self.generations, indices)

    def running(self, index: int) -> bool:
        """Whether a run, of another kernel for example, works on an image."""
        return self.generations[index].state in MOVING

    def pause(self, seconds: float) -> None:
        """Let time pass, on whatever thread."""
        pause(seconds)


def pause(seconds: float) -> None:
    """Let time pass, and the runs go on: also where a listener of theirs waits."""
    BRIDGE.run(asyncio.sleep(seconds))


def catch_up(ledger: Ledger, images: list[Generation], indices: Iterable[int]) -> None:
    """Put into `images` what the ledger has newer of these, where they wait for something."""
    waiting = [n for n in indices if images[n].id is not None and _may_come(images[n])]
    if not waiting:
        return
    try:
        tasks = ledger.changed([images[index] for index in waiting])
        for index in waiting:
            image = images[index]
            if (task := tasks.get(image.id)) is not None:
                images[index] = outcome.in_place_of(image, _resent(ledger, image, task))
    except LedgerError:  # what is known stands; who asks the ledger for more is told
        return


def _may_come(image: Generation) -> bool:
    """Whether the ledger may come to know more of an image that no run here works on."""
    return not image.ok and image.state not in (State.PLANNED, State.FAILED)


def _resent(ledger: Ledger, image: Generation, task: Generation) -> Generation:
    """Return the task that was sent in the place of one that was let go, if there is one."""
    if image.state is State.UNKNOWN and task.state is State.FAILED and task.id is not None:
        answer = ledger.find(image.request.fingerprint())
        if answer is not None and (answer.id or 0) > task.id:
            return answer
    return task
