"""The status with buttons: Stop, Detach, and pages of tiles where there are many.

A click only notes what the person wants; the cell that waits does it at its next look, 0.2 s
later at most. So a click may come on any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.status import DETACH, STOP, left_s, show_widget
from nanobanana_nb.run.job import Job
from nanobanana_nb.show import markup, strip
from nanobanana_nb.show.live import has_places, tiles_html
from nanobanana_nb.show.markup import Safe, tag
from nanobanana_nb.show.status import head_html

Actions = dict[str, tuple[str, Callable[[], None]]]  # a button's name: its meaning, what it does

ADVICE = (
    "Stop sends nothing more; paid tasks go on, and `%nanobanana resume` fetches them. "
    "Detach ends the cell; everything goes on, and `%nanobanana wait` shows it."
)


class Board:
    """The status as widgets, all of them closed when the result takes their place.

    After the first, a `draw` changes one widget at most, which is one message to the page
    however many tasks run: where both the head and the tiles have changed, they take turns.
    """

    visible = False

    def __init__(self, display_id: str) -> None:
        self.wish = ""
        self.changed = False  # whether a click wants the tiles drawn anew at once
        self._display_id = display_id
        self._start: int | None = None  # of the page; None follows the first unfinished task
        self._drew_head = False
        self._shown = 0  # where the page that is drawn begins
        self._buttons: list[Any] = []
        self._widgets: list[Any] = []

    def draw(self, job: Job, elapsed_s: float) -> None:
        """Show how the job stands now."""
        generations = job.generations
        if not self.visible:
            paged = len(generations) > strip.PAGE and not has_places(generations, job.plan)
            self._open(len(generations), paged)
        tiles = self._page(job) if len(generations) > 1 else ""
        turn = self.changed or self._drew_head
        if turn and tiles != self._tiles.value:
            self._tiles.value, self._drew_head = tiles, False
        else:
            self._head.value, self._drew_head = _head(job, generations, elapsed_s), True
        self.changed = False

    def close(self) -> None:
        """Close every widget, with what belongs to it."""
        for part in self._widgets:
            part.close()
        self._widgets.clear()

    def _open(self, total: int, paged: bool) -> None:
        from ipywidgets import HTML, Button, HBox, Layout, VBox

        narrow, row, text = Layout(width="auto"), Layout(flex_flow="row wrap"), Layout(width="auto")
        self._buttons = _buttons(Button, narrow, self._ends)
        pager = _buttons(Button, narrow, self._pages) if paged else []
        self._head, self._tiles = HTML(layout=text), HTML(layout=text)
        advice = HTML(_dense(markup.quiet(markup.with_code(ADVICE))), layout=text)
        beside = HBox([*self._buttons, advice], layout=row)
        turning = [HBox(pager, layout=row)] if pager else []
        shown = [self._head, *([self._tiles] if total > 1 else []), *turning, beside]
        framed = Layout(border=f"1px solid {markup.FAINT}", padding="8px 12px", max_width="960px")
        box = VBox(shown, layout=framed)
        self._widgets = _all_of([box, *shown, *self._buttons, *pager, advice, self._tiles])
        self.visible = True
        show_widget(box, self._display_id)

    @property
    def _ends(self) -> Actions:
        return {
            "Stop": ("Wait no longer; paid tasks go on", lambda: self._want(STOP)),
            "Detach": ("Let it go on in the background", lambda: self._want(DETACH)),
        }

    @property
    def _pages(self) -> Actions:
        return {
            "Earlier": ("Show the tiles before these", lambda: self._turn(-strip.PAGE)),
            "Later": ("Show the tiles after these", lambda: self._turn(strip.PAGE)),
            "Follow": ("Show the tiles that run now", lambda: self._turn(0)),
        }

    def _want(self, wish: str) -> None:
        self.wish = wish
        for button in self._buttons:
            button.disabled = True

    def _turn(self, step: int) -> None:
        self._start = self._shown + step if step else None
        self.changed = True

    def _page(self, job: Job) -> str:
        generations = job.generations
        wanted = strip.front(generations) if self._start is None else self._start
        self._shown = strip.within(wanted, len(generations))
        return _dense(tiles_html(generations, job.plan, self._shown, time.time()))


def _head(job: Job, generations: Sequence[Generation], elapsed_s: float) -> str:
    head = head_html(
        generations,
        elapsed_s=elapsed_s,
        plan=job.plan,
        bill=job.bill,
        notice=job.notice(),
        left_s=left_s(job),
        advice="",
    )
    return _dense(head)


def _dense(content: Safe) -> str:
    """Return text whose lines stand as close as in an output; in a widget they are far apart."""
    return tag("div", content, style="line-height:1.5")


def _buttons(button: Callable[..., Any], layout: Any, actions: Actions) -> list[Any]:
    """Return a button for each action, with its name on it and its meaning as the tooltip."""
    made = []
    for name, (meaning, act) in actions.items():
        made.append(button(description=name, tooltip=meaning, layout=layout))
        made[-1].on_click(lambda _, act=act: act())
    return made


def _all_of(parts: Sequence[Any]) -> list[Any]:
    """Return widgets with their layouts and styles, each once."""
    found = [*parts, *(p.layout for p in parts), *(getattr(p, "style", None) for p in parts)]
    return list({id(part): part for part in found if part is not None}.values())
