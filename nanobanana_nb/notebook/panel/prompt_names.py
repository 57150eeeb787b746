"""What the names in a prompt stand for just now: axes, texts of the notebook, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt import template, value_syntax
from nanobanana_nb.model.prompt.template import Template
from nanobanana_nb.model.prompt.variables import sequence
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.run.inputs.tables import holds_records


@dataclass(frozen=True)
class PromptNames:
    """A prompt taken apart: for each axis how many values it has, and the texts filled in."""

    template: Template
    axes: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names that nothing is known of."""
        return tuple(n for n in self.template.names if n not in {*self.axes, *self.texts})


def prompt_names(spec: CellSpec, space: Mapping[str, Any]) -> PromptNames:
    """Return what they stand for. Nothing is raised: what cannot be read has no values."""
    if spec["raw"]:
        return PromptNames(template.plain(spec.body))
    parsed = template.parse(spec.body)
    choices = {place.name: place.options for place in parsed.choices}
    lines = {line.name: line.values for line in parsed.lines.axes}
    options = {name: value_syntax.values(values) for name, values in spec.axes if name}
    sources = {**choices, **lines, **options}
    axes = dict.fromkeys(sources, 0)
    for name, values in sources.items():
        with suppress(InputError):
            axes[name] = len(value_syntax.expanded(name, values))
    texts: dict[str, str] = {}
    for name in parsed.names:
        if name not in axes and name in space:
            _note(name, space[name], axes, texts)
    return PromptNames(parsed, axes, texts)


def table_names(space: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the variables that hold tables: frames, and lists of records."""
    return tuple(sorted(name for name, value in space.items() if holds_records(value)))


def _note(name: str, value: Any, axes: dict[str, int], texts: dict[str, str]) -> None:
    """Note what a variable of the notebook gives: a list an axis, anything else its text."""
    try:
        values = sequence(name, value)
    except InputError:
        return
    if values is not None:
        axes[name] = len(values)
    else:
        texts[name] = str(value) if isinstance(value, str | int | float) else type(value).__name__
