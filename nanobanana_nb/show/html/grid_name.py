"""What a grid is called: the one place that decides it for outputs, status, sheets and pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nanobanana_nb.model.holder import holder_of
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.html.wording import PRIVATE, cut

UNNAMED = "Images"
_LONE_PLACE = re.compile(r"\{\w+\}")
MOST_TITLE = 120


def grid_prompt(generations: Sequence[Generation], plan: Plan | None) -> str:
    """Return the prompt that was sent where all images have the same, else as it was written.

    It is empty where several were sent of which no plan tells how they were written or that are
    written in a table, and where it was kept private.
    """
    prompts = {g.request.prompt for g in generations}
    if len(prompts) == 1:
        return prompts.pop()
    return "" if plan is None or _LONE_PLACE.fullmatch(plan.prompt) else plan.prompt


def grid_name(generations: Sequence[Generation], plan: Plan | None, most: int) -> str:
    """Return the prompt in one line of at most `most` characters, or that it was kept private."""
    is_private = bool(generations) and not any(g.request.prompt for g in generations)
    return cut(PRIVATE if is_private else grid_prompt(generations, plan), most)


def title(prompt: str) -> str:
    """Return the line above what is handed on; what has no prompt to be told is `Images`."""
    return cut(prompt, MOST_TITLE) or UNNAMED


def variable_of(grid: GridData) -> str:
    """Return the variable that holds `grid`, or else one that holds its plan; empty for none."""
    plan = grid.plan
    return holder_of(lambda value: value is grid) or (
        holder_of(lambda value: isinstance(value, GridData) and value.plan is plan) if plan else ""
    )


def with_variable(code: str, grid: GridData) -> str:
    """Return a piece of code that begins with `grid` for the variable that holds it, or nothing."""
    name = variable_of(grid)
    return f"`{name}{code.removeprefix('grid')}`" if name else ""
