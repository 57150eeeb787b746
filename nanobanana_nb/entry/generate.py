"""Images of one prompt, from a script or a notebook: now, awaited, or in the background."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.entry.front import front
from nanobanana_nb.errors import InputError
from nanobanana_nb.library.library_prompt import LibraryPrompt
from nanobanana_nb.model import arguments, calls
from nanobanana_nb.model.options import names_of
from nanobanana_nb.model.plan.limits import BY_ARGUMENT, RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.table import PROMPT, Tabular
from nanobanana_nb.model.prompt import checks
from nanobanana_nb.run.inputs import tables
from nanobanana_nb.run.inputs.reference import references
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.text.doors import Door, through


@through(Door.PYTHON)
def planned(
    prompt: Tabular,
    *,
    model: str | None = None,
    aspect_ratio: str | None = None,
    output_format: str | None = None,
    resolution: str | None = None,
    images: Any = (),
    repeats: int = 1,
    fresh: bool = False,
    yes: bool = False,
    strict: bool = False,
    max_credits: float | None = None,
    private: bool = False,
    raw: bool = False,
    callback_url: str | None = None,
    provider: str | None = None,
    **input: Any,
) -> tuple[Session, Plan, RunLimits]:
    """Return what `submit` starts: who answers, the plan, and its limits. Sends nothing."""
    options = dict(locals())
    limits = RunLimits(to_confirm=BY_ARGUMENT, **{name: options[name] for name in names_of("run")})
    arguments.check(raw=raw)
    if isinstance(prompt, LibraryPrompt):
        own = prompt.options_beside({**options, **input})
        input |= {name: own.pop(name) for name in own.keys() - options.keys()}
        prompt = prompt if own.get("raw") or raw else prompt.filled()
        options |= {**own, "raw": True}
    rows = tables.prompts(prompt) if tables.is_table(prompt) else None
    texts = rows[PROMPT] if rows else [arguments.prompt(prompt)]
    if not options["raw"]:
        for text in texts:
            checks.check_text(text)
    if places := [name for name in input if f"{{{name}}}" in "\n".join(texts)]:
        raise InputError(
            f"Not sent: {{{places[0]}}} stays as it is written",
            why="for `generate` braces are text",
            action="Use an f-string, or `sweep`, which fills them in.",
        )
    session = launch.session_for(provider)
    plan = launch.plan_for(
        session,
        f"{{{PROMPT}}}" if rows else texts[0],
        namespace={} if rows else None,
        axes=rows,
        find_images=references,
        parameters={**{name: options[name] for name in names_of("parameter")}, **input},
        images=references(options["images"]),
        **{name: options[name] for name in names_of("request") if name != "images"},
    )
    return session, plan, limits


@calls.like(planned)
def submit(*args: Any, **options: Any) -> Job:
    """Start what `generate` makes and return at once. Costs the same.

    Returns:
        a job: `job.result()` or `await job` gives the images, `job.grid` what is there now.

    Examples:
        >>> from nanobanana_nb import submit
        >>> job = submit("A heron at dawn", repeats=2)
        >>> len(job.result())
        2
    """
    return launch.start(*planned(*args, **options))


@calls.like(planned)
def generate(*args: Any, **options: Any) -> ImageGrid:
    """Make images for a prompt, wait for them and return them.

    Costs credits for each image that the ledger does not have yet; asking again for the same
    is free. In a notebook the tasks show under the cell while they run.

    Args:
        prompt: what the image shows, or a list of texts for an image of each. Braces are text: use
            an f-string for values. Choices and axis lines are refused: they are for `sweep`. A
            table with a column `prompt` is taken as `sweep` takes it.
        options: those of a cell, as `%nanobanana help` lists them.
        input: further input fields of the model, sent as they are.

    Raises:
        BudgetError: it would cost more than is allowed: nothing was sent.
        NanobananaError: none of the images came about; the error says why and what to do.
        KeyboardInterrupt: the wait was interrupted; the tasks go on and can be resumed.

    Examples:
        >>> from nanobanana_nb import generate
        >>> heron = generate("A heron at dawn", aspect_ratio="16:9", max_credits=10)
        >>> heron.state.value, heron.credits
        ('success', 4.0)
        >>> generate("A heron at dawn", aspect_ratio="16:9").credits  # from the ledger
        0
    """
    return front().follow(submit(*args, **options))


@calls.like(planned)
async def agenerate(*args: Any, **options: Any) -> ImageGrid:
    """Do what `generate` does without blocking the running event loop.

    Being cancelled stops the waiting and not the tasks.

    Examples:
        >>> import asyncio
        >>> from nanobanana_nb import agenerate
        >>> len(asyncio.run(agenerate("A heron at dawn")))  # in a notebook: await agenerate(...)
        1
    """
    return await front().afollow(submit(*args, **options))
