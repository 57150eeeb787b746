"""The forms in which a notebook keeps a result."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import Any

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.data import GridData, OriginalLinks
from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.display import display_of
from nanobanana_nb.show.html.html import grid_html
from nanobanana_nb.show.html.markup import tag
from nanobanana_nb.show.html.text import grid_text
from nanobanana_nb.show.html.wording import DOT
from nanobanana_nb.show.sheet.contact_sheet import contact_sheet
from nanobanana_nb.text.terminal import printable


def bundle(
    grid: GridData,
    include: Iterable[str] | None = None,
    exclude: Iterable[str] | None = None,
    *,
    running: Callable[[], bool] = bool,
) -> dict[str, str]:
    """Return HTML, its twin as one picture where there is an image, and its twin as text.

    A plan of which nothing was sent is a line, unless it is `running()`: there is nothing to see
    in its places.
    """
    display = display_of(grid)
    makers: dict[str, Callable[[], str]] = {
        "text/plain": lambda: printable(grid_text(display)),
        "text/html": lambda: str(grid_html(display)),
    }
    images = grid.generations
    unsent = all(g.state is State.PLANNED and g.error is None for g in images)
    if len(images) > 1 and unsent and not running():
        line = DOT.join(filter(None, (*display.summary.counts, *display.summary.settings)))
        makers = {
            "text/plain": lambda: printable(line),
            "text/html": lambda: str(tag("div", markup.quiet(line))),
        }
    elif any(g.ok for g in images):
        makers["image/jpeg"] = lambda: base64.b64encode(contact_sheet(display)).decode("ascii")
    kinds = set(include or makers) - set(exclude or ())
    return {kind: make() for kind, make in makers.items() if kind in kinds}


def bundle_of_one(
    generation: Generation,
    include: Iterable[str] | None = None,
    exclude: Iterable[str] | None = None,
    links: OriginalLinks | None = None,
) -> dict[str, str]:
    """Return an image as a grid of it alone is shown, its text on one line."""
    forms = bundle(GridData([generation], links=links), include, exclude)
    if text := forms.get("text/plain"):
        forms["text/plain"] = DOT.join(text.splitlines())
    return forms


def bundle_of_value(
    value: Any,
    include: Iterable[str] | None,
    exclude: Iterable[str] | None,
    links: OriginalLinks | None,
) -> dict[str, str] | None:
    """Return an image, or a list or tuple of nothing else as their grid; None for other values."""
    if isinstance(value, Generation):
        return bundle_of_one(value, include, exclude, links)
    if type(value) not in (list, tuple) or not value:
        return None
    if not all(isinstance(image, Generation) for image in value):
        return None
    return bundle(GridData(value, links=links), include, exclude)
