"""Cells without a kernel and without a service: their records, and what a plan of them needs."""

from __future__ import annotations

from typing import Any, Self

from nanobanana_nb.notebook.magic import cell_spec
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.panel.axes_editor import AxisDraft, options_of


def spec(prompt: str = "", *axes: AxisDraft, **fields: Any) -> CellSpec:
    """What a panel asks for with this in its fields."""
    parameters, references = fields.pop("parameters", ()), fields.pop("references", ())
    options = cell_spec.options_of({**fields, **options_of(axes)})
    return CellSpec(prompt, options, tuple(parameters), tuple(references))


class Shell:
    """What a cell needs of a shell: variables."""

    def __init__(self, **space: Any) -> None:
        self.user_ns = space
        self.user_ns_hidden: dict[str, Any] = {}


class SilentSession:
    """What a plan needs of a session, with no service and nothing paid behind it."""

    provider = type("Provider", (), {"name": "crun"})
    settings = type("Settings", (), {"model": "google/nano-banana-2"})

    @property
    def ledger(self) -> Self:
        """Stand for a ledger, too."""
        return self

    def schema(self, model: str) -> dict[str, Any]:
        """Say nothing of any model."""
        return {}

    def alike(self, requests: list[Any]) -> tuple[list[int], list[int]]:
        """Know no request that only looks the same, and none that was forgotten."""
        return [], []
