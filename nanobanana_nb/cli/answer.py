"""What a command answers: a text for people, a value for programs, and an exit code."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.cli.exit_codes import ExitCode, code_of_error
from nanobanana_nb.cli.shell_words import shell_words
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.text.terminal import printable


@dataclass(frozen=True)
class Answer:
    """One answer. `value` is plain JSON data; `text` stands on the standard output without it."""

    value: Any
    text: str
    code: ExitCode = ExitCode.DONE
    picture: Any = None  # what shows itself under the text in a terminal that can

    def show(self, *, as_json: bool) -> None:
        """Write the answer, and nothing else, to the standard output."""
        text = json.dumps(self.value, indent=1) if as_json else printable(self.text)
        if text and sys.stdout is not None:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        if self.picture is not None and not as_json:
            from nanobanana_nb.notebook.status.terminal_pictures import show_picture

            show_picture(self.picture)


def of_error(error: NanobananaError) -> Answer:
    """Return the answer of a command that failed; people read the error beside it."""
    lines = [str(error), *getattr(error, "__notes__", ())]
    note("\n".join(lines).replace("`", ""))
    return Answer({"error": error.to_record()}, "", code_of_error(error))


def interrupted() -> Answer:
    """Return the answer of a command that was interrupted before it had one."""
    error = {"kind": "KeyboardInterrupt", "what": "Interrupted"}
    return Answer({"error": error}, "", ExitCode.INTERRUPTED)


def note(text: str) -> None:
    """Write lines for people, beside the answer: to the standard error."""
    if text and sys.stderr is not None:
        sys.stderr.write(f"{printable(shell_words(text))}\n")
        sys.stderr.flush()
