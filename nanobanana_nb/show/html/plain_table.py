"""A plain table of words, as HTML that a saved notebook keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.markup import tag

_ROW = "background:none"
_PLAIN = "border:none;background:none;white-space:normal;"
_LIST = f"{_PLAIN}text-align:left;vertical-align:top;padding:3px 18px 3px 0"


def table_html(headers: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> Markup:
    """Return a plain table; cells are escaped unless they are `Markup`."""
    head = tag("tr", *(tag("th", h, align="left", style=_LIST) for h in headers), style=_ROW)
    cells = (
        [c if isinstance(c, Markup) else markup.isolated(str(c), 400) for c in row] for row in rows
    )
    lines = [
        tag("tr", *(tag("td", cell, align="left", style=_LIST) for cell in row), style=_ROW)
        for row in cells
    ]
    table = tag("table", head, *lines, border=0, cellpadding=4, style=markup.TABLE)
    below = tag("div", markup.quiet(markup.with_code(note))) if note else ""
    return tag("div", table, below, style="overflow-x:auto")
