"""The newest tasks of the ledger as a table with small pictures."""

from __future__ import annotations

import time
from collections.abc import Sequence

from markupsafe import Markup

from nanobanana_nb.model.cost import money
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import markup, plain_table, text, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.report import Report

MOST_ROWS = 100
MOST_BYTES = 180_000  # of pictures in one table
IDS = "--ids"
_PX = 96
_SIMULATOR = "simulator"


def history_table(
    generations: Sequence[Generation], words: str = "", *, ids: bool = False
) -> Report:
    """Return the table of `generations`, newest first, in less than 400 kB.

    Args:
        words: what was looked for, if something was.
        ids: tell number, hash and task id of each, too.
    """
    if not generations and words:
        return Report.line(f"No prompt in the ledger has all of these words: {words}")
    if not generations:
        return Report.line("The ledger is empty: nothing was asked for yet.")
    alike, apart = _settings(generations)
    facts = [_facts(g, settings, ids) for g, settings in zip(generations, apart, strict=True)]
    if not any(apart):
        for row in facts:
            del row["settings"]
    words_of_states = [_standing(image) for image in generations]
    rows = [[w, *row.values()] for w, row in zip(words_of_states, facts, strict=True)]
    notes = [alike, "" if ids else f"`%nanobanana history {IDS}` tells their ids."]
    notes += [wording.SIMULATED] * all(image.simulated for image in generations)
    notes += [f"The newest {MOST_ROWS} at most."] * (len(rows) == MOST_ROWS)
    note = " ".join(filter(None, notes))

    def markup() -> str:
        style = tile_style(len(generations))
        pictures = [picture(image, style) for image in generations]
        html_rows = [[p, *row.values()] for p, row in zip(pictures, facts, strict=True)]
        return plain_table.table_html(["image", *facts[0]], html_rows, note)

    return Report(markup, text.table_text(["state", *facts[0]], rows, note))


def tile_style(count: int) -> tiles.TileStyle:
    """Return the look of small pictures, of which so many stand in one table."""
    return tiles.TileStyle(_PX, min(6_000, MOST_BYTES // count * 3 // 4))


def when_text(seconds: float | None) -> str:
    """Return a moment as people write it: `24 Nov 14:02`, with its year where that is over."""
    if seconds is None:
        return "–"
    moment = time.localtime(seconds)
    year = "" if moment.tm_year == time.localtime().tm_year else f" {moment.tm_year}"
    return f"{moment.tm_mday} {time.strftime('%b', moment)}{year} {time.strftime('%H:%M', moment)}"


def _settings(generations: Sequence[Generation]) -> tuple[str, list[str]]:
    """Return what all have alike, as a sentence, and for each what it has otherwise."""
    alike, apart = wording.shared_settings(image.request for image in generations)
    own = [[s.removeprefix("google/") for s in settings.values()] for settings in apart]
    if len({image.simulated for image in generations}) > 1:
        for image, settings in zip(generations, own, strict=True):
            settings += [_SIMULATOR] * image.simulated
    shared = wording.DOT.join(alike.values())
    return f"All: {shared}." if shared else "", [wording.DOT.join(settings) for settings in own]


def _facts(image: Generation, settings: str, ids: bool) -> dict[str, str]:
    facts = {
        "prompt": wording.cut(image.request.prompt or wording.PRIVATE, 160),
        "settings": settings,
        "credits": _credits(image),
        "when": when_text(image.created_at),
    }
    if ids:
        facts["id"] = str(image.id)
        facts["hash"] = image.sha256[:8] if image.sha256 else "–"
        facts["task"] = wording.task_text(image.task_id) or "–"
    return facts


def _credits(image: Generation) -> str:
    if image.credits is None:
        return "–"
    return wording.number(image.credits) + money(image.credits, image.request.provider)


def picture(image: Generation, style: tiles.TileStyle) -> Markup:
    """Return the thumbnail, or the word for its state and why; its title has the ids."""
    if image.ok:
        shown = tiles.picture(image, style, None, "")
    else:
        reason = markup.quiet(wording.cut(wording.reason(image), 80))
        shown = joined([tag("b", wording.state_word(image)), reason], Markup("<br>"))
    title = wording.DOT.join(filter(None, (f"id {image.id}", wording.task_text(image.task_id))))
    return tag("div", shown, title=title, style=f"max-width:{_PX + 40}px")


def _standing(image: Generation) -> str:
    reason = "" if image.ok else wording.cut(wording.reason(image), 60)
    return f"{wording.state_word(image)}: {reason}" if reason else wording.state_word(image)
