"""What is shown while tasks run; the result takes its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from markupsafe import Markup

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.counts import ORDER, count_parts
from nanobanana_nb.show.html.grid_name import grid_name
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.summary import not_sent
from nanobanana_nb.show.html.text import price
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.eta import left_text
from nanobanana_nb.show.live.live_grid import tiles_html
from nanobanana_nb.text.terminal import printable

MOST_BYTES = 60_000
MOST_REASONS = 3
MOST_NAME = 160  # characters of the prompt
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
            advice=advice,
        )
    ]
    if len(generations) > 1:
        parts.append(tiles_html(generations, plan, tile_strip.front(generations), now))
    looks = f"border:1px solid {markup.FAINT};border-radius:6px;padding:8px 12px;max-width:960px"
    return tag("div", *parts, style=looks)


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
    advice: str = wording.INTERRUPT,
) -> Markup:
    """Return the board without its tiles: counts, bar, time left, money and errors.

    Args:
        failures: why tasks failed; left out where another part of the board tells it.
    """
    money = _money(generations, bill, lost)
    details = _details(generations, elapsed_s, money, left_s, tiles.task)
    head = [tag("b", _progress(generations)), *details]
    lines = [tag("div", joined(head, wording.DOT))]
    if len(generations) > 1:
        lines += [_bar(generations), *(_failures(generations) if failures else [])]
        lines += [tag("div", markup.with_code(line)) for line in not_sent(generations)]
    else:
        lines += [tag("div", markup.quiet(tag("bdi", grid_name(generations, plan, MOST_NAME))))]
    if notice:
        lines += [tag("div", tag("b", notice))]
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
        wording.DOT.join([_progress(generations), *named]),
        grid_name(generations, plan, MOST_NAME),
    ]
    if len(generations) > 1:
        lines += [f"{count:,} failed: {why}" for why, count in _reasons(generations)]
        lines += map(wording.code_free, not_sent(generations))
    lines.append(notice)
    if not all(g.state.is_final for g in generations):
        lines.append(wording.code_free(advice))
    return printable("\n".join(line for line in lines if line))


def summed_up(generations: Sequence[Generation]) -> dict[str, str]:
    """Return one line about images that are shown elsewhere, as HTML and as text."""
    text = f"New: {wording.DOT.join(count_parts(generations))}"
    return {"text/html": tag("div", markup.quiet(text)), "text/plain": printable(text)}


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
        return [*_state_counts(generations), *took, *money]
    image = generations[0]
    task = [as_task(image)] if image.task_id else []
    looks = [f"looked at {wording.times(image.looks)}"] if image.looks else []
    return [*took, *task, *looks, *money]


def _state_counts(generations: Sequence[Generation]) -> list[str]:
    counts = Counter(map(wording.state_word, generations))
    return [f"{counts[word]:,} {word}" for word in ORDER if counts[word]]


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
    billed = bill is not None and bill.credits is not None
    if bill is not None and billed and len(generations) == 1:
        return [price(bill)]
    reserved = sum(g.credits or 0 for g in generations if not g.state.is_final)
    spent = sum(g.credits or 0 for g in generations if g.state.is_final) + lost
    if bill is not None and billed:
        parts = [f"{wording.number(spent)} of {price(bill)}"]
    else:
        parts = [wording.counted(spent, "credit")] if spent else []
    parts += [f"{wording.number(reserved)} reserved"] if reserved else []
    return parts + ([f"{wording.number(lost)} of them for tries that failed"] if lost else [])


def _bar(generations: Sequence[Generation]) -> Markup:
    """Return the shares of done, failed and running as one line of coloured pieces."""
    counts = Counter(_colour(g.state) for g in generations)
    total = len(generations)
    pieces = [
        tag(
            "td",
            bgcolor=colour if colour.startswith("#") else None,
            height=5,
            width=f"{100 * counts[colour] / total:.2f}%",
            style=(
                f"background:{colour};height:5px;padding:0;border:none;"
                f"width:{100 * counts[colour] / total:.2f}%"
            ),
        )
        for colour in (markup.GREEN, markup.RED, markup.AMBER, markup.FAINT)
        if counts[colour]
    ]
    looks = "border:none;border-collapse:collapse;table-layout:fixed;width:100%;margin:6px 0"
    row = tag("tr", *pieces, style="background:none")
    return tag("table", row, border=0, cellpadding=0, cellspacing=0, width="100%", style=looks)


def _colour(state: State) -> str:
    if state is State.SUCCESS:
        return markup.GREEN
    if state in (State.FAILED, State.UNKNOWN):
        return markup.RED
    return markup.AMBER if state in (State.RUNNING, State.DETACHED) else markup.FAINT
