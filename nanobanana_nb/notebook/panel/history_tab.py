"""The history in a panel: a search, small pictures, and the settings of an image used again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import Ticker
from nanobanana_nb.settings.record import Settings
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag

AT_ONCE = 8
_TYPING_S = 0.4
Use = Callable[[Generation], object]
Look = Callable[[Sequence[Generation], int], object]
Drawn = tuple[Generation, str]


class HistoryTab:
    """The newest images of the ledger, or those whose prompt has the words; `box` shows them.

    Args:
        again: called with an image whose settings are to be used again.
        take: called with an image that is to be a reference.
        look: called with all images that are shown and the position of one, to see it large.
    """

    def __init__(
        self, ticker: Ticker, settings: Settings, again: Use, take: Use, look: Look
    ) -> None:
        self._ticker, self._settings = ticker, settings
        self._again, self._take, self._look = again, take, look
        self._limit, self._asked = AT_ONCE, 0
        self._shown: list[tuple[int | None, str]] = []
        self._words = controls.text("Search", "words of the prompt", "340px")
        self._words.observe(lambda _: self._typed(), "value")
        self._list = controls.column()
        self._note = controls.html()
        self._more = controls.button("Show more", "Show older images too", self._show_more)
        below = controls.row(self._more)
        self.box = controls.column(controls.row(self._words), self._list, self._note, below)

    def refresh(self) -> None:
        """Look into the ledger again."""
        self._asked += 1
        number, words, limit = self._asked, self._words.value.split(), self._limit

        def found(drawn: list[Drawn] | None, error: BaseException | None) -> None:
            if number == self._asked:
                self._show(drawn or [], error)

        self._ticker.off(lambda: _look(self._settings, words, limit + 1), found)

    def _typed(self) -> None:
        self._limit = AT_ONCE
        self._ticker.later("search", _TYPING_S, self.refresh)

    def _show_more(self) -> None:
        self._limit += AT_ONCE
        self.refresh()

    def _show(self, drawn: Sequence[Drawn], error: BaseException | None) -> None:
        """Show rows, the same ones where they are the same: one of them may have the focus."""
        rows = drawn[: self._limit]
        told = [(one.id, html) for one, html in rows]
        if told != self._shown:
            self._replace(rows)
        self._shown = told
        controls.show(self._note, self._said(rows, error))
        self._more.layout.display = None if len(drawn) > self._limit else "none"

    def _replace(self, rows: Sequence[Drawn]) -> None:
        gone, ones = self._list.children, [one for one, _ in rows]
        self._list.children = [self._row(ones, n, html) for n, (_, html) in enumerate(rows)]
        controls.close(*gone)

    def _said(self, drawn: Sequence[Drawn], error: BaseException | None) -> str:
        if error is not None:
            return markup.with_code(str(error))
        if drawn:
            return ""
        words = self._words.value.strip()
        found = f"No prompt has all of these words: {words}" if words else "No image was made yet."
        return markup.quiet(found)

    def _row(self, ones: Sequence[Generation], at: int, html: str) -> Any:
        one = ones[at]
        look = controls.button(
            "Look closer", f"Open the viewer on image {one.id}", partial(self._look, ones, at)
        )
        again = controls.button(
            "Reuse settings", f"Fill in what image {one.id} asked for", partial(self._again, one)
        )
        take = controls.button(
            "Use as reference", f"Give image {one.id} to the model", partial(self._take, one)
        )
        again.disabled, take.disabled = not one.request.prompt, not one.ok
        look.disabled = not one.ok
        return controls.apart(controls.html(html), controls.row(look, again, take), least="420px")


def _look(settings: Settings, words: Sequence[str], limit: int) -> list[Drawn]:
    """Return images with their rows as HTML. Reads the ledger and originals: not on the loop."""
    ledger = Ledger(settings.home)
    found = ledger.search(words, limit) if words else ledger.recent(limit)
    return [(one, _drawn(one)) for one in found]


def _drawn(one: Generation) -> Markup:
    style = tiles.TileStyle(px=72, most_bytes=4_000)
    seen = tiles.picture(one, style, None, "") if one.ok else tag("b", wording.state_word(one))
    prompt = wording.prompt_text(one.request)
    parts = [f"{one.id}", *wording.caption_parts(one)]
    words = [tag("div", markup.isolated(prompt, 160)), markup.quiet(joined(parts, wording.DOT))]
    looks = "padding:0 10px 0 0;vertical-align:top;border:none;overflow-wrap:anywhere"
    cells = [tag("td", part, style=looks) for part in (seen, joined(words))]
    return tag("table", tag("tr", *cells, style="background:none"), style=f"{markup.TABLE}")
