"""Where the cursor stands: in which part of a magic, behind which words, in which one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.magic.tokens import tokens

Part = Literal["command", "options", "prompt"]
_CELL = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*%%nanobanana(?=[ \t\n]|\Z)")  # comments may go first
_LINE = re.compile(r"[ \t]*(?:\w+[ \t]*=[ \t]*)?%nanobanana(?=[ \t])")
_PIECE = re.compile(r"""\\.?|'[^']*'?|"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[^\s'"\\]""", re.DOTALL)


@dataclass(frozen=True)
class Cursor:
    """A place in a magic.

    Attributes:
        before: what stands in front of the cursor in its part: the line of a command, the option
            line of a cell, or its prompt.
        after: what stands behind the cursor on its line.
        options: the whole option line of the cell.
        prompt: the whole text below that line.
    """

    part: Part
    before: str
    after: str
    options: str = ""
    prompt: str = ""

    @property
    def word(self) -> str:
        """The word that is being written, with the quotation mark that it may begin with."""
        return self.before[_word_start(self.before) :]

    @property
    def words(self) -> list[str]:
        """The words in front of that one."""
        return _words(self.before[: _word_start(self.before)])

    @property
    def whole_word(self) -> str:
        """The word in and around the cursor."""
        return self.word + re.split(r"[\s'\"]", self.after, maxsplit=1)[0]


def cursor_in(code: str, position: int) -> Cursor | None:
    """Return the place of a position in a cell's text, None where it stands in no magic of ours."""
    cell = _CELL.match(code)
    if cell and position >= cell.end():
        return _in_cell(code, cell.end(), position)
    if cell:
        return None
    start = code.rfind("\n", 0, position) + 1
    line = _LINE.match(code, start)
    if line is None or position < line.end():
        return None
    end = _line_end(code, position)
    return Cursor("command", code[line.end() : position], code[position:end])


def _in_cell(code: str, start: int, position: int) -> Cursor:
    end = _line_end(code, start)
    options, prompt = code[start:end], code[end + 1 :]
    after = code[position : _line_end(code, position)]
    if position <= end:
        return Cursor("options", code[start:position], after, options, prompt)
    return Cursor("prompt", code[end + 1 : position], after, options, prompt)


def _line_end(code: str, position: int) -> int:
    end = code.find("\n", position)
    return len(code) if end < 0 else end


def _word_start(text: str) -> int:
    """Return where the last word of a line begins; behind a blank it begins at the end."""
    start = at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:  # a blank
            start = at = at + 1
        else:
            at = piece.end()
    return start


def _words(text: str) -> list[str]:
    try:
        return tokens(text)
    except InputError:
        return text.split()
