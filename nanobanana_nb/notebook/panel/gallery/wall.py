"""A wall of thumbnails: what its page is sent, and what it may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.page_widgets import WallWidget
from nanobanana_nb.show.html import wording

AT_ONCE = 40  # tiles that a wall begins with, and that Show more adds
_PX, _MOST_BYTES = 320, 24_000
_MOST_PROMPT, _MOST_WHY = 300, 120
Act = Callable[[str], object]


@dataclass(frozen=True)
class Tile:
    """One place of a wall.

    `key` names it in messages, `name` is read out, `files` are those of its pictures, and `acts`
    the actions that it offers. Without files it shows `state` and `why`.
    """

    key: str
    name: str
    prompt: str
    at: float = 0.0
    mark: str = "done"  # how it is drawn: done, failed or open
    state: str = ""
    why: str = ""
    words: str = ""
    acts: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()

    def to_page(self) -> dict[str, Any]:
        """Return what the page is told: no path of a file."""
        fields = {name: value for name, value in asdict(self).items() if name != "files"}
        return {**fields, "acts": list(self.acts), "pictures": len(self.files)}


class Wall:
    """Tiles in a page; `widget` shows them.

    Args:
        acts: what is done with the tile of a key, by the name of the action.
        on_more: called when older tiles are wanted.
    """

    def __init__(
        self,
        loop: KernelLoop,
        messages: Messages,
        acts: Mapping[str, Act],
        on_more: Callable[[], object] | None = None,
    ) -> None:
        self._loop, self._messages = loop, messages
        self._acts, self._on_more = acts, on_more
        self._tiles: dict[str, Tile] = {}
        self.widget = WallWidget()
        self.widget.on_msg(self._receive)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Those that are shown."""
        return tuple(self._tiles.values())

    def show(self, tiles: Iterable[Tile], note: str = "", *, more: bool = False) -> None:
        """Show these instead; those that are the same stay as they are, with the focus."""
        self._tiles = {tile.key: tile for tile in tiles}
        with self.widget.hold_sync():
            self.widget.tiles = [tile.to_page() for tile in self._tiles.values()]
            self.widget.note, self.widget.more = note, more

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:
        """Do what the page asks for; a front end may send anything."""
        message = content if isinstance(content, dict) else {}
        kind, key = message.get("kind"), message.get("key")
        if kind == "pictures" and isinstance(keys := message.get("keys"), list):
            self._send_pictures([key for key in keys if isinstance(key, str)])
        elif kind == "more" and self._on_more is not None:
            self._on_more()
        elif isinstance(key, str) and (tile := self._tiles.get(key)) and kind in tile.acts:
            self._messages.guarded(lambda: self._acts[kind](key))()

    def _send_pictures(self, keys: list[str]) -> None:
        tiles = [self._tiles[key] for key in keys[:AT_ONCE] if key in self._tiles]

        def read() -> list[tuple[str, bytes]]:
            """Return small pictures. Decodes originals: not on the loop."""
            thumbnail.prepare(file for tile in tiles for file in tile.files)
            pictures = [(tile.key, _picture(file)) for tile in tiles for file in tile.files]
            return [(key, data) for key, data in pictures if data]

        def send(pictures: list[tuple[str, bytes]] | None, error: BaseException | None) -> None:
            here = [key for key, _ in pictures or []]
            lost = [tile.key for tile in tiles if tile.key not in here]
            message = {"kind": "pictures", "keys": here, "lost": lost}
            self.widget.send(message, [data for _, data in pictures or []])

        self._loop.off(read, send)


def image_tile(image: Generation, key: str, name: str, rating: Rating | None = None) -> Tile:
    """Return the tile of one image, done or not, with its stars."""
    prompt = image.request.prompt or wording.PRIVATE
    acts = ("reuse",) if image.request.prompt else ()
    keep = ("keep",) if image.request.prompt and not image.request.private else ()
    done = image.ok and image.path is not None
    failed = image.state is State.FAILED
    stars = [f"★ {rating.stars}"] if rating is not None and rating.stars else []
    differences = [f"≠ {text}" for text in image.differences]
    return Tile(
        key,
        name,
        wording.cut(prompt, _MOST_PROMPT),
        at=image.created_at or 0.0,
        mark="done" if done else "failed" if failed else "open",
        state=wording.state_word(image),
        why="" if done else wording.cut(wording.reason(image), _MOST_WHY),
        words=wording.DOT.join(wording.cut(text, _MOST_WHY) for text in (*stars, *differences)),
        acts=("look", *keep, "reference", *acts) if done else acts,
        files=(image.path,) if done and image.path is not None else (),
    )


def _picture(file: Path) -> bytes:
    try:
        return thumbnail.fitted(file, _PX, _MOST_BYTES).data
    except OSError:
        return b""
