"""How long the tasks of a run take, from what the run itself and the ledger have seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.task.poll_schedule import Durations

ENOUGH = 3  # so many tasks of this run tell more than the ledger, which saw other days
Usual = Callable[[GenerationRequest], Durations | None]


def durations_of(generations: Iterable[Generation], usual: Usual) -> Usual:
    """Return what gives the durations of a request's kind, None where none was ever seen.

    Args:
        usual: what the ledger has of a kind; None where nobody has asked it yet.
    """
    seconds: dict[tuple[str, str], list[float]] = {}
    for image in reversed(tuple(generations)):  # those that began last
        if image.ok and not image.cached and image.seconds:
            seconds.setdefault(duration_kind(image.request), []).append(image.seconds)
    by_kind: dict[tuple[str, str], Durations | None] = {}

    def look_up(request: GenerationRequest) -> Durations | None:
        kind = duration_kind(request)
        if kind not in by_kind:
            by_kind[kind] = _better(usual(request), seconds.get(kind, []))
        return by_kind[kind]

    return look_up


def duration_kind(request: GenerationRequest) -> tuple[str, str]:
    """Return what tasks that take about as long have in common: model and size."""
    return request.model, str(request.parameter("resolution"))


def _better(usual: Durations | None, seconds: list[float]) -> Durations | None:
    if usual is None:
        return None
    if seconds and (len(seconds) >= ENOUGH or not usual.tasks):
        return Durations.from_seconds(seconds, usual.pace)
    return usual if usual.tasks else None
