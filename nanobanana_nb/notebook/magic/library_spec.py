"""What a cell asks for whose blanks a prompt of the library fills."""

from __future__ import annotations

from dataclasses import replace

from nanobanana_nb.library import library
from nanobanana_nb.library.library_prompt import LibraryPrompt
from nanobanana_nb.model.prompt import template
from nanobanana_nb.model.prompt.axis_lines import RULE
from nanobanana_nb.notebook.magic.cell_spec import CellSpec


def filled(spec: CellSpec) -> CellSpec:
    """Return the record with what its prompt of the library adds; what a cell has goes before.

    Raises:
        InputError: no file has the prompt, a file cannot be read, or nothing in the prompt varies.
    """
    own = library.prompt(spec["library"])
    text = _text(spec, own)
    lines = () if spec["raw"] or own.raw else template.parse(text).lines.axes
    varied = {*(name for name, _ in spec.axes), *(line.name for line in lines)}
    fields = {name: value for name, value in own.parameters.items() if name not in varied}
    options = {name: value for name, value in spec.options.items() if name != "library"}
    if own.model and "model" not in varied:
        options.setdefault("model", own.model)
    if own.raw and not spec.body:
        options["raw"] = True
    return replace(
        spec,
        prompt=text,
        options=options,
        parameters=tuple({**fields, **dict(spec.parameters)}.items()),
        references=spec.references or own.references,
    )


def _text(spec: CellSpec, own: LibraryPrompt) -> str:
    """Return the text of the cell, or that of the library with the axis lines of the cell."""
    varied = [name for name, _ in spec.axes]
    if not spec.body:
        return own.without_axes(varied)
    only_lines = spec.body.partition("\n")[0].strip() == RULE
    return own.with_lines(spec.body, varied) if only_lines else spec.prompt
