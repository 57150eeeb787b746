"""The controls of a panel: each with a label in words, and all of them closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

_LABEL = {"description_width": "76px"}
_INDENT = "84px"  # where the fields begin, right of their labels
# As they are, the words of a tab that is not open are faint: 4.2 to 1 in the dark theme.
_TABS = "nanobanana-tabs"
READABLE = Markup(f"<style>.{_TABS} [role=tab] * {{color: var(--jp-ui-font-color1)}}</style>")
_ROW = {"flex_flow": "row wrap", "align_items": "center", "width": "auto"}


def row(*parts: Any) -> Any:
    """Return the parts beside each other, in further lines where the page is narrow."""
    return widgets.HBox(list(parts), layout=widgets.Layout(**_ROW))


def indented(*parts: Any) -> Any:
    """Return a row that begins where the fields do."""
    box = row(*parts)
    box.layout.margin = f"0 0 0 {_INDENT}"
    return box


def apart(first: Any, *others: Any, least: str = "280px") -> Any:
    """Return a row whose first part takes the room that the others leave."""
    first.layout.flex, first.layout.min_width = f"1 1 {least}", "0"
    return row(first, *others)


def column(*parts: Any, **layout: str) -> Any:
    """Return the parts below each other."""
    return widgets.VBox(list(parts), layout=widgets.Layout(width="auto", **layout))


def html(value: str = "", *, indent: bool = False) -> Any:
    """Return a place for our own HTML, with lines as close as in an output."""
    margin = f"0 2px 4px {_INDENT}" if indent else "2px"
    place = widgets.HTML(layout=widgets.Layout(width="auto", margin=margin))
    show(place, value)
    return place


def show(place: Any, value: str) -> None:
    """Change a place's HTML; nothing is sent where it is the same."""
    wrapped = f'<div style="line-height:1.45">{value}</div>' if value else ""
    if place.value != wrapped:
        place.value = wrapped
    place.layout.display = None if value else "none"


def text(label: str, hint: str = "", width: str = "300px") -> Any:
    """Return a line to type in."""
    return widgets.Text(description=label, placeholder=hint, style=_LABEL, layout=_wide(width))


def area(label: str, hint: str = "", rows: int = 4) -> Any:
    """Return several lines to type in, as wide as there is room."""
    layout = widgets.Layout(width="auto")
    return widgets.Textarea(
        description=label, placeholder=hint, rows=rows, style=_LABEL, layout=layout
    )


def pick(label: str, options: Iterable[Any], width: str = "216px") -> Any:
    """Return a list to choose from; options are values, or pairs of words and value."""
    return widgets.Dropdown(
        description=label, options=list(options), style=_LABEL, layout=_wide(width)
    )


def suggest(label: str, hint: str = "", width: str = "216px") -> Any:
    """Return a line to type in that suggests what there is."""
    return widgets.Combobox(
        description=label, placeholder=hint, ensure_option=False, style=_LABEL, layout=_wide(width)
    )


def count(label: str, most: int) -> Any:
    """Return a number from 1, told while it is typed."""
    number = widgets.BoundedIntText(
        description=label, min=1, max=most, value=1, style=_LABEL, layout=_wide("150px")
    )
    number.continuous_update = True  # else the bill would stay behind until the field is left
    return number


def tick(label: str) -> Any:
    """Return a box to tick."""
    box = widgets.Checkbox(description=label, indent=False, layout=_wide("auto"))
    box.layout.margin = "2px 16px 2px 2px"
    return box


def button(label: str, meaning: str, act: Callable[[], object], style: str = "") -> Any:
    """Return a button, its meaning as the tooltip."""
    widget = widgets.Button(
        description=label, tooltip=meaning, button_style=style, layout=_wide("auto")
    )
    widget.on_click(lambda _: act())
    return widget


def tabs(**pages: Any) -> Any:
    """Return pages one behind the other, each under its name; `READABLE` has their style."""
    tab = widgets.Tab(children=list(pages.values()))
    tab.add_class(_TABS)
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
    return widgets.Layout(width=width, max_width="98%")
