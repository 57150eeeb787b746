"""The history in a panel: every image that was asked for, newest first, and a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.gallery.wall import AT_ONCE, Wall, image_tile
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.settings.config import Settings

EMPTY = "No image was made yet."
_TYPING_S = 0.4
Ratings = Mapping[str, Rating]  # by the hash of the image
Use = Callable[[Generation], object]
Look = Callable[[Sequence[Generation], int], object]


class HistoryWall:
    """The newest images of the ledger, or those whose prompt has the words.

    `box` shows them, `words` is the field of the search.

    Args:
        reuse: called with an image whose settings are to be used again.
        use: called with an image that is to be a reference.
        look: called with all images that are here and the position of one, to see it large.
        keep: called with an image whose prompt is to be written down.
    """

    def __init__(
        self,
        loop: KernelLoop,
        messages: Messages,
        settings: Settings,
        reuse: Use,
        use: Use,
        look: Look,
        keep: Use,
    ) -> None:
        self._loop, self._settings, self._look = loop, settings, look
        self._limit, self._request = AT_ONCE, 0
        self.images: dict[str, Generation] = {}
        self.words = controls.text("Search", "words of the prompt", "auto")
        self.words.observe(self._on_typing, "value")
        acts = {
            "look": self._look_closer,
            "reference": lambda key: use(self.images[key]),
            "reuse": lambda key: reuse(self.images[key]),
            "keep": lambda key: keep(self.images[key]),
        }
        self.wall = Wall(loop, messages, acts, self._show_more)
        self.box = controls.column(self.wall.widget)

    def refresh(self) -> None:
        """Look into the ledger again."""
        self._request += 1
        number, words, limit = self._request, self.words.value.split(), self._limit

        def read() -> tuple[list[Generation], Ratings]:
            ledger = Ledger(self._settings.home)
            images = ledger.search(words, limit + 1) if words else ledger.recent(limit + 1)
            return images, ledger.ratings.get(image.sha256 for image in images if image.sha256)

        def show(
            answer: tuple[list[Generation], Ratings] | None, error: BaseException | None
        ) -> None:
            if number == self._request:
                self._show(*(answer or ([], {})), str(error or ""))

        self._loop.off(read, show)

    def _show(self, images: Sequence[Generation], ratings: Ratings, trouble: str) -> None:
        words, shown = self.words.value.strip(), images[: self._limit]
        no_match = f"No prompt has all of these words: {words}"
        self.images = {str(image.id): image for image in shown}
        tiles = [
            image_tile(image, key, f"id {key}", ratings.get(image.sha256 or ""))
            for key, image in self.images.items()
        ]
        note = trouble or ("" if shown else no_match if words else EMPTY)
        self.wall.show(tiles, note, more=len(images) > len(shown))

    def _look_closer(self, key: str) -> None:
        here = [(name, image) for name, image in self.images.items() if image.ok]
        names = [name for name, _ in here]
        self._look([image for _, image in here], names.index(key))

    def _on_typing(self, change: Any) -> None:
        self._limit = AT_ONCE
        self._loop.later("search", _TYPING_S, self.refresh)

    def _show_more(self) -> None:
        self._limit += AT_ONCE
        self.refresh()
