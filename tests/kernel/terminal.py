"""A person at a terminal: types lines, and reads what the program writes there."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect

PATIENCE_S = 60.0
_DRAWN = r"(?:\x1b\[[\d;?]*[A-Za-z])*"  # colours and moves of the cursor, between any two signs


class Terminal:
    """A program in a terminal of its own, ended by whoever started it.

    What stands there is drawn and drawn again, so only new lines are looked for: prompts,
    results, and what a program prints.
    """

    def __init__(self, child: pexpect.spawn) -> None:
        self._child = child

    def type(self, line: str = "") -> None:
        """Type a line and press Enter."""
        self._child.send(f"{line}\r")

    def read_until(self, *texts: str) -> int:
        """Wait for the first of these texts; its position in them."""
        return int(self._child.expect([_DRAWN.join(map(re.escape, text)) for text in texts]))

    @property
    def before(self) -> str:
        """What stood before the last text that was read."""
        return str(self._child.before)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._child.sendcontrol("c")

    def measure(self, width: int, height: int) -> None:
        """Let the terminal have so many pixels, as those have that show pictures."""
        size = struct.pack("HHHH", 40, 120, width, height)
        fcntl.ioctl(self._child.child_fd, termios.TIOCSWINSZ, size)

    def leave(self) -> int:
        """Type `exit` and return the program's exit code."""
        self.type("exit")
        self._child.expect(pexpect.EOF)
        self._child.close()
        return int(self._child.exitstatus)


@contextmanager
def terminal(python: Path, module: str, folder: Path) -> Iterator[Terminal]:
    """Start a module of a Python, whose terminal cannot be asked where its cursor is."""
    quiet = {"IPYTHONDIR": str(folder / "ipython"), "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn(
        str(python),
        ["-m", module, "--no-confirm-exit"],
        cwd=str(folder),
        env={**os.environ, **quiet, "TERM": "xterm", "JUPYTER_PATH": str(folder)},
        encoding="utf-8",
        timeout=PATIENCE_S,
        dimensions=(40, 120),
    )
    try:
        yield Terminal(child)
    finally:
        child.close(force=True)
