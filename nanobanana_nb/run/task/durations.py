"""How long the tasks of a run take, from what the run itself and the ledger have seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.task.poll_schedule import Durations

ENOUGH = 3  # so many tasks of this run tell more than the ledger, which saw other days
Usual = Callable[[GenerationRequest], Durations | None]


def observed(generations: Iterable[Generation], usual: Usual) -> Usual:
    """Return what gives the durations of a request's kind, None where none was ever seen.

    Args:
        usual: what the ledger has of a kind; None where nobody has asked it yet.
    """
    ours: dict[tuple[str, str], list[float]] = {}
    for one in generations:
        if one.ok and not one.cached and one.seconds:
            ours.setdefault(kind(one.request), []).append(one.seconds)
    found: dict[tuple[str, str], Durations | None] = {}

    def look_up(request: GenerationRequest) -> Durations | None:
        which = kind(request)
        if which not in found:
            found[which] = _chosen(usual(request), ours.get(which, []))
        return found[which]

    return look_up


def kind(request: GenerationRequest) -> tuple[str, str]:
    """Return what tasks that take about as long have in common: model and size."""
    return request.model, str(request.parameter("resolution"))


def _chosen(known: Durations | None, ours: list[float]) -> Durations | None:
    if known is None:
        return None
    if ours and (len(ours) >= ENOUGH or not known.seen):
        return Durations.learned(ours, known.pace)
    return known if known.seen else None
