"""Cells that await instead of block, so that buttons work while they run.

A click is a message to the kernel. While a cell blocks, no kernel takes a message before the
cell's end; while a cell awaits, ipykernel does from 7.4 on. So there an input transformer
turns a `%%nanobanana` cell into one that awaits, and likewise a cell that is nothing but a
`%nanobanana` command that waits. Everything else keeps the blocking form:

- A cell inside another, under `%%time` or `%%capture`, where `await` is a syntax error or
  would start the running loop a second time. It is told by the request that it belongs to:
  the kernel transforms a cell before it says that it begins (`pre_execute`), and what runs
  inside is transformed after that. Counting begins and ends would go wrong: they do not come
  in pairs when a cell is empty, fails early or loads this extension.
- What a click or another message of the page runs, also while a cell awaits.
- A run that nobody watches (nbclient, papermill), an older kernel, `%autoawait off`.

The kernel itself keeps the order: the next cell waits for the lock that this one holds.
"""

from __future__ import annotations

import ast
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

LEAST_IPYKERNEL = (7, 4)
MOST_REQUESTS = 64  # cells run side by side only in subshells, and those are few
_OURS = "await get_ipython().magics_manager.registry['NanobananaMagics']."
_CALLS = {  # what IPython makes of a cell that is ours, and what it becomes
    "get_ipython().run_cell_magic('nanobanana', ": f"{_OURS}awaited(",
    "get_ipython().run_line_magic('nanobanana', ": f"{_OURS}awaited_line(",
}


class AwaitOutermost:
    """An input transformer: it lets the cells of one shell await that can.

    Args:
        waits: whether a `%nanobanana` line waits for a job.
    """

    def __init__(self, shell: Any, waits: Callable[[str], bool]) -> None:
        self._shell = shell
        self._waits = waits
        self._requests: deque[str] = deque(maxlen=MOST_REQUESTS)
        self.begin()  # the cell that loads the extension runs already

    def install(self) -> None:
        """Begin to transform cells, after IPython's own transformers."""
        self._shell.input_transformers_post.append(self)
        self._shell.events.register("pre_execute", self.begin)

    def remove(self) -> None:
        """Take back what `install` did."""
        self._shell.input_transformers_post.remove(self)
        with suppress(ValueError):
            self._shell.events.unregister("pre_execute", self.begin)

    def begin(self) -> None:
        """Note that the cell of this request runs from now on."""
        self._requests.append(_request(self._shell))

    def __call__(self, lines: list[str]) -> list[str]:
        """Return the lines of a cell, awaited where that works."""
        if not can_await(self._shell):
            return lines
        request = _request(self._shell)
        call = _call(lines, self._waits)
        if call is None or not request or request in self._requests:
            return lines
        return [_CALLS[call] + lines[0].removeprefix(call)]


def can_await(shell: Any) -> bool:
    """Whether clicks reach a cell of this shell while it awaits, and somebody may click."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None or not getattr(kernel, "_allow_stdin", False):
        return False
    version = getattr(sys.modules.get("ipykernel"), "version_info", (0,))
    runner = shell.loop_runner_map["asyncio"][0]
    return bool(version[:2] >= LEAST_IPYKERNEL and shell.autoawait and shell.loop_runner is runner)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the stop button interrupt plain code in an awaited cell, where it only cancels awaits."""
    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:  # a subshell's thread gets no signals
        before = None
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _request(shell: Any) -> str:
    """Return the id of the request whose cell this is; nothing for messages of another kind."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    header = parent.get("header", {})
    is_cell = header.get("msg_type") == "execute_request"
    return str(header.get("msg_id", "")) if is_cell else ""


def _call(lines: list[str], waits: Callable[[str], bool]) -> str | None:
    """Return how a cell begins that is one call of ours and no more: one that may wait."""
    prefixes = (prefix for prefix in _CALLS if len(lines) == 1 and lines[0].startswith(prefix))
    call = next(prefixes, None)
    if call is None:
        return None
    try:
        (statement,) = ast.parse(lines[0]).body
    except (SyntaxError, ValueError):
        return None
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return None
    if value.func.attr == "run_cell_magic":
        return call
    line = str(getattr(value.args[-1], "value", "")) if value.args else ""
    is_plain = not set("{$") & set(line)  # nothing in it is to be filled in
    return call if is_plain and waits(line) else None
