"""Images in numbers: how many stand where, what they cost and how long they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import wording

_ORDER = (
    "done",
    "differ",
    "not fetched",
    "running",
    "waiting",
    "stopped",
    "not sent",
    "unknown",
    "failed",
    "forgotten",
)


def count_parts(generations: Sequence[Generation]) -> list[str]:
    """Return `12 images`, `10 done`, `2 stopped`, `40 credits`, `8 reserved`, `41 s`."""
    costs = [g.credits for g in generations if g.credits is not None and not g.state.is_open]
    taken = [wording.cost(sum(costs), generations[0].request.provider)] if costs else []
    took = seconds_of(generations)
    seconds = [wording.seconds_text(took)] if took is not None else []
    return [*_state_parts(generations), *money_parts(taken, generations), *seconds]


def money_parts(taken: list[str], generations: Sequence[Generation]) -> list[str]:
    """Return what was taken and what is set aside: `8 credits`, `16 reserved`."""
    credits = sum(wording.reserved(g) or 0 for g in generations if g.state.is_open)
    if not credits:
        return taken
    provider = generations[0].request.provider
    amount = wording.number(credits) if taken else wording.cost(credits, provider)
    return [*taken, f"{amount} reserved"]


def each_text(generations: Sequence[Generation]) -> str:
    """Return `12 s and 4 credits each` where all cost the same; `about` where the times differ."""
    done = [g for g in generations if g.ok and not g.cached]
    credits = {g.credits for g in generations if g.ok}
    if len(done) < 2 or len(credits) > 1 or len(done) < sum(g.ok for g in generations):
        return ""
    seconds = [g.seconds for g in done if g.seconds is not None]
    about = "about " * (len({wording.seconds_text(s) for s in seconds}) > 1)
    took = [about + wording.seconds_text(median(seconds))] if seconds else []
    provider = generations[0].request.provider
    cost = [wording.cost(c, provider) for c in credits if c is not None]
    return f"{' and '.join([*took, *cost])} each" if took or cost else ""


def legends(
    generations: Sequence[Generation], apart: Sequence[Mapping[str, str]]
) -> list[list[str]]:
    """Return the words of each image beside what all share: settings, cost where that differs.

    One alone has its time and its cost, where its tile does not tell them; how long each of
    several took stands in no small text. What came from the ledger cost nothing now: the sum says
    how many these are.
    """
    if len(generations) == 1:
        (image,) = generations
        took = "" if image.seconds is None else wording.seconds_text(image.seconds)
        return [[part for part in (took, wording.credits_text(image)) if part and image.ok]]
    differ = len({g.credits or 0 for g in generations if g.ok and not g.cached}) > 1
    return [
        [
            *settings.values(),
            *([wording.cost(g.credits or 0, g.request.provider)] * (differ and g.ok)),
        ]
        for g, settings in zip(generations, apart, strict=True)
    ]


def seconds_of(generations: Sequence[Generation]) -> float | None:
    """Return the seconds in which any image was on its way, without those of the ledger.

    What passes between a run that stopped and the one that goes on with it is not counted.
    """
    timed = [g for g in generations if g.seconds is not None and not g.cached]
    if not timed:
        return None
    # the service's seconds begin when an image is sent
    spans = [
        (g.created_at, (g.sent_at or g.created_at) + (g.seconds or 0.0))
        for g in timed
        if g.created_at
    ]
    if len(spans) < len(timed):
        return max(g.seconds or 0 for g in timed)
    total, reached = 0.0, 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _state_parts(generations: Sequence[Generation]) -> list[str]:
    """Return `12 images`, `8 done`, `2 running`, `2 from the ledger`: no money and no time."""
    # what is done but not as asked is counted apart
    states = Counter("differ" if g.differences else wording.state_word(g) for g in generations)
    cached = sum(g.cached for g in generations)
    several = len(generations) > 1
    parts = [wording.counted(len(generations), "image")]
    for state in _ORDER:
        if (count := states[state]) and (
            state != "done" or count < len(generations) or not several
        ):
            word = "differs" if state == "differ" and count == 1 else state
            parts.append(f"{count:,} {word}" if several else word)
    return parts + [f"{cached} from the ledger" if several else "from the ledger"] * bool(cached)
