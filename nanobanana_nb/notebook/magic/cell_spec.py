"""What one cell asks for, as a record that its text and the panel make, and the plan of it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.options import OPTIONS, names_of
from nanobanana_nb.model.plan.table import PROMPT, Table
from nanobanana_nb.model.prompt import template
from nanobanana_nb.notebook.magic import option_parser
from nanobanana_nb.notebook.magic.namespace import variables
from nanobanana_nb.text.doors import words

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.limits import RunLimits
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.run.session import Session

_NAMED = re.compile(r"([^=/\\:.?#<>\"']+)=(.+)")  # a name and an image; no link or path begins so
_ELSEWHERE = {"images", "set", *names_of("parameter")}  # options that have a field of their own


@dataclass(frozen=True)
class CellSpec:
    """The prompt of a cell and its options, valid or not yet.

    `options` are those of the table that were given, by name: `spec["repeats"]` is the default
    where it was not. `parameters` are input fields of the model, and `references` what `-i`
    takes: links, paths and names of variables.
    """

    prompt: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    parameters: tuple[tuple[str, Any], ...] = ()
    references: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        """Return the value of an option, its default where none was given."""
        return self.options.get(name, OPTIONS[name].default)

    @property
    def body(self) -> str:
        """The prompt as a cell gives it to the magic: IPython empties lines of spaces."""
        lines = ("" if line.isspace() else line for line in self.prompt.split("\n"))
        return "\n".join(lines).strip("\n").rstrip()

    @property
    def axes(self) -> tuple[tuple[str, str], ...]:
        """The name and the values of each `--vary`, as they were written."""
        parts = (axis.partition("=") for axis in self["vary"])
        return tuple((name, values) for name, _, values in parts)


def read(line: str | Mapping[str, Any], prompt: str, shell: Any) -> CellSpec:
    """Return what the text of a cell asks for.

    Args:
        line: the option line, or the values that a parser of a shell has read already.

    Raises:
        InputError: an option or a value cannot be used.
    """
    if isinstance(line, str):
        space = variables(shell) if "{" in line else None
        line = vars(option_parser.parse(option_parser.cell_parser(), line, space))
    values = line
    parameters = {n: values[n] for n in names_of("parameter") if values[n] is not None}
    if values["set"]:
        parameters |= option_parser.input_fields(values["set"])
    references = tuple(values["images"])
    return CellSpec(prompt, options_of(values), tuple(parameters.items()), references)


def options_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are not their default, of those that have no field of their own."""
    plain = {name: value for name, value in values.items() if name not in _ELSEWHERE}
    several = {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}
    return {n: v for n, v in several.items() if n in OPTIONS and v != OPTIONS[n].default}


def plan_of(spec: CellSpec, session: Session, shell: Any) -> Plan:
    """Return the plan of a cell. Sends nothing.

    Raises:
        InputError: the prompt, an option or a value cannot be used.
    """
    from nanobanana_nb.entry import launch

    table = spec["data"] and _table(spec, shell)
    return launch.plan_for(
        session,
        spec.body or (f"{{{PROMPT}}}" if table else ""),
        axes=table,
        namespace=None if spec["raw"] else variables(shell),
        parameters=dict(spec.parameters),
        images=[image for name in spec.references for image in _images(name, shell)],
        find_images=lambda name: _images(name, shell),
        **{name: spec[name] for name in names_of("request", "grid") if name not in _ELSEWHERE},
    )


def _table(spec: CellSpec, shell: Any) -> Table:
    """Return the table of `--data`: a variable, or a file."""
    from nanobanana_nb.run.inputs import tables

    name = spec["data"]
    value = shell.user_ns.get(name, name) if name.isidentifier() else name
    if value is name and not name.lower().endswith(tables.ENDINGS):
        endings = ", ".join(tables.ENDINGS)
        raise InputError(
            f"There is no table {name[:80]}",
            action=f"--data takes a variable, or a file that ends in {endings}.",
        )
    return tables.table(value, template.names(spec.body) or (PROMPT,))


def named_source(text: str) -> tuple[str, str]:
    """Return who or what an image of `-i` shows, "" where that is not said, and the image."""
    pair = _NAMED.fullmatch(text)
    if pair is None or os.path.exists(text):  # noqa: PTH110 - raises nothing
        return "", text
    return pair[1].strip(), pair[2]


def limits_of(spec: CellSpec) -> RunLimits:
    """Return what the person allows for the run of a cell."""
    from nanobanana_nb.model.plan.limits import SAMPLE_BY_OPTION, RunLimits

    options = {name: spec[name] for name in names_of("run")}
    return RunLimits(**options, to_sample=SAMPLE_BY_OPTION)


def _images(name: str, shell: Any) -> list[Any]:
    """Return the images of one `-i`: a link, a path, or a variable that may hold several."""
    from nanobanana_nb.run.inputs.reference import named, reference
    from nanobanana_nb.show.grid import ImageGrid

    shows, source = named_source(name)
    if shows:
        return [named(image, shows) for image in _images(source, shell)]
    value = shell.user_ns.get(name, name) if name.isidentifier() else name
    values = value if isinstance(value, list | tuple | ImageGrid) else [value]
    if len(values) == 0:
        option = words("-i ", panel="")
        raise InputError(f"{option}{name} is an empty list", action="Leave it out, or fill it.")
    return [reference(image, name if image is not name else "") for image in values]
