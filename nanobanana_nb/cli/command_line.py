"""`nanobanana` and `python -m nanobanana_nb`: from the words of a line to an exit code."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nanobanana_nb.cli.answer import Answer, interrupted, note, of_error
from nanobanana_nb.cli.exit_codes import ExitCode
from nanobanana_nb.cli.shell_parser import SIMULATOR, parsed
from nanobanana_nb.errors import NanobananaError

_CLOSED = (errno.EPIPE, errno.EINVAL)  # the second is that of Windows


def main(words: Sequence[str] | None = None) -> int:
    """Carry out one command line and return its exit code; of ours, no error has a traceback."""
    words = sys.argv[1:] if words is None else list(words)
    if words[:1] == [SIMULATOR]:
        return _simulator(words[1:])
    try:
        with warnings.catch_warnings():
            warnings.showwarning = partial(_show_warning, warnings.showwarning)
            answer = _answer(words)
        answer.show(as_json="--json" in words)
    except OSError as error:
        if error.errno not in _CLOSED:
            raise
        _close_output()
        return ExitCode.DONE
    return answer.code


def _answer(words: Sequence[str]) -> Answer:
    try:
        command, options = parsed(words)
        return command.run(options)
    except NanobananaError as error:
        return of_error(error)
    except KeyboardInterrupt:
        return interrupted()


def _show_warning(
    show: Callable[..., None], message: Warning | str, category: type[Warning], *where: Any
) -> None:
    """Show a warning of ours as a line, and others as Python does."""
    if category.__module__.startswith("nanobanana_nb"):
        note(str(message).replace("`", ""))
    else:
        show(message, category, *where)


def _close_output() -> None:
    """Let nothing be written to a pipe that nobody reads: Python tries once more at its end."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)


def _simulator(words: Sequence[str]) -> int:
    """Serve the simulated service until it is interrupted, as its own module does."""
    import runpy

    sys.argv = ["nanobanana simulator", *words]
    try:
        runpy.run_module("nanobanana_nb.simulator", run_name="__main__", alter_sys=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
