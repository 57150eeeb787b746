"""What a grid is called: the one place that decides it for outputs, status, sheets and pages."""

from __future__ import annotations

from collections.abc import Sequence

from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html.wording import PRIVATE, cut

UNNAMED = "Images"
MOST_TITLE = 120


def grid_prompt(generations: Sequence[Generation], plan: Plan | None) -> str:
    """Return the prompt that was sent where all images have the same, else as it was written.

    It is empty where several were sent of which no plan tells how they were written, and where
    it was kept private.
    """
    prompts = {g.request.prompt for g in generations}
    if len(prompts) == 1:
        return prompts.pop()
    return plan.prompt if plan else ""


def grid_name(generations: Sequence[Generation], plan: Plan | None, most: int) -> str:
    """Return the prompt in one line of at most `most` characters, or that it was kept private."""
    is_private = bool(generations) and not any(g.request.prompt for g in generations)
    return cut(PRIVATE if is_private else grid_prompt(generations, plan), most)


def title(prompt: str) -> str:
    """Return the line above what is handed on; what has no prompt to be told is `Images`."""
    return cut(prompt, MOST_TITLE) or UNNAMED
