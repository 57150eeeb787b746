"""A plain table of words, as HTML that a saved notebook keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.markup import tag

_ROW = "background:none"
_CELL = "background:none;vertical-align:top;padding:5px 16px 5px 0;border:none"
_MOST_WHOLE = 12  # letters of a column whose cells are not broken: figures, dates
_LINE = "border-bottom:1px solid rgba(128,128,128,{})"
_FIGURES = re.compile(r"[0-9][0-9,.]*(?: / [0-9][0-9,.]*)*|–|")


def table_html(headers: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> Markup:
    """Return a plain table; cells are escaped unless they are `Markup`, figures to the right."""
    table = [
        [c if isinstance(c, Markup) else markup.isolated(str(c), 400) for c in row] for row in rows
    ]
    looks = [_looks(column) for column in zip(*table, strict=True)] or [("left", "normal")] * len(
        headers
    )
    head = [_cell("th", cell, *look, 0.5) for cell, look in zip(headers, looks, strict=True)]
    lines = [
        [_cell("td", cell, *look, 0.2) for cell, look in zip(row, looks, strict=True)]
        for row in table
    ]
    drawn = [tag("tr", *cells, style=_ROW) for cells in (head, *lines)]
    whole = tag("table", *drawn, border=0, cellpadding=4, style=markup.TABLE)
    below = tag("div", markup.quiet(markup.with_code(note)), style="padding:4px 0") if note else ""
    return tag("div", whole, below, style="overflow-x:auto")


def _looks(column: Sequence[Markup]) -> tuple[str, str]:
    """Return the side at which a column stands, figures at the right, and how its words break."""
    texts = [cell.striptags() for cell in column]
    figures = all(map(_FIGURES.fullmatch, texts)) and any(text[:1].isdigit() for text in texts)
    is_short = max(map(len, texts)) <= _MOST_WHOLE
    return "right" if figures else "left", "nowrap" if is_short else "normal"


def _cell(name: str, content: Any, side: str, breaks: str, shade: float) -> Markup:
    style = f"{_CELL};{_LINE.format(shade)};text-align:{side};white-space:{breaks}"
    return tag(name, content, align=side, style=style)
