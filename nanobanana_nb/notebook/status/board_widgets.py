"""The widgets of a board: what there is of them for one task, and what more for several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import HTML, Button, HBox, Layout, VBox

from nanobanana_nb.show.html import markup
from nanobanana_nb.show.live.clickable import dense

Actions = dict[str, tuple[str, Callable[[], None]]]  # a button's name: its meaning, what it does


class Frame:
    """The widgets of one board, closed together.

    Args:
        ends: the buttons that are always there.
        more: those beside them where there are several tasks; they cannot be pressed at first.
        pages: those below the tiles where there are more tiles than stand in one page.
        listener: hears what is pressed on the tiles, where there are several tasks.
    """

    def __init__(
        self,
        advice: str,
        ends: Actions,
        more: Actions | None = None,
        pages: Actions | None = None,
        listener: Any = None,
    ) -> None:
        several = listener is not None
        self._narrow, self._wide = Layout(width="auto"), Layout(width="auto")
        self._row = Layout(flex_flow="row wrap", align_items="center")
        self.head = HTML(layout=self._wide)
        self.tiles = HTML(layout=self._wide) if several else None
        self.failed = HTML(layout=self._wide) if several else None
        self.buttons = {**self._buttons(ends), **self._buttons(more or {}, disabled=True)}
        self._pager = self._buttons(pages or {})
        words = HTML(dense(markup.quiet(markup.with_code(advice))), layout=self._wide)
        self._ends = [*self.buttons.values(), words]
        self._listeners = [listener] if several else []
        self.box = self._stack(self.head, self.failed, self.tiles)

    @property
    def parts(self) -> list[Any]:
        """Every widget that is open, with its layout and style, each once."""
        inner = [*self._ends, *self._pager.values(), *self._listeners]
        widgets = [self.box, *self.box.children, *inner]
        layouts = [widget.layout for widget in widgets]
        styles = [getattr(widget, "style", None) for widget in widgets]
        every = [part for part in (*widgets, *layouts, *styles) if part is not None]
        return list({id(part): part for part in every}.values())

    def close(self) -> None:
        """Close every widget, with what belongs to it."""
        for part in self.parts:
            part.close()

    def _stack(self, head: Any, *parts: Any) -> Any:
        # Above what grows: a button that moves while it is pressed is not pressed.
        ends = HBox(self._ends, layout=self._row)
        pages = [HBox(list(self._pager.values()), layout=self._row)] if self._pager else []
        frame = Layout(border=f"1px solid {markup.FAINT}", padding="8px 12px", max_width="960px")
        tiles = [part for part in parts if part is not None]
        children = [head, ends, *tiles, *pages, *self._listeners]
        box = VBox(children, layout=frame)
        box.add_class("nanobanana-board")
        return box

    def _buttons(self, actions: Actions, *, disabled: bool = False) -> dict[str, Any]:
        """Return a button for each action, with its name on it and its meaning as the tooltip."""
        buttons: dict[str, Any] = {}
        for name, (meaning, act) in actions.items():
            looks = {"description": name, "tooltip": meaning, "disabled": disabled}
            buttons[name] = Button(**looks, layout=self._narrow)
            buttons[name].on_click(lambda _, act=act: act())
        return buttons
