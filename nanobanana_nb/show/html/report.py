"""A short answer: a line, a table or a bill, as HTML and the same in text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.show.html import html, markup, plain_table, text
from nanobanana_nb.text.terminal import printed


@printed
class Report:
    """Shows as HTML in a notebook and as text elsewhere."""

    def __init__(self, markup: str, plain: str) -> None:
        self._markup = markup
        self._plain = plain

    @classmethod
    def line(cls, words: str) -> Report:
        """Return one sentence."""
        return cls(markup.tag("div", markup.with_code(words)), words)

    @classmethod
    def text(cls, words: str) -> Report:
        """Return text whose lines and columns stay as they are."""
        return cls(markup.tag("pre", words), words)

    @classmethod
    def table(cls, headers: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> Report:
        """Return a table."""
        return cls(
            plain_table.table_html(headers, rows, note), text.table_text(headers, rows, note)
        )

    @classmethod
    def bill(cls, plan: Plan, bill: Bill, *, simulated: bool) -> Report:
        """Return what a plan asks for and what it would cost."""
        return cls(html.bill_html(plan, bill, simulated), text.bill_text(plan, bill, simulated))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self._markup, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return self._plain
