"""The prompts that a plan sends, where they are not what was written."""

from __future__ import annotations

from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.show.html.wording import counted

MOST = 3


def sent_prompts(plan: Plan) -> tuple[list[str], str]:
    """Return the first prompts as they are sent, and in words how many more there are.

    There are none where the prompt goes out as it was written, or was kept out of the plan.
    """
    prompts = list(dict.fromkeys(cell.request.prompt for cell in plan.cells))
    if not plan.prompt or prompts == [plan.prompt]:
        return [], ""
    more = len(prompts) - MOST
    return prompts[:MOST], f"and {counted(more, 'more prompt')}" if more > 0 else ""
