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
        ear: makes what hears the tiles, where there are several tasks.
    """

    def __init__(
        self, advice: str, ends: Actions, more: Actions, pages: Actions, ear: Callable[[], Any]
    ) -> None:
        several = bool(more)
        self._narrow, self._wide = Layout(width="auto"), Layout(width="auto")
        self._row = Layout(flex_flow="row wrap", align_items="center")
        self.head = self._html("")
        self.tiles = self._html("") if several else None
        self.failed = self._html("") if several else None
        self.buttons = {**self._buttons(ends), **self._buttons(more, disabled=True)}
        self._pager = self._buttons(pages)
        self._beside = [*self.buttons.values(), self._html(markup.with_code(advice), quiet=True)]
        self._ear = [ear()] if several else []
        self.box = self._together(self.head, self.failed, self.tiles)

    @property
    def parts(self) -> list[Any]:
        """Every widget that is open, with its layout and style, each once."""
        rows = [one for one in self.box.children if isinstance(one, HBox)]
        inner = [*self._beside, *self._pager.values(), *self._ear]
        found = [self.box, *self.box.children, *rows, *inner]
        all_of = [*found, *(p.layout for p in found), *(getattr(p, "style", None) for p in found)]
        return list({id(part): part for part in all_of if part is not None}.values())

    def close(self) -> None:
        """Close every widget, with what belongs to it."""
        for part in self.parts:
            part.close()

    def _together(self, *shown: Any) -> Any:
        # Above what grows: a button that moves while it is pressed is not pressed.
        head, *parts = [part for part in shown if part is not None]
        ends = HBox(self._beside, layout=self._row)
        pages = [HBox(list(self._pager.values()), layout=self._row)] if self._pager else []
        framed = Layout(border=f"1px solid {markup.FAINT}", padding="8px 12px", max_width="960px")
        children = [head, ends, *parts, *pages, *self._ear]
        box = VBox(children, layout=framed)
        box.add_class("nanobanana-board")
        return box

    def _html(self, value: str, *, quiet: bool = False) -> Any:
        return HTML(dense(markup.quiet(value)) if quiet else value, layout=self._wide)

    def _buttons(self, actions: Actions, *, disabled: bool = False) -> dict[str, Any]:
        """Return a button for each action, with its name on it and its meaning as the tooltip."""
        made: dict[str, Any] = {}
        for name, (meaning, act) in actions.items():
            said = {"description": name, "tooltip": meaning, "disabled": disabled}
            made[name] = Button(**said, layout=self._narrow)
            made[name].on_click(lambda _, act=act: act())
        return made
