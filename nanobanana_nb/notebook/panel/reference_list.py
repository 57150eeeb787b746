"""The reference images of a panel: typed, uploaded, or picked from the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
        on_change: called when the list has changed.
        keep: writes an uploaded file and returns its path, None where that failed.
    """

    def __init__(
        self, on_change: Callable[[], object], keep: Callable[[str, bytes], str | None]
    ) -> None:
        self._on_change, self._keep = on_change, keep
        self.values: tuple[str, ...] = ()
        self._list = controls.column()
        self._entry = controls.text("Image", "link, path or variable", "auto")
        self._entry.layout.max_width = "420px"
        self._entry.continuous_update = False
        self._entry.observe(lambda _: self._take(), "value")
        self._upload = widgets.FileUpload(
            accept=_KINDS, multiple=True, description="Upload", layout=widgets.Layout(width="auto")
        )
        self._upload.observe(self._receive, "value")
        add = controls.button("Add image", "Use the image that was typed", self._take)
        self.box = controls.column(
            controls.apart(self._entry, add, self._upload, least="180px"), self._list
        )

    def add(self, *values: str) -> None:
        """Add what is not there yet."""
        self.write((*self.values, *values))

    def write(self, values: Iterable[str]) -> None:
        """Show these instead."""
        self.values = tuple(dict.fromkeys(values))
        rows = self._list.children
        self._list.children = [self._row(value) for value in self.values]
        controls.close(*rows)
        self._on_change()

    def _take(self) -> None:
        value = self._entry.value.strip()
        if value:
            self._entry.value = ""
            self.add(value)

    def _receive(self, change: Any) -> None:
        files = list(file_upload.uploads(change["new"]))
        if files:
            file_upload.forget(self._upload)
            paths = [self._keep(name, data) for name, data in files]
            self.add(*(path for path in paths if path))

    def _row(self, value: str) -> Any:
        def remove() -> None:
            self.write(other for other in self.values if other != value)

        button = controls.button("Remove", "Do not use this image", remove)
        return controls.row(controls.html(_picture(value)), button)


def _picture(value: str) -> str:
    """Return a small picture of a file, and its name or link without what may be secret."""
    name = markup.isolated(public_url(value), 80)
    if "://" in value or not Path(value).is_file():
        return name
    try:
        small = thumbnail.fitted(value, _PX, 2_000)
    except OSError:
        return name
    return markup.joined([tiles.image(small, wording.cut(value, 80), inline=True), name])
