"""A short answer: a line, a table or a bill, as HTML and the same in text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.show.html import html, markup, plain_table, text
from nanobanana_nb.text.terminal import printed


@printed
class Report:
    """Shows as HTML in a notebook and as text elsewhere.

    Examples:
        >>> from nanobanana_nb import Report, plan
        >>> plan("A heron").bill()
        1 image
        4 credits ...
    """

    def __init__(self, markup: str | Callable[[], str], plain: str) -> None:
        self._markup = markup  # called where it is shown as HTML: pictures take their time
        self._plain = plain

    @classmethod
    def line(cls, words: str) -> Report:
        """Return one sentence, `words`; code in it stands in backticks.

        Examples:
            >>> Report.line("2 images wait.")
            2 images wait.
        """
        return cls(markup.tag("div", markup.with_code(words)), words)

    @classmethod
    def text(cls, words: str) -> Report:
        """Return text, `words`, whose lines and columns stay as they are.

        Examples:
            >>> Report.text("a   b")
            a   b
        """
        return cls(markup.tag("pre", words), words)

    @classmethod
    def table(cls, headers: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> Report:
        """Return a table: `headers` above the `rows`, and a `note` below.

        Examples:
            >>> Report.table(("model", "credits"), [("nano-banana", "4")])
            model        credits
            nano-banana  4
        """
        return cls(
            plain_table.table_html(headers, rows, note), text.table_text(headers, rows, note)
        )

    @classmethod
    def bill(cls, plan: Plan, bill: Bill, *, simulated: bool) -> Report:
        """Return what the `plan` asks for and what it would cost by the `bill`.

        Examples:
            >>> from nanobanana_nb.model.plan.bill import Bill
            >>> Report.bill(plan("A heron"), Bill(1, 0, 4.0, 10.0), simulated=False)
            1 image
            4 credits · balance after: 6
            A heron
        """
        return cls(html.bill_html(plan, bill, simulated), text.bill_text(plan, bill, simulated))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        markup = self._markup() if callable(self._markup) else self._markup
        return {"text/html": str(markup), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return self._plain
