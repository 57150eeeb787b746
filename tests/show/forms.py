"""The forms of a grid, each alone."""

from __future__ import annotations

from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.html import html, text
from nanobanana_nb.show.html.display import display_of
from nanobanana_nb.show.sheet import contact_sheet as sheet


def grid_html(grid: GridData, *, now: float | None = None) -> str:
    """The grid as HTML."""
    return html.grid_html(display_of(grid), now=now)


def grid_text(grid: GridData) -> str:
    """The grid as text."""
    return text.grid_text(display_of(grid))


def contact_sheet(grid: GridData) -> bytes:
    """The grid as one picture."""
    return sheet.contact_sheet(display_of(grid))
