"""What a panel holds, as a record, and the `%%nanobanana` cell that asks for the same."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.prompt import ambiguity, template, value_syntax
from nanobanana_nb.model.prompt.axis_lines import RULE, AxisLine, AxisLines
from nanobanana_nb.model.prompt.checks import is_clear
from nanobanana_nb.model.result import Generation

SIDES = ("rows", "cols")
_SHORT = {"aspect_ratio": "-a", "resolution": "-r", "output_format": "-f"}
_LONG = {
    "-m": "--model",
    "-a": "--aspect-ratio",
    "-r": "--resolution",
    "-f": "--output-format",
    "-i": "--image",
    "-n": "--repeats",
}
_SHELL_PROMPT = re.compile(r"\s*>>>|In \[\d+\]:|\s*\.\.\.")


@dataclass(frozen=True)
class AxisDraft:
    """An axis as it was typed: a name, and values with bars between; `side` is rows, cols or ""."""

    name: str
    values: str
    side: str = ""


@dataclass(frozen=True)
class Draft:
    """What a person has put into a panel, valid or not yet.

    `fields` are parameters of the model, `images` what `-i` takes: links, paths and names of
    variables. `raw` takes the braces of the prompt as text.
    """

    prompt: str = ""
    model: str = ""
    fields: tuple[tuple[str, Any], ...] = ()
    repeats: int = 1
    axes: tuple[AxisDraft, ...] = ()
    images: tuple[str, ...] = ()
    fresh: bool = False
    raw: bool = False

    @property
    def body(self) -> str:
        """The prompt as a cell gives it to the magic: IPython empties lines of spaces."""
        lines = ("" if line.isspace() else line for line in self.prompt.split("\n"))
        return "\n".join(lines).strip("\n").rstrip()


def as_cell(draft: Draft) -> str:
    """Return the text of a cell that asks for the same images.

    Raises:
        InputError: a value cannot stand in a cell.
    """
    line, body = as_line_and_body(draft)
    if any(map(_SHELL_PROMPT.match, body.split("\n"))):
        raise InputError(
            "The prompt cannot stand in a cell",
            why="IPython takes `>>>`, `...` or `In [1]:` at the start of a line for its own",
            action="Begin the line with a word.",
        )
    return f"{' '.join(('%%nanobanana', line)).rstrip()}\n{body}"


def as_line_and_body(draft: Draft) -> tuple[str, str]:
    """Return the options and the body of that cell. Axes are lines under the prompt if they can.

    Raises:
        InputError: a value has a line break, which no option can have.
    """
    body = _with_axis_lines(draft)
    options = list(_options(draft, varied=body is None))
    line = " ".join(options)
    if len(line.splitlines()) > 1:
        raise InputError("A value has a line break", action="Write it on one line.")
    return line, draft.body if body is None else body


def draft_of(made: Generation) -> tuple[Draft, tuple[str, ...]]:
    """Return what asks for an image of the ledger again, and the images that are not kept."""
    request = made.request
    parsed = template.parse(request.prompt)
    kept = tuple(image.url for image in request.images if image.url and image.complete)
    lost = tuple(str(image) for image in request.images if not (image.url and image.complete))
    means_something = bool(parsed.names or parsed.lines.axes or parsed.lines.zipped)
    literal = means_something or parsed.fill({}) != request.prompt or not is_clear(parsed.written)
    fields = tuple(request.parameters)
    return Draft(request.prompt, request.model, fields, images=kept, raw=literal), lost


def _with_axis_lines(draft: Draft) -> str | None:
    """Return the prompt with its axes below it, None where they would be read otherwise."""
    if not draft.axes:
        return draft.body
    if any(ambiguity.doubt(axis.values) for axis in draft.axes):
        return None  # as it was typed it is asked about
    wanted = AxisLines(tuple(AxisLine(a.name, value_syntax.values(a.values)) for a in draft.axes))
    whole = f"{draft.body}\n{RULE}\n{wanted.render()}"
    read = template.parse(whole)
    bare = template.parse(draft.body)
    lineless = bare.lines == AxisLines()  # else they would become text
    alike = read.lines == wanted and read.written == draft.body and whole == whole.rstrip()
    alike = alike and read.notes == bare.notes
    return whole if alike and lineless and not draft.raw else None


def _options(draft: Draft, *, varied: bool) -> Iterator[str]:
    if draft.model:
        short = draft.model.removeprefix(catalog.PREFIX)
        yield _option("-m", short if catalog.full_name(short) == draft.model else draft.model)
    for name, value in draft.fields:
        option, text = _field(name, value)
        yield _option(option, text if draft.raw else template.escaped_names(text))
    if draft.repeats != 1:
        yield _option("-n", str(draft.repeats))
    for image in draft.images:
        yield _option("-i", image if draft.raw else template.escaped_names(image))
    if varied:
        yield from (_option("--vary", f"{axis.name}={axis.values}") for axis in draft.axes)
    for side in SIDES:
        yield from (_option(f"--{side}", a.name) for a in draft.axes if a.side == side)
    yield from ["--fresh"] * draft.fresh + ["--raw"] * draft.raw


def _field(name: str, value: Any) -> tuple[str, str]:
    """Return the option of a parameter, and its text."""
    if name in _SHORT and isinstance(value, str):
        return _SHORT[name], value
    return "--set", f"{name}={json.dumps(value, ensure_ascii=False)}"


def _option(name: str, value: str) -> str:
    """Return an option with its value; one that looks like an option itself goes behind `=`."""
    between = "=" if value.startswith("-") else " "
    return f"{_LONG.get(name, name) if between == '=' else name}{between}{shlex.quote(value)}"
