"""The widgets of a board: what there is of them for one task, and what more for several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import HTML, Button, HBox, Layout, VBox
from markupsafe import Markup

from nanobanana_nb.show.live.clickable import as_output, dense

Forms = tuple[str, str, str]
Actions = dict[str, tuple[str, Callable[[], None]]]  # a button's name: its meaning, what it does


class Frame:
    """The widgets of one board, closed together.

    Args:
        forms: what head, failures and tiles show at first, as HTML.
        ends: the buttons that are always there.
        more: those before them where there are several tasks; they cannot be pressed at first.
        pages: those below the tiles where there are more tiles than stand in one page.
        listener: hears what is pressed on the tiles.
        foot: keeps room below, where the result will have more lines, as HTML.
    """

    def __init__(
        self,
        forms: Forms,
        ends: Actions,
        more: Actions,
        pages: Actions,
        listener: Any,
        foot: Markup,
    ) -> None:
        self._narrow, self._wide = Layout(width="auto"), Layout(width="auto", margin="0")
        self._row = Layout(flex_flow="row wrap", align_items="flex-start")
        head, failed, tiles = _dressed(forms)
        beside = Layout(width="auto", min_width="0", margin="0", flex="1 1 280px")
        self.head = HTML(head, layout=beside)
        self.failed = HTML(failed, layout=self._wide)
        self.tiles = HTML(tiles, layout=self._wide, _dom_classes=("nanobanana-tiles",))
        self.foot = HTML(as_output(foot), layout=self._wide)
        self.buttons = {**self._buttons(more, disabled=True), **self._buttons(ends)}
        self.group = HBox(list(self.buttons.values()), layout=self._narrow)  # wraps as one
        self._pager = self._buttons(pages)
        self._look = [self.buttons[name] for name in more]
        self.listener = listener
        self.box = self._stack()

    def show(self, forms: Forms) -> None:
        """Show this, with a message for each part that has changed."""
        parts = (self.head, self.failed, self.tiles)
        for part, value in zip(parts, _dressed(forms), strict=True):
            if value != part.value:
                part.value = value

    def allow_look(self, allowed: bool) -> None:
        """Let be pressed from the first image on what shows images."""
        for button in self._look:
            if button.disabled is allowed:
                button.disabled = not allowed

    @property
    def parts(self) -> list[Any]:
        """Every widget that is open, with its layout and style, each once."""
        inner = [self.head, self.group, *self.buttons.values(), *self._pager.values()]
        widgets = [self.box, *self.box.children, *inner]
        layouts = [widget.layout for widget in widgets]
        styles = [getattr(widget, "style", None) for widget in widgets]
        every = [part for part in (*widgets, *layouts, *styles) if part is not None]
        return list({id(part): part for part in every}.values())

    def close(self) -> None:
        """Close every widget, with what belongs to it."""
        for part in self.parts:
            part.close()

    def _stack(self) -> Any:
        # Above what grows: a button that moves while it is pressed is not pressed.
        top = HBox([self.head, self.group], layout=self._row)
        pages = [HBox(list(self._pager.values()), layout=self._row)] if self._pager else []
        children = [top, self.failed, self.tiles, *pages, self.foot, self.listener]
        layout = Layout(overflow="hidden")
        box = VBox(children, layout=layout, _dom_classes=("nanobanana-board",))
        self.listener.board = box.model_id
        return box

    def _buttons(self, actions: Actions, *, disabled: bool = False) -> dict[str, Any]:
        """Return a button for each action, with its name on it and its meaning as the tooltip."""
        buttons: dict[str, Any] = {}
        for name, (meaning, act) in actions.items():
            looks = {"description": name, "tooltip": meaning, "disabled": disabled}
            buttons[name] = Button(**looks, layout=self._narrow)
            buttons[name].on_click(lambda _, act=act: act())
        return buttons


def _dressed(forms: Forms) -> Forms:
    head, failed, tiles = map(Markup, forms)
    return dense(head), dense(failed), as_output(tiles)
