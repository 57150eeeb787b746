"""The reference images of a panel: typed, dropped, pasted, chosen, or picked from the wall."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nanobanana_nb.images import thumbnail
from nanobanana_nb.notebook.magic.cell_spec import named_source
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.incoming_files import Uploads
from nanobanana_nb.notebook.panel.page_widgets import ReferencesWidget
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.show.html import wording

_PX, _MOST_BYTES = 128, 8_000
_MOST_NAME = 60


class ReferenceList:
    """Links, paths and names of variables, as `-i` takes them; `box` shows them.

    Args:
        on_change: called when the list has changed.
        keep: writes a file that came as bytes and returns its path; raises NanobananaError.
        take: called with the key of a tile of the wall that was dropped here.
        fail: called with the errors of files that came together.
    """

    def __init__(
        self,
        on_change: Callable[[], object],
        keep: Callable[[str, bytes], str],
        take: Callable[[str], object],
        fail: Callable[..., object],
    ) -> None:
        self._on_change, self._take = on_change, take
        self.uploads = Uploads(keep, self.add, fail)
        self.values: tuple[str, ...] = ()
        self.strip = ReferencesWidget()
        self.strip.on_msg(self._receive)
        self._entry = controls.text("Image", "link, path or variable", "auto")
        self._entry.continuous_update = False
        self._entry.observe(lambda _: self._take_typed(), "value")
        add = controls.button("Add image", "Use the image that was typed", self._take_typed)
        line = controls.apart(self._entry, add, least="160px", name="nb-bare")
        self.box = controls.column(self.strip, line)

    def add(self, *values: str) -> None:
        """Add what is not there yet."""
        self.write((*self.values, *values))

    def write(self, values: Iterable[str]) -> None:
        """Show these instead."""
        self.values = tuple(dict.fromkeys(values))
        names = self.uploads.names.items()
        with self.strip.hold_sync():  # what was on its way becomes what is there
            self.strip.items = [_item(value) for value in self.values]
            self.strip.uploads = [{"key": k, "name": wording.cut(n, _MOST_NAME)} for k, n in names]
        self._on_change()

    def _take_typed(self) -> None:
        value = self._entry.value.strip()
        if value:
            self._entry.value = ""
            self.add(value)

    def _name(self, position: int, text: str) -> None:
        """Say who or what an image shows; an empty text says nothing."""
        name = " ".join(re.sub(r"[=/\\:.?#<>\"']", " ", text).split())[:_MOST_NAME]
        image = named_source(self.values[position])[1]
        values = list(self.values)
        values[position] = f"{name}={image}" if name else image
        self.write(values)

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:
        """Do what the page asks for; a front end may send anything."""
        message = content if isinstance(content, dict) else {}
        kind, key, position = (message.get(name) for name in ("kind", "key", "position"))
        if kind == "take" and isinstance(key, str):
            self._take(key)
        elif type(position) is int and 0 <= position < len(self.values):
            text = message.get("text")
            if kind == "remove":
                self.write(self.values[:position] + self.values[position + 1 :])
            elif kind == "name" and isinstance(text, str):
                self._name(position, text)
        else:
            self.uploads.receive(message, buffers)


def _item(value: str) -> dict[str, str]:
    """Return what the page shows of an image: who it shows, its name, a file's picture."""
    shows, image = named_source(value)
    return {"shows": shows, **_looks(image)}


def _looks(value: str) -> dict[str, str]:
    """Return the name of a file or link without what may be secret, and a file's picture.

    What a link leads to is not fetched: it has a name alone.
    """
    name = wording.cut(public_url(value), _MOST_NAME)
    if "://" in value or not Path(value).is_file():
        return {"name": name, "picture": ""}
    try:
        data = thumbnail.fitted(value, _PX, _MOST_BYTES).data
    except OSError:
        return {"name": name, "picture": ""}
    uri = f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"
    return {"name": wording.cut(Path(value).name, _MOST_NAME), "picture": uri}
