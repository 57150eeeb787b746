"""The history in a panel: a search, small pictures, and the settings of an image used again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag

AT_ONCE = 8
_TYPING_S = 0.4
Use = Callable[[Generation], object]
Look = Callable[[Sequence[Generation], int], object]
Row = tuple[Generation, str]  # as HTML


class HistoryTab:
    """The newest images of the ledger, or those whose prompt has the words; `box` shows them.

    Args:
        again: called with an image whose settings are to be used again.
        take: called with an image that is to be a reference.
        look: called with all images that are shown and the position of one, to see it large.
    """

    def __init__(
        self, loop: KernelLoop, settings: Settings, again: Use, take: Use, look: Look
    ) -> None:
        self._loop, self._settings = loop, settings
        self._again, self._take, self._look = again, take, look
        self._limit, self._request = AT_ONCE, 0
        self._rows: list[tuple[int | None, str]] = []
        self._words = controls.text("Search", "words of the prompt", "340px")
        self._words.observe(self._on_typing, "value")
        self._list = controls.column()
        self._note = controls.html()
        self._more = controls.button("Show more", "Show older images too", self._show_more)
        below = controls.row(self._more)
        self.box = controls.column(controls.row(self._words), self._list, self._note, below)

    def refresh(self) -> None:
        """Look into the ledger again."""
        self._request += 1
        number, words, limit = self._request, self._words.value.split(), self._limit

        def read() -> list[Row]:
            """Return images with their rows as HTML. Reads files: not on the loop."""
            ledger = Ledger(self._settings.home)
            images = ledger.search(words, limit + 1) if words else ledger.recent(limit + 1)
            return [(image, _row_html(image)) for image in images]

        def show(rows: list[Row] | None, error: BaseException | None) -> None:
            if number == self._request:
                self._show(rows or [], error)

        self._loop.off(read, show)

    def _on_typing(self, change: Any) -> None:
        self._limit = AT_ONCE
        self._loop.later("search", _TYPING_S, self.refresh)

    def _show_more(self) -> None:
        self._limit += AT_ONCE
        self.refresh()

    def _show(self, rows: Sequence[Row], error: BaseException | None) -> None:
        """Show rows, the same ones where they are the same: one of them may have the focus."""
        more, rows = len(rows) > self._limit, rows[: self._limit]
        keys = [(image.id, html) for image, html in rows]
        if keys != self._rows:
            images, children = [image for image, _ in rows], self._list.children
            self._list.children = [self._row(images, n, html) for n, (_, html) in enumerate(rows)]
            controls.close(*children)
        self._rows = keys
        controls.show(self._note, self._notice(rows, error))
        self._more.layout.display = None if more else "none"

    def _notice(self, rows: Sequence[Row], error: BaseException | None) -> str:
        if error is not None:
            return markup.with_code(str(error))
        if rows:
            return ""
        words = self._words.value.strip()
        no_match = f"No prompt has all of these words: {words}"
        return markup.quiet(no_match if words else "No image was made yet.")

    def _row(self, images: Sequence[Generation], position: int, html: str) -> Any:
        image = images[position]
        meaning = f"Open the viewer on image {image.id}"
        look = controls.button("Look closer", meaning, partial(self._look, images, position))
        meaning = f"Fill in what image {image.id} asked for"
        again = controls.button("Reuse settings", meaning, partial(self._again, image))
        meaning = f"Give image {image.id} to the model"
        take = controls.button("Use as reference", meaning, partial(self._take, image))
        again.disabled, take.disabled = not image.request.prompt, not image.ok
        look.disabled = not image.ok
        return controls.apart(controls.html(html), controls.row(look, again, take), least="420px")


def _row_html(image: Generation) -> Markup:
    style = tiles.TileStyle(px=72, most_bytes=4_000)
    state = tag("b", wording.state_word(image))
    picture = tiles.picture(image, style, None, "") if image.ok else state
    prompt = image.request.prompt or wording.PRIVATE
    parts = [f"{image.id}", *wording.legend_parts(image)]
    words = [tag("div", markup.isolated(prompt, 160)), markup.quiet(joined(parts, wording.DOT))]
    looks = "padding:0 10px 0 0;vertical-align:top;border:none;overflow-wrap:anywhere"
    cells = [tag("td", part, style=looks) for part in (picture, joined(words))]
    return tag("table", tag("tr", *cells, style="background:none"), style=f"{markup.TABLE}")
