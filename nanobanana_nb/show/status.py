"""What is shown while tasks run; the result takes its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from nanobanana_nb.model.plan import Bill, Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show import markup, thumbnail, tiles, wording
from nanobanana_nb.show.markup import Safe, joined, tag
from nanobanana_nb.show.text import price

MOST_TILES = 32
MOST_BYTES = 60_000
_TILE_PX = 56
_TILE_BYTES = 1_000
_CELL = "border:none;background:none;text-align:left;vertical-align:middle;padding:0 6px 4px 0"


def status_html(
    generations: Sequence[Generation],
    *,
    elapsed_s: float,
    plan: Plan | None = None,
    bill: Bill | None = None,
    notice: str = "",
    now: float | None = None,
) -> str:
    """Return the board of running tasks, under 60 kB for any number of them.

    Args:
        elapsed_s: seconds since the cell began.
        notice: why everything waits just now, if it does.
        now: seconds since the epoch; with it each running task shows its own seconds.
    """
    details = _details(generations, elapsed_s, bill, tiles.task)
    head = [tag("b", _progress(generations)), *details]
    lines = [tag("div", joined(head, wording.DOT))]
    if len(generations) > 1:
        lines += [_bar(generations), _board(generations, now)]
    else:
        lines += [tag("div", markup.quiet(tag("bdi", _prompt(generations, plan))))]
    if notice:
        lines += [tag("div", tag("b", notice))]
    if not all(g.state.is_final for g in generations):
        lines += [tag("div", markup.quiet(markup.with_code(wording.INTERRUPT)))]
    looks = f"border:1px solid {markup.FAINT};border-radius:6px;padding:8px 12px;max-width:960px"
    return tag("div", *lines, style=looks)


def status_text(
    generations: Sequence[Generation],
    *,
    elapsed_s: float,
    plan: Plan | None = None,
    bill: Bill | None = None,
    notice: str = "",
    now: float | None = None,
) -> str:
    """Return the same in words."""
    details = _details(generations, elapsed_s, bill, lambda one: wording.plain(one.task_id))
    lines = [wording.DOT.join([_progress(generations), *details]), _prompt(generations, plan)]
    lines.append(notice)
    if not all(g.state.is_final for g in generations):
        lines.append(wording.code_free(wording.INTERRUPT))
    return "\n".join(line for line in lines if line)


def _progress(generations: Sequence[Generation]) -> str:
    if len(generations) == 1:
        return wording.state_word(generations[0])
    done = sum(g.state.is_final for g in generations)
    return f"{done:,} of {len(generations):,}"


def _details(
    generations: Sequence[Generation],
    elapsed_s: float,
    bill: Bill | None,
    as_task: Callable[[Generation], str],
) -> list[str]:
    took = wording.seconds_text(elapsed_s)
    money = _money(generations, bill)
    if len(generations) != 1:
        return [*_counted(generations), took, *money]
    one = generations[0]
    named = [as_task(one)] if one.task_id else []
    looks = [f"asked {wording.times(one.looks)}"] if one.looks else []
    return [took, *named, *looks, *money]


def _counted(generations: Sequence[Generation]) -> list[str]:
    found = Counter(g.state for g in generations)
    order = (State.SUCCESS, State.RUNNING, State.PENDING, State.SENT, State.PLANNED)
    rest = (State.DETACHED, State.UNKNOWN, State.FAILED)
    words = {State.SUCCESS: "done", State.PENDING: "waiting"}
    return [f"{found[s]:,} {words.get(s, s)}" for s in (*order, *rest) if found[s]]


def _money(generations: Sequence[Generation], bill: Bill | None) -> list[str]:
    spent = sum(g.credits or 0 for g in generations)
    if bill is not None and bill.credits is not None:
        total = price(bill)
        partly = len(generations) > 1 and spent
        return [f"{wording.number(spent)} of {total}"] if partly else [total]
    return [wording.counted(spent, "credit")] if spent else []


def _prompt(generations: Sequence[Generation], plan: Plan | None) -> str:
    prompt = plan.prompt if plan else ""
    if not prompt and generations:
        prompt = generations[0].request.prompt
    return wording.cut(prompt, 160)


def _bar(generations: Sequence[Generation]) -> Safe:
    """Return the shares of done, failed and running as one line of coloured pieces."""
    found = Counter(_colour(g.state) for g in generations)
    total = len(generations)
    pieces = [
        _piece(colour, 100 * found[colour] / total)
        for colour in (markup.GREEN, markup.RED, markup.AMBER, markup.FAINT)
        if found[colour]
    ]
    looks = "border:none;border-collapse:collapse;table-layout:fixed;width:100%;margin:6px 0"
    row = tag("tr", *pieces, style="background:none")
    return tag("table", row, border=0, cellpadding=0, cellspacing=0, width="100%", style=looks)


def _piece(colour: str, percent: float) -> Safe:
    looks = f"background:{colour};height:5px;padding:0;border:none;width:{percent:.2f}%"
    plain = colour if colour.startswith("#") else None
    return tag("td", bgcolor=plain, height=5, width=f"{percent:.2f}%", style=looks)


def _colour(state: State) -> str:
    if state is State.SUCCESS:
        return markup.GREEN
    if state in (State.FAILED, State.UNKNOWN):
        return markup.RED
    return markup.AMBER if state in (State.RUNNING, State.DETACHED) else markup.FAINT


def _board(generations: Sequence[Generation], now: float | None) -> Safe:
    """Return small tiles, those around the first task that is not done where they are many."""
    total = len(generations)
    front = next((i for i, g in enumerate(generations) if not g.state.is_final), total)
    start = max(0, min(front - MOST_TILES // 2, total - MOST_TILES))
    shown = generations[start : start + MOST_TILES]
    thumbnail.prepare(g.path for g in shown)
    drawn = joined([_tile(g, now) for g in shown], " ")
    more = total - len(shown)
    note = [markup.quiet(f"{start + 1:,} to {start + len(shown):,}; {more:,} more")] if more else []
    return joined([tag("div", drawn, style="line-height:1.2"), *(tag("div", n) for n in note)])


def _tile(generation: Generation, now: float | None) -> Safe:
    if generation.ok and generation.path is not None:
        try:
            small = thumbnail.fitted(generation.path, _TILE_PX, _TILE_BYTES)
            return tiles.image(small, wording.alt_text(generation)[:80], inline=True)
        except OSError:
            pass
    looks = (
        f"display:inline-block;box-sizing:border-box;width:{_TILE_PX}px;height:42px;"
        f"line-height:38px;border:{tiles.border(generation)};border-radius:3px;text-align:center;"
        "vertical-align:top;overflow:hidden;font-size:11px;margin:0 4px 4px 0"
    )
    return tag(
        "span", wording.mark(generation, now), title=wording.state_word(generation), style=looks
    )
