"""What is shown while tasks run; the result takes its place."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence

from markupsafe import Markup

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.growth import may_be_retried
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.counts import count_parts, money_parts
from nanobanana_nb.show.html.grid_name import grid_name
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.summary import is_awaited, not_sent, waits
from nanobanana_nb.show.html.text import price
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.clickable import all_again
from nanobanana_nb.show.live.eta import left_text
from nanobanana_nb.show.live.live_grid import Live, has_places, tiles_html
from nanobanana_nb.text.terminal import printable

MOST_BYTES = 60_000
MOST_REASONS = 3
MOST_NAME = 160  # characters of the prompt
_GOING, _REST = "rgba(128,128,128,0.55)", "rgba(128,128,128,0.18)"  # of the bar
_ONE_LINE = (
    "display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1;overflow:hidden;"
    "min-height:20px;overflow-wrap:anywhere"
)
AGAIN = "Running the cell again asks once more for what failed; what is done is free."


def status_html(
    generations: Sequence[Generation],
    *,
    elapsed_s: float,
    plan: Plan | None = None,
    bill: Bill | None = None,
    notice: str = "",
    now: float | None = None,
    left_s: float | None = None,
    lost: float = 0.0,
    advice: str = wording.INTERRUPT,
) -> str:
    """Return the board of running tasks, under 60 kB for any number of them.

    Args:
        elapsed_s: seconds since the cell began.
        notice: why everything waits just now, if it does.
        now: seconds since the epoch; with it each running task shows its own seconds.
        left_s: how long it still takes, where that is known.
        lost: credits of failed tries that another try took the place of.
        advice: what stopping means, said while anything runs.
    """
    parts = [
        head_html(
            generations,
            elapsed_s=elapsed_s,
            plan=plan,
            bill=bill,
            notice=notice,
            left_s=left_s,
            lost=lost,
            failures=not has_places(generations),
            advice=advice,
        )
    ]
    parts.append(tiles_html(generations, plan, tile_strip.front(generations), Live(now)))
    return tag("div", *parts)


def head_html(
    generations: Sequence[Generation],
    *,
    elapsed_s: float,
    plan: Plan | None = None,
    bill: Bill | None = None,
    notice: str = "",
    left_s: float | None = None,
    lost: float = 0.0,
    failures: bool = True,
    again: bool = False,
    advice: str = wording.INTERRUPT,
) -> Markup:
    """Return the board without its tiles: counts, bar, time left, money and errors.

    Args:
        failures: why tasks failed, where no tile tells it; left out where another part does.
        again: all that failed can be tried again from here.
    """
    several, failed = len(generations) > 1, sum(map(may_be_retried, generations))
    money, name = _money(generations, bill, lost), grid_name(generations, plan, MOST_NAME)
    head: list[Markup | str] = [tag("b", _progress(generations))]
    head += _state_counts(generations, tiled=has_places(generations))
    head += [all_again(failed)] * (again and failed > 1)
    head += _details(generations, elapsed_s, [] if several else money, left_s, tiles.task)
    below = [*money, *not_sent(generations)] if several else [tag("bdi", name)]
    words = [tag("b", notice)] * bool(notice) + waits(generations)
    words += [markup.quiet(_dotted(below))] * bool(below)
    moment = {"data-now": int(time.time())}  # the clock by which the page counts
    lines = [_line(head, **moment), _bar(generations, elapsed_s, left_s), _line(words)]
    if failures and several and not has_places(generations):
        lines += _failures(generations)
    if advice and not all(g.state.is_final for g in generations):
        lines += [tag("div", markup.quiet(markup.with_code(advice)))]
    return joined(lines)


def status_text(
    generations: Sequence[Generation],
    *,
    elapsed_s: float,
    plan: Plan | None = None,
    bill: Bill | None = None,
    notice: str = "",
    now: float | None = None,
    left_s: float | None = None,
    lost: float = 0.0,
    advice: str = wording.INTERRUPT,
) -> str:
    """Return the same in words."""
    money = _money(generations, bill, lost)
    named = _details(generations, elapsed_s, money, left_s, lambda g: wording.task_text(g.task_id))
    lines = [
        wording.DOT.join(
            [_progress(generations), *_state_counts(generations, tiled=False), *named]
        ),
        grid_name(generations, plan, MOST_NAME),
    ]
    if len(generations) > 1:
        lines += [f"{count:,} failed: {why}" for why, count in _reasons(generations)]
        lines += map(wording.code_free, not_sent(generations))
    lines += [*waits(generations), notice]
    if not all(g.state.is_final for g in generations):
        lines.append(wording.code_free(advice))
    return printable("\n".join(line for line in lines if line))


def summed_up(generations: Sequence[Generation]) -> dict[str, str]:
    """Return one line about images that are shown elsewhere, as HTML and as text."""
    text = f"New: {wording.DOT.join(count_parts(generations))}"
    return {"text/html": tag("div", markup.quiet(text)), "text/plain": printable(text)}


def _line(parts: Sequence[Markup | str], **attributes: object) -> Markup:
    """Return the parts in a line that stays one; what has no room in it stands in the title."""
    content = _dotted(parts)
    title = wording.cut(content.striptags(), markup.MOST_TITLE)
    return tag("div", content, title=title, style=_ONE_LINE, **attributes)


def _dotted(parts: Sequence[Markup | str]) -> Markup:
    known = (part if isinstance(part, Markup) else markup.with_code(part) for part in parts)
    return joined(known, wording.DOT)


def _progress(generations: Sequence[Generation]) -> str:
    if len(generations) == 1:
        return wording.state_word(generations[0])
    done = sum(g.state.is_final for g in generations)
    return f"{done:,} of {len(generations):,}"


def _details(
    generations: Sequence[Generation],
    elapsed_s: float,
    money: Sequence[str],
    left_s: float | None,
    as_task: Callable[[Generation], str],
) -> list[str]:
    left = [text] if (text := left_text(left_s)) else []
    took = [wording.seconds_text(elapsed_s), *left]
    if len(generations) != 1:
        return [*took, *money]
    image = generations[0]
    task = [as_task(image)] if image.task_id else []
    looks = [f"looked at {wording.times(image.looks)}"] if image.looks else []
    return [*took, *money, *task, *looks]


def _state_counts(generations: Sequence[Generation], *, tiled: bool) -> list[str]:
    """Return how many stand where; what tiles in their places show is not counted as well."""
    if len(generations) == 1:
        return []
    counts = Counter(wording.state_word(g) for g in generations)
    usual = ("done", "running", "waiting", "not sent")
    order = ("stopped", "not fetched", "unknown", "failed")
    words = order if tiled else (*usual, *order)
    return [f"{counts[word]:,} {word}" for word in words if counts[word]]


def _failures(generations: Sequence[Generation]) -> list[Markup]:
    """Return a line for each reason that tasks failed for, the most frequent first."""
    reasons = _reasons(generations)
    lines = [
        tag("div", tag("b", f"{count:,} failed: "), markup.isolated(why, 200))
        for why, count in reasons[:MOST_REASONS]
    ]
    if (rest := len(reasons) - MOST_REASONS) > 0:
        lines.append(tag("div", f"and {wording.counted(rest, 'more reason')}"))
    return [*lines, tag("div", markup.quiet(AGAIN))] if lines else []


def _reasons(generations: Sequence[Generation]) -> list[tuple[str, int]]:
    """Return why tasks failed, with the money where it is known, and how many each time."""
    failed = (g for g in generations if g.state is State.FAILED)
    reasons = (filter(None, (wording.reason(g), wording.charged_text(g))) for g in failed)
    return Counter(wording.DOT.join(parts) for parts in reasons).most_common()


def _money(generations: Sequence[Generation], bill: Bill | None, lost: float) -> list[str]:
    """Return what is spent of the bill, and what the service has set aside for what runs."""
    if all(map(is_awaited, generations)):
        return []
    billed = bill is not None and bill.credits is not None
    if bill is not None and billed and len(generations) == 1:
        return [price(bill)]
    spent = sum(g.credits or 0 for g in generations if g.state.is_final) + lost
    if bill is not None and billed:
        taken = [f"{wording.number(spent)} of {price(bill)}"]
    else:
        taken = [wording.cost(spent, generations[0].request.provider)] if spent else []
    parts = money_parts(taken, generations)
    return parts + ([f"{wording.number(lost)} of them for tries that failed"] if lost else [])


def _bar(generations: Sequence[Generation], elapsed_s: float, left_s: float | None) -> Markup:
    """Return the shares of done and failed, and how far the rest should be, as one thin line."""
    total = len(generations)
    done = sum(g.ok for g in generations) / total
    lost = sum(g.state in (State.FAILED, State.UNKNOWN) for g in generations) / total
    expected = elapsed_s / (elapsed_s + left_s) if left_s is not None and elapsed_s > 0 else 0.0
    going = max(0.0, min(0.98, expected) - done - lost)
    shares = ((markup.GREEN, done), (markup.RED, lost), (_GOING, going))
    pieces = [_piece(colour, share) for colour, share in shares if share]
    pieces.append(_piece(_REST, max(0.0, 1 - done - lost - going)))
    looks = "border:none;border-collapse:collapse;table-layout:fixed;width:100%;margin:6px 0 8px 0"
    row = tag("tr", *pieces, style="background:none")
    return tag("table", row, border=0, cellpadding=0, cellspacing=0, width="100%", style=looks)


def _piece(colour: str, share: float) -> Markup:
    width = f"{100 * share:.2f}%"
    looks = f"background:{colour};height:3px;padding:0;border:none;width:{width}"
    plain = colour if colour.startswith("#") else None  # where styles are stripped
    return tag("td", bgcolor=plain, height=3, width=width, style=looks)
