"""The controls of a panel: each with a label in words, and all of them closed at the end.

What they look like stands in `panel.css`, which `styled` brings along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import ipywidgets as widgets

_ROW = {"flex_flow": "row wrap", "align_items": "center", "width": "auto"}


def styled(box: Any) -> Any:
    """Return the box of a panel with the look of one; its parts have it too."""
    style = widgets.HTML(f"<style>{_style_sheet()}</style>", layout=widgets.Layout(display="none"))
    box.children = (*box.children, style)
    box.add_class("nb-panel")
    return box


def row(*parts: Any, name: str = "") -> Any:
    """Return the parts beside each other, in further lines where the page is narrow.

    Args:
        name: what the style sheet calls it.
    """
    box = widgets.HBox(list(parts), layout=widgets.Layout(**_ROW))
    return box.add_class(name) if name else box


def apart(first: Any, *others: Any, least: str = "280px", name: str = "") -> Any:
    """Return a row whose first part takes the room that the others leave."""
    first.layout.flex, first.layout.min_width = f"1 1 {least}", "0"
    return row(first, *others, name=name)


def column(*parts: Any, name: str = "") -> Any:
    """Return the parts below each other."""
    box = widgets.VBox(list(parts), layout=widgets.Layout(width="auto"))
    return box.add_class(name) if name else box


def html(value: str = "") -> Any:
    """Return a place for our own HTML, with lines as close as in an output."""
    place = widgets.HTML(layout=widgets.Layout(width="auto"))
    show(place, value)
    return place


def show(place: Any, value: str) -> None:
    """Change a place's HTML; nothing is sent where it is the same."""
    wrapped = f'<div style="line-height:1.45">{value}</div>' if value else ""
    if place.value != wrapped:
        place.value = wrapped
    place.layout.display = None if value else "none"


def text(label: str, hint: str = "", width: str = "auto") -> Any:
    """Return a line to type in."""
    return widgets.Text(description=label, placeholder=hint, layout=_wide(width))


def area(label: str, hint: str = "", rows: int = 4) -> Any:
    """Return several lines to type in, as wide as there is room."""
    layout = widgets.Layout(width="auto")
    return widgets.Textarea(description=label, placeholder=hint, rows=rows, layout=layout)


def pick(label: str, options: Iterable[Any]) -> Any:
    """Return a list to choose from; options are values, or pairs of words and value."""
    return widgets.Dropdown(description=label, options=list(options), layout=_wide("auto"))


def suggest(label: str, hint: str = "") -> Any:
    """Return a line to type in that suggests what there is."""
    return widgets.Combobox(
        description=label, placeholder=hint, ensure_option=False, layout=_wide("auto")
    )


def count(label: str, most: int) -> Any:
    """Return a number from 1, told while it is typed."""
    number = widgets.BoundedIntText(
        description=label, min=1, max=most, value=1, layout=_wide("auto")
    )
    number.continuous_update = True  # else the bill would stay behind until the field is left
    return number


def tick(label: str) -> Any:
    """Return a box to tick."""
    return widgets.Checkbox(description=label, indent=False, layout=_wide("auto"))


def button(label: str, meaning: str, act: Callable[[], object], style: str = "") -> Any:
    """Return a button, its meaning as the tooltip."""
    widget = widgets.Button(
        description=label, tooltip=meaning, button_style=style, layout=_wide("auto")
    )
    widget.on_click(lambda _: act())
    return widget


def texts(box: Any) -> list[str]:
    """Return what stands in the fields of a box to type in, in the order of the page."""
    if isinstance(box, (widgets.Text, widgets.Textarea, widgets.BoundedIntText)):
        end = "\n" if isinstance(box, widgets.Textarea) else ""  # of a line, in a page
        return [re.sub("\r\n|\r|\n", end, str(box.value))]
    return [text for part in getattr(box, "children", ()) for text in texts(part)]


def tabs(pages: dict[str, Any]) -> Any:
    """Return pages one behind the other, each under its name."""
    tab = widgets.Tab(children=list(pages.values()))
    tab.add_class("nb-tabs")
    for number, title in enumerate(pages):
        tab.set_title(number, title)
    return tab


def close(*parts: Any) -> None:
    """Close widgets with all that is in them, so that no page and no file keeps their state."""
    for part in parts:
        close(*getattr(part, "children", ()))
        for name in ("style", "layout"):
            if hasattr(part, name):
                getattr(part, name).close()
        part.close()


def _wide(width: str) -> Any:
    return widgets.Layout(width=width, max_width="100%")


@cache
def _style_sheet() -> str:
    return files(__package__).joinpath("panel.css").read_text(encoding="utf-8")
