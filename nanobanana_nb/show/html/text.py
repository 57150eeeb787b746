"""The text twins of results, lists and bills: for terminals and screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import MOST_TILES
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.display import Display
from nanobanana_nb.show.html.grid_name import with_variable
from nanobanana_nb.show.html.sent_prompts import sent_prompts
from nanobanana_nb.text.terminal import width

_GAP = "  "
_NARROW = 8  # signs that a column keeps


def grid_text(display: Display) -> str:
    """Return the result as lines of text: the sum first, then each image."""
    if not display.grid.generations:
        return "No images."
    words = display.summary
    lines = [wording.code_free(wording.DOT.join(words.counts)), wording.DOT.join(words.settings)]
    lines += [_only(display)] if len(display.grid.generations) == 1 else _each(display)
    lines += [wording.code_free(note) for note in words.notes]
    return "\n".join(line for line in lines if line)


def table_text(headers: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> str:
    """Return the table with its columns aligned."""
    lines = [[wording.cut(cell, 200) for cell in row] for row in (headers, *rows)]
    text = "\n".join(_aligned_lines(lines))
    return f"{text}\n{wording.code_free(note)}" if note else text


def bill_text(plan: Plan, bill: Bill, simulated: bool) -> str:
    """Return what the plan asks for and what it will cost, before it is sent."""
    lines = [plan.in_words(), wording.DOT.join(bill_parts(bill)), wording.cut(plan.prompt, 300)]
    prompts, more = sent_prompts(plan)
    lines += [*(f"prompt: {wording.cut(prompt, 300)}" for prompt in prompts), more]
    lines += [wording.code_free(wording.plain(note)) for note in plan.notes]
    lines += [wording.SIMULATES] if simulated else []
    return "\n".join(line for line in lines if line)


def bill_parts(bill: Bill) -> list[str]:
    """Return the money of a bill: what is paid for, what it costs, what is left."""
    parts = [f"{bill.cached} already in the ledger", f"{bill.new} new"] if bill.cached else []
    parts.append(price(bill))
    if bill.credits is None and bill.why_unknown:
        parts.append(wording.cut(bill.why_unknown, 200))
    if bill.credits is None and bill.likely is not None:
        parts.append(f"{wording.cost(bill.likely, bill.provider)} at the last known price")
    if bill.balance_after is not None and bill.balance_after >= 0:
        parts.append(f"balance after: {wording.number(bill.balance_after)}")
    elif bill.balance_after is not None:
        parts.append(f"{wording.number(-bill.balance_after)} more than the balance")
    elif bill.new and bill.balance is not None:
        parts.append(f"balance: {wording.number(bill.balance)}")
    elif bill.new:
        parts.append("balance not known")
    return parts


def price(bill: Bill) -> str:
    """Return what the bill comes to, `about` where the service only estimates."""
    if bill.credits is not None:
        return ("" if bill.exact else "about ") + wording.cost(bill.credits, bill.provider)
    return "price not known"


def _only(display: Display) -> str:
    """Return the lines of the image of a grid that has one."""
    generation = display.grid.generations[0]
    resumable = not generation.ok and wording.can_resume(generation)
    task = "" if resumable else wording.task_text(generation.task_id)
    kind = (generation.media_type or "").removeprefix("image/")
    pixels = f"{generation.width} × {generation.height} {kind}".rstrip()
    pixels = pixels if generation.width and generation.height else ""
    opinions = (display.summary.marks[0], display.summary.ratings[0])
    known = [pixels, *generation.differences, task, *opinions]
    lines = [wording.DOT.join(wording.plain(part) for part in known if part)]
    if generation.error is not None:
        lines.append(wording.code_free(str(generation.error)))
    elif not generation.ok:
        lines.append(_standing(generation))
    href = display.grid.href(generation)
    lines.append(unquote(href or "") or str(generation.path or ""))  # beside the notebook, if there
    return "\n".join(line for line in map(wording.plain, lines) if line)


def _standing(generation: Generation) -> str:
    known = [wording.state_word(generation), wording.reason(generation)]
    known += [wording.charged_text(generation)]
    if wording.can_resume(generation):
        known += [wording.task_text(generation.task_id)]
        known += [wording.RESUME] * wording.is_left_over(generation)
    return wording.DOT.join(part for part in known if part)


def _each(display: Display) -> list[str]:
    """Return the lines of a table with a row an image."""
    grid, places = display.grid, display.layout.places
    rows = [["#", *(wording.cut(name, 40) for name in places.names), "state", "details", "file"]]
    sent = [
        (i, image) for i, image in enumerate(grid.generations) if not wording.was_stopped(image)
    ]
    for i, image in sent[:MOST_TILES]:
        details = wording.DOT.join([*display.summary.legends[i], *image.differences])
        values = places.values(i, places.names)
        cells = [wording.cut(values.get(name, ""), 40) for name in places.names]
        if image.ok:
            file = unquote(grid.href(image) or "") or str(image.path)
        else:
            file = wording.cut(_standing(image).partition(wording.DOT)[2], 160)
        rows.append([str(i), *cells, wording.state_word(image), details, file])
    hidden = sent[MOST_TILES:]
    lines = _with_files(rows) if sent else []
    if hidden:
        rest = with_variable(f"grid[{hidden[0][0]}:]", grid)
        shows = f": {wording.code_free(rest)} shows the next" if rest else ""
        lines.append(f"{len(hidden):,} more{shows}.")
    return lines


def _with_files(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows aligned; at a terminal each file has a line of its own: none is cut."""
    if width() is None:
        return _aligned_lines(rows)
    head, *lines = _aligned_lines([row[:-1] for row in rows])
    files = (f"{_GAP}{row[-1]}" for row in rows[1:])
    return [head, *(part for pair in zip(lines, files, strict=True) for part in pair)]


def _aligned_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows with their columns aligned, at a terminal no wider than it is."""
    widths = _fitting([max(map(len, column)) for column in zip(*rows, strict=True)], width())
    lines = [
        _GAP.join(_cell(cell, most).ljust(most) for cell, most in zip(row, widths, strict=True))
        for row in rows
    ]
    return [line.rstrip() for line in lines]


def _cell(text: str, most: int) -> str:
    return text if len(text) <= most else wording.cut(text, most)


def _fitting(widths: list[int], most: int | None) -> list[int]:
    """Return the widths of columns that fit into a line: the widest give way."""
    surplus = 0 if most is None else sum(widths) + len(_GAP) * (len(widths) - 1) - most
    while surplus > 0 and max(widths) > _NARROW:
        first, second = sorted([_NARROW, *widths])[:-3:-1]
        wide = [n for n, width in enumerate(widths) if width == first]
        step = max(1, min(first - second, -(-surplus // len(wide))))
        for n in wide:
            widths[n] -= step
        surplus -= step * len(wide)
    return widths
