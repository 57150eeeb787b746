"""The fields of a plan, on which its verbs work; `Plan` stands on top and has them as methods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.recipe import Recipe
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.text.terminal import printed


@printed
@dataclass(frozen=True)
class Cell:
    """One image of a plan: its request and where it stands.

    `values` are the name and value of everything that varies; `point` counts, for each axis of
    the plan, which of its values it is.
    """

    request: GenerationRequest
    values: tuple[tuple[str, Any], ...] = ()
    point: tuple[int, ...] = ()


@dataclass(frozen=True, repr=False)
class PlanRecord:
    """What a plan holds.

    `axes` are what varies, `repeats` says how often each combination is made, `notes` are what
    the person should know before or beside the result. `sample` combinations were drawn with
    `sample_seed`; `scout` has only what shows each value once. `rows` and `cols` name the axes on
    either side of the table, where the person said so. `recipe` is what grows the plan.
    """

    cells: tuple[Cell, ...]
    prompt: str = ""
    axes: tuple[Axis, ...] = ()
    repeats: int = 1
    notes: tuple[str, ...] = ()
    callback_url: str | None = field(default=None, repr=False)
    recipe: Recipe | None = field(default=None, repr=False)
    sample: int | None = None
    sample_seed: int | None = None
    scout: bool = False
    rows: tuple[str, ...] = ()
    cols: tuple[str, ...] = ()


P = TypeVar("P", bound=PlanRecord)
