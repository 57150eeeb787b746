"""An IPython shell that keeps what a cell shows, prints and raises, as a front end would."""

from __future__ import annotations

import atexit
import io
import re
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class KeptValue(DisplayHook):  # type: ignore[misc]
    """Keeps the value that a cell ends with; `msg` is there while it is made, as in a kernel."""

    msg: Any = None

    def start_displayhook(self) -> None:
        """Begin the message."""
        self.msg = {}

    def write_output_prompt(self) -> None:
        """Print nothing."""

    def write_format_data(self, format_dict: dict[str, str], md_dict: Any = None) -> None:
        """Keep the data instead of printing it."""
        self.shell.shown.append(format_dict)

    def finish_displayhook(self) -> None:
        """End the message."""
        self.msg = None


class KeepingShell(InteractiveShell):  # type: ignore[misc]
    """A shell whose outputs stay in the test."""

    displayhook_class = Type(KeptValue)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.shown: list[dict[str, str]] = []
        self.rendered: list[str] = []

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.rendered += [_ANSI.sub("", line) for part in stb for line in part.splitlines()]


@dataclass(frozen=True)
class Ran:
    """What one cell left: its value, its error, and everything that a person reads."""

    value: Any
    error: BaseException | None
    outputs: list[dict[str, str]]
    traceback: list[str]
    printed: str

    @property
    def text(self) -> str:
        """Everything shown as text, without the error."""
        return "\n".join([*self.all("text/plain"), self.printed])

    @property
    def html(self) -> str:
        """Everything shown as HTML."""
        return "\n".join(self.all("text/html"))

    @property
    def told(self) -> str:
        """Everything that can be read: text, HTML and the error."""
        return "\n".join([self.text, self.html, *self.traceback, str(self.error or "")])

    @property
    def short(self) -> bool:
        """Whether the error, if there is one, takes no more than three lines."""
        return len(self.traceback) <= 3

    def all(self, mime: str) -> list[str]:
        """The outputs of one type."""
        return [data[mime] for data in self.outputs if mime in data]


class Bench:
    """A shell with the extension loaded, and cells that run in it."""

    def __init__(self, folder: Path) -> None:
        settings = Config()
        settings.HistoryManager.enabled = False
        self.shell = KeepingShell.instance(config=settings, ipython_dir=str(folder))
        self.shell.display_pub = CapturingDisplayPublisher(shell=self.shell)
        self.shell.run_line_magic("load_ext", "nanobanana_nb")

    @property
    def names(self) -> dict[str, Any]:
        """The variables of the notebook."""
        found: dict[str, Any] = self.shell.user_ns
        return found

    def like_a_kernel(self) -> None:
        """Let results show as in a kernel that nobody types into: at once, and as HTML."""
        self.shell.kernel = SimpleNamespace(_allow_stdin=False)

    def run(self, cell: str) -> Ran:
        """Run a cell as a person does."""
        self.shell.shown.clear()
        self.shell.rendered.clear()
        self.shell.display_pub.outputs.clear()
        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            result = self.shell.run_cell(cell, store_history=True)
        displayed = [output["data"] for output in self.shell.display_pub.outputs]
        error = result.error_in_exec or result.error_before_exec
        outputs = displayed + self.shell.shown
        traceback = list(self.shell.rendered)
        return Ran(result.result, error, outputs, traceback, printed.getvalue())

    def fails(self, cell: str, kind: type[BaseException]) -> Ran:
        """Run a cell that must end in an error of this kind, told in at most three lines."""
        ran = self.run(cell)
        assert isinstance(ran.error, kind), f"{cell!r} ended in {ran.error!r}"
        assert ran.traceback, "nothing was told"
        assert ran.short, ran.traceback[-1]
        return ran

    def plan(self, options: str, prompt: str = "A cat [fail]") -> Any:
        """Return the plan that a cell makes; its tasks fail, so that nothing is painted."""
        ran = self.run(f"%%nanobanana {options} --no-wait\n{prompt}")
        assert ran.error is None, ran.told
        return ran.value.plan

    def close(self) -> None:
        """Give the process back as it was."""
        self.shell.run_line_magic("unload_ext", "nanobanana_nb")
        atexit.unregister(self.shell.atexit_operations)
        self.shell.restore_sys_module_state()
        KeepingShell.clear_instance()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does; AssertionError when it never does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
