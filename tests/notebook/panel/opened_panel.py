"""A panel on a running event loop, as in a kernel, but without a page: its widgets are touched."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable, Coroutine
from typing import Any

from ipywidgets.widgets import widget
from PIL import Image

from nanobanana_nb.entry.launch import session_for
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.magic.cell_spec import plan_of
from nanobanana_nb.notebook.panel import Panel
from nanobanana_nb.notebook.panel.workbench import IMAGES
from tests.notebook.bench import Bench


def on_loop(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a story on an event loop, as the kernel runs clicks."""
    asyncio.run(story())


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until something holds; AssertionError when it never does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


def widgets_alive() -> list[Any]:
    """Return the widgets that the page would hold."""
    return list(widget._instances.values())


class Opened:
    """A panel that is shown, and what a person does with it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.panel = Panel()
        self.panel._ipython_display_()
        assert self.panel._bench is not None
        self.open = self.panel._bench

    @property
    def form(self) -> Any:
        """The fields."""
        return self.open.form

    @property
    def bill(self) -> str:
        """The bill that stands there."""
        return str(self.open.bill.box.value)

    @property
    def said(self) -> str:
        """What the panel has to say."""
        return str(self.open.messages.box.value)

    @property
    def go(self) -> Any:
        """The button Generate."""
        return self.open.generate.go

    @property
    def busy(self) -> bool:
        """Whether a run is not over."""
        return self.open.generate.run.busy

    @property
    def below(self) -> dict[str, str]:
        """The newest output, which is what stands below the panel after a run."""
        found: dict[str, str] = self.bench.shell.display_pub.outputs[-1]["data"]
        return found

    async def type(self, prompt: str, bill: str = "") -> None:
        """Write a prompt and wait until its own bill says something."""
        self.form.prompt.value = prompt
        await until(lambda: bill in self.bill and bill and self._is_newest())

    def _is_newest(self) -> bool:
        """Whether the bill is not that of an older text, which may say the same."""
        live, cell = self.open.bill, self.form.read()
        if live._billed is None:
            return True
        try:
            plan = plan_of(cell, session_for(ask=False), self.bench.shell)
        except NanobananaError:
            return False
        return live.shows(plan, fresh=cell["fresh"])

    async def generate(self) -> None:
        """Click Generate and wait for the end."""
        self.go.click()
        await until(lambda: not self.busy)

    def history(self) -> Any:
        """Turn to the wall of images, which is drawn then, and return it."""
        self.open._tabs.selected_index = IMAGES
        return self.open.history

    def press(self, name: str, within: Any = None) -> None:
        """Click the first button of this name."""
        button(name, within if within is not None else self.open.box).click()


def picture() -> bytes:
    """Return a small PNG."""
    data = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(data, "PNG")
    return data.getvalue()


def send(widget: Any, buffers: tuple[bytes, ...] = (), **message: Any) -> None:
    """Let the page of a widget send a message."""
    widget._handle_custom_msg(message, [memoryview(data) for data in buffers])


def answers(widget: Any) -> list[tuple[Any, Any]]:
    """Return a list to which each message to the page of a widget is added, with its buffers."""
    sent: list[tuple[Any, Any]] = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    return sent


def button(name: str, within: Any) -> Any:
    """Return the first button of this name."""
    found = [one for one in everything(within) if getattr(one, "description", "") == name]
    return found[0]


def everything(within: Any) -> list[Any]:
    """Return a widget and all that is in it."""
    inner = [one for child in getattr(within, "children", ()) for one in everything(child)]
    return [within, *inner]
