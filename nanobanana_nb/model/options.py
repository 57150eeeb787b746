"""The table of options: what a cell writes, what Python's keywords are called, and what each does.

The cell's parser, its help, the panel's record, the kinds that are checked at every door, the
sentences for a name that is at the wrong door, Python's docstrings and the README's table come
from here. The signatures of `generate`, `plan` and `sweep` are written out, as type checkers read
them; a test holds them to this table.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal, TypeVar

from nanobanana_nb.text.doors import words

Kind = Literal["text", "link", "texts", "whole", "credits", "flag"]
# To whom a value goes: the model, every request, the grid, the run, or only the caller itself.
Part = Literal["parameter", "request", "grid", "run", "caller"]
F = TypeVar("F", bound=Callable[..., Any])
_DEFAULTS: dict[Kind, Any] = {"flag": False, "texts": ()}
_LINE_OF_OPTIONS = re.compile(r"^( *)options: .*$", re.MULTILINE)  # Python 3.13 takes indents out
AGAIN = "; may be given again"
ONLY_IN_CELLS = "It is an option of cells: “Insert as cell” makes one"


@dataclass(frozen=True)
class Option:
    """One option.

    `flags` are as a cell writes them, the short one first; `keyword` is Python's name for it,
    None where Python has another way, which `instead` tells. `default` is what stands where nothing
    was written. `does` is the sentence of the help and of the README, `python` that of the
    docstrings where it says more there. `label` is what the panel calls it, nothing where it has
    none. A value that is not `filled` has no `{name}`.
    """

    name: str
    flags: tuple[str, ...]
    part: Part
    kind: Kind
    does: str
    metavar: str = ""
    keyword: str | None = ""
    python: str = ""
    instead: str = ""
    default: Any = None
    filled: bool = True
    label: str = ""

    def __post_init__(self) -> None:
        """Fill in what follows from the rest."""
        if self.keyword == "":
            object.__setattr__(self, "keyword", self.name)
        if self.default is None:
            object.__setattr__(self, "default", _DEFAULTS.get(self.kind))

    @property
    def switch(self) -> str:
        """What says yes to it, at the door that is open."""
        python = f"{self.keyword}=True" if self.keyword else self.flags[-1]
        return words(self.flags[-1], python=python, panel=f"the tick “{self.label}”")

    @property
    def place(self) -> str:
        """Where a value goes that was given at another door, as one sentence."""
        return words(self._place, panel=f"{self._panel_place}.")

    @property
    def _panel_place(self) -> str:
        return f"Use “{self.label}”" if self.label else ONLY_IN_CELLS

    @property
    def _place(self) -> str:
        if self.keyword is None:
            return self.instead
        if self.part == "run":
            return f"It goes with what runs: `generate` and `sweep`, or {self.flags[-1]} in a cell."
        if self.part == "grid":
            return f"`sweep` and `plan` take it; in a cell it is {self.flags[-1]}."
        return f"Use {self.keyword} ({self.flags[0]} in a cell)."

    def place_of(self, value: str) -> str:
        """Where `value` goes that stands below a prompt, as it is written there."""
        off = self.kind == "flag" and value.casefold() in ("false", "no", "off", "0")
        if off:
            by_line = f"Leave it out: {self.flags[-1]} in the %%nanobanana line would say yes"
            return words(by_line, panel="Leave it out")
        text = "" if self.kind == "flag" else f" {value}"
        python = "True" if self.kind == "flag" else value
        also = f", in Python {self.keyword}={python}" if self.keyword else ""
        line = f"Write `{self.flags[0]}{text}` in the %%nanobanana line{also}"
        return words(line, panel=self._panel_place)


OPTIONS = {
    option.name: option
    for option in (
        Option(
            "model",
            ("-m", "--model"),
            "request",
            "text",
            "the model, for example `nano-banana-2`; `%nanobanana models` lists them",
            "NAME",
            label="Model",
        ),
        Option(
            "aspect_ratio",
            ("-a", "--aspect-ratio"),
            "parameter",
            "text",
            "the shape, for example `16:9`",
            "W:H",
            label="Ratio",
        ),
        Option(
            "output_format",
            ("-f", "--output-format"),
            "parameter",
            "text",
            "`png` or `jpeg`, where the model takes it",
            "FORMAT",
            label="Format",
        ),
        Option(
            "resolution",
            ("-r", "--resolution"),
            "parameter",
            "text",
            "`1K`, `2K` or `4K`, where the model takes it",
            "SIZE",
            label="Size",
        ),
        Option(
            "images",
            ("-i", "--image"),
            "request",
            "texts",
            f"a reference image: a link, a path or a variable; `Mia=IMAGE` tells the model who it "
            f"shows{AGAIN}",
            "IMAGE",
            python="reference images: links, paths, bytes, Pillow images, arrays, Matplotlib "
            "figures or results; one or a list, or a dict of who or what each shows",
            label="Reference images",
        ),
        Option(
            "repeats",
            ("-n", "--repeats"),
            "request",
            "whole",
            "how many images of the same request; each is paid",
            "N",
            python="how many images of the same request, each paid; as the service takes no seed, "
            "they show what is chance",
            default=1,
            label="Repeats",
        ),
        Option(
            "library",
            ("--prompt",),
            "caller",
            "text",
            "a prompt of `prompts.toml` with its parameters; what the cell has goes before",
            "NAME",
            keyword=None,
            instead="In Python it is `prompts`: `sweep(nanobanana_nb.prompts['poster'])`.",
            label="Kept prompt",
        ),
        Option(
            "vary",
            ("--vary",),
            "grid",
            "texts",
            "values for a placeholder, a parameter or `image`; `1..5` is a range" + AGAIN,
            "NAME=V1|V2",
            keyword=None,
            instead="In Python it is axes: `sweep(template, {'style': ['ink', 'oil']})`.",
            filled=False,
            label="Add axis",
        ),
        Option(
            "data",
            ("--data",),
            "caller",
            "text",
            "a table, one image a row: a variable or a file; its columns are places of the prompt "
            "and parameters",
            "TABLE",
            keyword=None,
            instead="In Python a table follows the prompt: `sweep('A {bird}', df)`.",
            filled=False,
            label="Data",
        ),
        Option(
            "sample",
            ("--sample",),
            "grid",
            "whole",
            "draw N of the combinations at random, the same ones each time",
            "N",
        ),
        Option(
            "sample_seed",
            ("--sample-seed",),
            "grid",
            "whole",
            "draw another part: each number draws one, always the same",
            "SEED",
        ),
        Option(
            "scout",
            ("--scout",),
            "grid",
            "flag",
            "first make only what shows each value once",
            python="make only what shows each value once; `grid.complete()` makes the rest",
        ),
        Option(
            "rows",
            ("--rows",),
            "grid",
            "texts",
            f"an axis that goes down the table{AGAIN}",
            "NAME",
            python="axes that go down the table",
            filled=False,
            label="Goes",
        ),
        Option(
            "cols",
            ("--cols",),
            "grid",
            "texts",
            f"an axis that goes across the table{AGAIN}",
            "NAME",
            python="axes that go across the table",
            filled=False,
            label="Goes",
        ),
        Option(
            "out",
            ("-o", "--out"),
            "caller",
            "text",
            "a variable for the grid, there from the first moment: it fills itself",
            "NAME",
            keyword=None,
            instead="In Python the result is returned: `grid = generate(...)`.",
            filled=False,
        ),
        Option(
            "fresh",
            ("--fresh",),
            "run",
            "flag",
            "pay for new images even if the ledger has some",
            label="New images even where there are some, paid anew",
        ),
        Option(
            "yes",
            ("--yes",),
            "run",
            "flag",
            "run it however large the bill is",
            python="run it however large the bill is. Without it a bill above the setting "
            "`confirm_above`, or above the balance, sends nothing",
        ),
        Option(
            "strict",
            ("--strict",),
            "run",
            "flag",
            "raise an error when one of the images failed",
        ),
        Option(
            "max_credits",
            ("--max-credits",),
            "run",
            "credits",
            "send nothing if it would cost more",
            "N",
            python="the most that this call may cost: nothing is sent if it would cost more. It "
            "is a yes to any bill up to that",
        ),
        Option(
            "private",
            ("--private",),
            "request",
            "flag",
            "keep the prompt out of the ledger and of the file beside the original",
        ),
        Option(
            "no_wait",
            ("--no-wait",),
            "caller",
            "flag",
            "return a job at once; `-o` gets the grid, and `%nanobanana wait` shows its images",
            keyword=None,
            instead="In Python `submit` returns at once, and `asweep` does not block.",
        ),
        Option(
            "provider",
            ("--provider",),
            "caller",
            "text",
            "`crun` or `simulator`",
            "NAME",
            python="`crun` or `simulator`; the settings decide if it is not given",
        ),
        Option(
            "callback_url",
            ("--callback-url",),
            "request",
            "link",
            "where the service posts when a task is finished",
            "URL",
        ),
        Option(
            "raw",
            ("--raw",),
            "caller",
            "flag",
            "take the prompt as it is: nothing is filled in",
            python="take the prompt as it is, whatever its braces and lines look like",
            label="Braces are text and vary nothing",
        ),
        Option(
            "dry_run",
            ("--dry-run",),
            "caller",
            "flag",
            "show the bill and send nothing; `-o` gets the plan",
            keyword=None,
            instead="`plan(...).bill()` shows what it would cost.",
        ),
        Option(
            "set",
            ("--set",),
            "caller",
            "texts",
            f"any further input field of the model{AGAIN}",
            "KEY=VALUE",
            keyword=None,
            instead="In Python a further input field is a keyword of its own.",
        ),
        Option(
            "help",
            ("-h", "--help"),
            "caller",
            "flag",
            "show the options",
            keyword=None,
            instead="`help(generate)`, or %nanobanana help.",
        ),
    )
}


def names_of(*parts: Part) -> tuple[str, ...]:
    """Return the names of the options that go to these."""
    return tuple(option.name for option in OPTIONS.values() if option.part in parts)


def described(function: F) -> F:
    """Let the options among a public function's keywords stand in its docstring, for `options:`."""
    function.__module__ = "nanobanana_nb"  # where people find it
    doc = function.__doc__ or ""  # Python may have been told to drop docstrings
    if line := _LINE_OF_OPTIONS.search(doc):
        keywords, indent = inspect.signature(function).parameters, line[1]
        texts = [
            f"{option.keyword}: {option.python or option.does}."
            for option in OPTIONS.values()
            if option.keyword in keywords
        ]
        rows = [
            row
            for text in texts
            for row in wrap(text, 99, initial_indent=indent, subsequent_indent=indent + " " * 4)
        ]
        function.__doc__ = doc[: line.start()] + "\n".join(rows) + doc[line.end() :]
    return function
