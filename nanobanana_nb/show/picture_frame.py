"""A table of pandas that shows its images as small pictures, where a notebook shows it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import tiles
from nanobanana_nb.show.html.wording import state_word
from nanobanana_nb.text.terminal import printed

PICTURE = "picture"
_STYLE = tiles.TileStyle(96, 6_000)


@printed
class Picture:
    """One image in a table. Its text is its state; its HTML is drawn when it is shown."""

    def __init__(self, image: Generation) -> None:
        self.image = image

    def __str__(self) -> str:
        return state_word(self.image)

    def __repr__(self) -> str:
        return str(self)

    @property
    def mark(self) -> str:
        """A word that stands in no text of a table, in whose place the picture comes."""
        return f"nb-{id(self):x}-picture"

    @property
    def html(self) -> str:
        """The picture, or the word for its state."""
        if not self.image.ok:
            return escape(str(self))
        return str(tiles.picture(self.image, _STYLE, None, ""))


class PictureFrame(pandas.DataFrame):  # type: ignore[misc]
    """A frame whose pictures are shown; filtered and sorted it stays one."""

    @property
    def _constructor(self) -> type[PictureFrame]:
        return PictureFrame

    def _repr_html_(self) -> str | None:
        pictures: list[Picture] = []

        def marked(value: Any) -> Any:
            if not isinstance(value, Picture):
                return value
            pictures.append(value)
            return value.mark

        html: str | None = pandas.DataFrame(self).map(marked)._repr_html_()
        if html is None:  # pandas was told to show no HTML
            return None
        for picture in pictures:
            if picture.mark in html:  # of a long table the middle is not shown
                html = html.replace(picture.mark, picture.html)
        return html


def with_pictures(table: pandas.DataFrame, images: Sequence[Generation]) -> PictureFrame:
    """Return a table with the pictures of its rows in front."""
    name = PICTURE if PICTURE not in table.columns else f"{PICTURE} (shown)"
    frame = PictureFrame(table)
    frame.insert(0, name, [Picture(image) for image in images])
    frame.attrs.update(table.attrs)
    return frame
