"""How long tasks take, from what was seen of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.task.durations import durations_of
from nanobanana_nb.run.task.poll_schedule import Durations

REQUEST = GenerationRequest("crun", "google/nano-banana", "a cat")
OTHER = GenerationRequest("crun", "google/nano-banana-pro", "a cat")
NEVER = Durations()
OFTEN = Durations.from_seconds([20.0] * 50)


def _done(seconds: float, **fields: Any) -> Generation:
    made = {"state": State.SUCCESS, "path": Path("x"), "seconds": seconds, **fields}
    return Generation(REQUEST, **made)


def test_nothing_seen_is_none() -> None:
    """A prior is no observation; nor is a ledger that nobody has asked yet."""
    assert durations_of([], lambda request: NEVER)(REQUEST) is None
    assert durations_of([_done(3.0)], lambda request: None)(REQUEST) is None


def test_the_ledger_tells_until_the_run_has_seen_enough() -> None:
    """Two images of the run change nothing that the ledger knows, three do."""
    assert durations_of([_done(3.0)] * 2, lambda request: OFTEN)(REQUEST) == OFTEN
    told = durations_of([_done(3.0)] * 3, lambda request: OFTEN)(REQUEST)
    assert told == Durations.from_seconds([3.0] * 3)


def test_the_first_image_tells_where_the_ledger_has_none() -> None:
    """One image of the run is better than nothing."""
    told = durations_of([_done(3.0)], lambda request: NEVER)(REQUEST)
    assert told is not None
    assert told.tasks == 1


def test_cached_images_and_other_models_tell_nothing() -> None:
    """What came from the ledger was counted there; another model takes another time."""
    told = durations_of([_done(3.0, cached=True)] * 5, lambda request: NEVER)
    assert told(REQUEST) is None
    assert durations_of([_done(3.0)] * 5, lambda request: NEVER)(OTHER) is None
