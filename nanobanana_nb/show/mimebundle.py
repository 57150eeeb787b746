"""The forms in which a notebook keeps a result."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.html.display import display_of
from nanobanana_nb.show.html.html import grid_html
from nanobanana_nb.show.html.text import grid_text
from nanobanana_nb.show.html.wording import DOT
from nanobanana_nb.show.sheet.contact_sheet import contact_sheet
from nanobanana_nb.text.terminal import printable

if TYPE_CHECKING:
    from nanobanana_nb.model.result import Generation


def bundle(
    grid: GridData, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
) -> dict[str, str]:
    """Return HTML, its twin as one picture where there is an image, and its twin as text."""
    display = display_of(grid)
    makers: dict[str, Callable[[], str]] = {
        "text/plain": lambda: printable(grid_text(display)),
        "text/html": lambda: str(grid_html(display)),
    }
    if any(g.ok for g in grid.generations):
        makers["image/jpeg"] = lambda: base64.b64encode(contact_sheet(display)).decode("ascii")
    kinds = set(include or makers) - set(exclude or ())
    return {kind: make() for kind, make in makers.items() if kind in kinds}


def bundle_of_one(
    generation: Generation, include: Iterable[str] | None, exclude: Iterable[str] | None
) -> dict[str, str]:
    """Return an image as a grid of it alone is shown, its text on one line."""

    forms = bundle(GridData([generation]), include, exclude)
    if text := forms.get("text/plain"):
        forms["text/plain"] = DOT.join(text.splitlines())
    return forms
