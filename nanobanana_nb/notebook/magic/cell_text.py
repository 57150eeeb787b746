"""A `%%nanobanana` cell as text: from the record of what it asks for, and of an image."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.options import OPTIONS, names_of
from nanobanana_nb.model.prompt import ambiguity, template, value_syntax
from nanobanana_nb.model.prompt.axis_lines import RULE, AxisLine, AxisLines
from nanobanana_nb.model.prompt.checks import is_clear
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.magic.cell_spec import CellSpec

_SHELL_PROMPT = re.compile(r"\s*>>>|In \[\d+\]:|\s*\.\.\.")


def as_cell(spec: CellSpec) -> str:
    """Return the text of a cell that asks for the same images.

    Raises:
        InputError: a value cannot stand in a cell.
    """
    line, body = as_line_and_body(spec)
    if any(map(_SHELL_PROMPT.match, body.splitlines())):
        raise InputError(
            "The prompt cannot stand in a cell",
            why="IPython takes `>>>`, `...` or `In [1]:` at the start of a line for its own",
            action="Begin the line with a word.",
        )
    return f"{' '.join(('%%nanobanana', line)).rstrip()}\n{body}"


def as_line_and_body(spec: CellSpec) -> tuple[str, str]:
    """Return the options and the body of that cell. Axes are lines under the prompt if they can.

    Raises:
        InputError: a value has a line break, which no option can have.
    """
    body = _with_axis_lines(spec)
    options = list(_options(spec, varied=body is None))
    line = " ".join(options)
    if len(line.splitlines()) > 1:
        raise InputError("A value has a line break", action="Write it on one line.")
    return line, spec.body if body is None else body


def spec_of(image: Generation) -> tuple[CellSpec, tuple[str, ...]]:
    """Return what asks for an image of the ledger again, and its references that are not kept."""
    request = image.request
    parsed = template.parse(request.prompt)
    usable = tuple(image.url for image in request.images if image.url and image.complete)
    lost = tuple(str(image) for image in request.images if not (image.url and image.complete))
    has_places = bool(parsed.names or parsed.lines.axes or parsed.lines.zipped)
    raw = has_places or parsed.fill({}) != request.prompt or not is_clear(parsed.written)
    options = {"model": request.model, **({"raw": True} if raw else {})}
    return CellSpec(request.prompt, options, tuple(request.parameters), usable), lost


def _with_axis_lines(spec: CellSpec) -> str | None:
    """Return the prompt with its axes below it, None where they would be read otherwise."""
    if not spec.axes:
        return spec.body
    if spec["raw"] or any(ambiguity.doubt(values) for _, values in spec.axes):
        return None  # as it was typed it is asked about
    lines = tuple(AxisLine(name, value_syntax.values(values)) for name, values in spec.axes)
    whole = f"{spec.body}\n{RULE}\n{AxisLines(lines).render()}"
    parsed, bare = template.parse(whole), template.parse(spec.body)
    lineless = bare.lines == AxisLines()  # else they would become text
    alike = parsed.lines == AxisLines(lines) and parsed.written == spec.body
    alike = alike and whole == whole.rstrip() and parsed.notes == bare.notes
    return whole if alike and lineless else None


def _options(spec: CellSpec, *, varied: bool) -> Iterator[str]:
    """Yield the options with their values, in the order of the table."""
    texts = _texts(spec)
    for option in OPTIONS.values():
        if option.kind == "flag":
            yield from [option.flags[-1]] * bool(spec[option.name])
        elif option.name != "vary" or varied:
            for value in texts.get(option.name, ()):
                literal = spec["raw"] or not option.filled
                text = value if literal else template.escaped_names(value)
                if text.startswith("-"):  # as it looks like an option itself
                    yield f"{option.flags[-1]}={shlex.quote(text)}"
                else:
                    yield f"{option.flags[0]} {shlex.quote(text)}"


def _texts(spec: CellSpec) -> dict[str, list[str]]:
    """Return the values of each option; parameters that have none of their own go by `--set`."""
    direct = {n: v for n, v in spec.parameters if n in names_of("parameter") and isinstance(v, str)}
    pairs = [
        f"{n}={json.dumps(v, ensure_ascii=False)}" for n, v in spec.parameters if n not in direct
    ]
    values = {**spec.options, **direct, "images": spec.references, "set": pairs}
    if model := spec["model"]:
        short = model.removeprefix(catalog.PREFIX)
        values["model"] = short if catalog.full_name(short) == model else model
    return {
        name: [str(item) for item in (value if isinstance(value, tuple | list) else [value])]
        for name, value in values.items()
    }
