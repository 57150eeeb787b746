"""The reference images of a panel: typed, uploaded, or picked from the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from nanobanana_nb.images import thumbnail
from nanobanana_nb.notebook.panel import controls, file_upload
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.show.html import markup, tiles, wording

_PX = 40
_KINDS = "image/png,image/jpeg,image/webp"


class ReferenceList:
    """Links, paths and names of variables, as `-i` takes them; `box` shows them.

    Args:
        changed: called when the list has changed.
        keep: writes an uploaded file and returns its path, None where that failed.
    """

    def __init__(
        self, changed: Callable[[], object], keep: Callable[[str, bytes], str | None]
    ) -> None:
        self._changed, self._keep = changed, keep
        self.values: tuple[str, ...] = ()
        self._list = controls.column()
        self._typed = controls.text("Image", "link, path or variable", "auto")
        self._typed.layout.max_width = "420px"
        self._typed.continuous_update = False
        self._typed.observe(lambda _: self._take(), "value")
        self._upload = widgets.FileUpload(
            accept=_KINDS, multiple=True, description="Upload", layout=widgets.Layout(width="auto")
        )
        self._upload.observe(self._received, "value")
        add = controls.button("Add image", "Use the image that was typed", self._take)
        self.box = controls.column(
            controls.apart(self._typed, add, self._upload, least="180px"), self._list
        )

    def add(self, *values: str) -> None:
        """Add what is not there yet."""
        self.write((*self.values, *values))

    def write(self, values: Iterable[str]) -> None:
        """Show these instead."""
        self.values = tuple(dict.fromkeys(values))
        gone = self._list.children
        self._list.children = [self._row(value) for value in self.values]
        controls.close(*gone)
        self._changed()

    def _take(self) -> None:
        value = self._typed.value.strip()
        if value:
            self._typed.value = ""
            self.add(value)

    def _received(self, change: Any) -> None:
        files = list(file_upload.uploaded(change["new"]))
        if files:
            file_upload.forget(self._upload)
            kept = [self._keep(name, data) for name, data in files]
            self.add(*(path for path in kept if path))

    def _row(self, value: str) -> Any:
        remove = controls.button("Remove", "Do not use this image", partial(self._remove, value))
        return controls.row(controls.html(_seen(value)), remove)

    def _remove(self, value: str) -> None:
        self.write(one for one in self.values if one != value)


def _seen(value: str) -> str:
    """Return a small picture of a file, and its name or link without what may be secret."""
    name = markup.isolated(public_url(value), 80)
    if "://" in value or not Path(value).is_file():
        return name
    try:
        small = thumbnail.fitted(value, _PX, 2_000)
    except OSError:
        return name
    return markup.joined([tiles.image(small, wording.cut(value, 80), inline=True), name])
