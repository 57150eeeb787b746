"""The next step from an image, and a branch of such steps made again in other words.

Each is written once, as a coroutine. In its blocking form nothing in it ever suspends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from nanobanana_nb.entry import generate, launch
from nanobanana_nb.entry.front import front
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.calls import called
from nanobanana_nb.model.lineage import Step
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import BY_ARGUMENT, RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run import branch
from nanobanana_nb.run.inputs.reference import reference, references
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings.origin import notebook
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.report import Report

T = TypeVar("T")


class _Wait(Protocol):
    """How to wait for the service's answer about a bill, and for a job's images."""

    async def answer(self, session: Session, work: Coroutine[Any, Any, T]) -> T: ...
    async def follow(self, job: Job) -> ImageGrid: ...


class _Blocking:
    """Blocks: its coroutines end at their first step."""

    async def answer(self, session: Session, work: Coroutine[Any, Any, T]) -> T:
        return session.bridge.run(work)

    async def follow(self, job: Job) -> ImageGrid:
        return front().follow(job)


class _Awaiting:
    """Lets the loop of the caller run on."""

    async def answer(self, session: Session, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(session.bridge.submit(work))

    async def follow(self, job: Job) -> ImageGrid:
        return await front().afollow(job)


@called
def edit(
    generation: Generation, prompt: str, *, images: Any = (), dry_run: bool = False, **options: Any
) -> ImageGrid | Report:
    """Make an image from another; its bytes are the first reference image.

    Model, shape, format and privacy are those of the other image unless `options` say
    otherwise; another model takes none of the settings over. Raises what `generate` raises.

    Args:
        generation: the image to begin with.
        prompt: what is to become of it.
        images: further reference images, as for `generate`.
        dry_run: send nothing and return the bill.
        options: what `generate` takes.

    Raises:
        InputError: `generation` is no image.
        BudgetError: the bill is above what is allowed: nothing was sent.

    Examples:
        >>> from nanobanana_nb import edit, generate
        >>> heron = generate("A heron at night").one
        >>> len(edit(heron, "Let it snow").one.request.images)
        1
    """
    arguments.check_kind(Generation, generation=generation)
    options = _edit_options(generation, images, options)
    return _run_blocking(_make_edit(prompt, options, dry_run, _Blocking()))


@called
async def aedit(
    generation: Generation, prompt: str, *, images: Any = (), dry_run: bool = False, **options: Any
) -> ImageGrid | Report:
    """Do what `edit` does without blocking the running event loop.

    Examples:
        >>> import asyncio
        >>> from nanobanana_nb import aedit, generate
        >>> heron = generate("A heron at night").one
        >>> len(asyncio.run(aedit(heron, "Let it snow")))
        1
    """
    arguments.check_kind(Generation, generation=generation)
    options = _edit_options(generation, images, options)
    return await _make_edit(prompt, options, dry_run, _Awaiting())


@called
def replay(
    generation: Generation,
    words: Mapping[str, str],
    *,
    max_credits: float | None = None,
    yes: bool = False,
    dry_run: bool = False,
    provider: str | None = None,
) -> ImageGrid | Report:
    """Make the branch that led to an image again, with words of its prompts replaced.

    Steps before the first changed one stay; each later one is made from the new image before
    it. What the ledger has already is free. The bill of all steps is checked before the first:
    above the setting `confirm_above`, or above the balance, nothing is sent without a yes.

    Args:
        generation: the image at the end of the branch.
        words: each word or phrase, and what stands in its place: `{"night": "dusk"}`.
        max_credits: the most that all steps together may cost, and a yes to any bill up to that.
        yes: run it however large the bill is.
        dry_run: send nothing and return the bill.
        provider: `crun` or `simulator`; the settings decide if it is not given.

    Returns:
        the last image; `%nanobanana tree` shows the branch.

    Raises:
        InputError: the ledger does not know the image, or no prompt has such a word.
        ReferenceImageError: a reference image of the branch is kept nowhere.
        BudgetError: the bill is above what is allowed: nothing was sent.
        NanobananaError: a step failed; those before it are kept.

    Examples:
        >>> from nanobanana_nb import replay, generate
        >>> heron = generate("A heron at night").one
        >>> replay(heron, {"night": "dusk"}, max_credits=10).one.request.prompt
        'A heron at dusk'
    """
    return _run_blocking(
        _run_branch(generation, words, _limits(max_credits, yes), dry_run, provider, _Blocking())
    )


@called
async def areplay(
    generation: Generation,
    words: Mapping[str, str],
    *,
    max_credits: float | None = None,
    yes: bool = False,
    dry_run: bool = False,
    provider: str | None = None,
) -> ImageGrid | Report:
    """Do what `replay` does without blocking the running event loop.

    Being cancelled stops the waiting and sends no further step; the task under way goes on.

    Examples:
        >>> import asyncio
        >>> from nanobanana_nb import areplay, generate
        >>> heron = generate("A heron at night").one
        >>> len(asyncio.run(areplay(heron, {"night": "dusk"})))
        1
    """
    return await _run_branch(
        generation, words, _limits(max_credits, yes), dry_run, provider, _Awaiting()
    )


def _edit_options(
    generation: Generation, images: Any, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options of an edit, with what it takes over from the image."""
    request = generation.request
    defaults: dict[str, Any] = {"private": request.private}
    if options.get("model") in (None, request.model):
        defaults |= {"model": request.model, **dict(request.parameters)}
    changes = {name: value for name, value in options.items() if name != "model" or value}
    return {"images": [generation, *references(images)], **defaults, **changes}


async def _make_edit(
    prompt: str, options: Mapping[str, Any], dry_run: bool, wait: _Wait
) -> ImageGrid | Report:
    arguments.check(dry_run=dry_run)
    session, plan, limits = generate.planned(prompt, **options)
    if dry_run:
        bill = await wait.answer(session, session.bill(plan, fresh=limits.fresh))
        return Report.bill(plan, bill, simulated=session.provider.simulated)
    return await wait.follow(launch.start(session, plan, limits))


async def _run_branch(
    generation: Generation,
    words: Mapping[str, str],
    limits: RunLimits,
    dry_run: bool,
    provider: str | None,
    wait: _Wait,
) -> ImageGrid | Report:
    arguments.check_kind(Generation, generation=generation)
    arguments.check(dry_run=dry_run)
    session = launch.session_for(provider)
    steps = branch.steps(session, generation, arguments.words(words))
    cached = branch.count_of_images(session, steps)
    if dry_run:
        return await _bill(session, steps, cached, wait)
    if cached < len(steps):
        await wait.answer(session, session.check(_plan(steps[cached:]), limits))
    return await _run_steps(session, steps, limits.under(session.settings.confirm_above), wait)


async def _bill(session: Session, steps: Sequence[Step], cached: int, wait: _Wait) -> Report:
    """Return the bill of a branch, which says each of its steps; those in the ledger are free."""
    bill = Bill(0, 0, 0.0, None)
    if cached < len(steps):
        bill = await wait.answer(session, session.bill(_plan(steps[cached:]), fresh=True))
    notes = []
    for number, step in enumerate(steps, 1):
        source = f"{wording.DOT}from the ledger" if number <= cached else ""
        notes.append(f"Step {number}: {wording.cut(step.request.prompt, 200)}{source}")
    plan = replace(_plan(steps), prompt="", notes=tuple(notes))
    bill = replace(bill, images=len(steps), cached=cached)
    return Report.bill(plan, bill, simulated=session.provider.simulated)


def _plan(steps: Sequence[Step]) -> Plan:
    return Plan(tuple(Cell(step.request) for step in steps), steps[-1].request.prompt)


def _limits(most: float | None, yes: bool) -> RunLimits:
    return RunLimits(
        fresh=True, max_credits=most, yes=yes, to_confirm=BY_ARGUMENT, notebook=notebook()
    )


def _for_step(limits: RunLimits, spent: float) -> RunLimits:
    """Return the limits of one step, after those before it have cost so much."""

    def rest(most: float | None) -> float | None:
        return None if most is None else max(0.0, most - spent)

    most, above = rest(limits.max_credits), rest(limits.confirm_above)
    return replace(limits, fresh=False, max_credits=most, confirm_above=above)


async def _run_steps(
    session: Session, steps: Sequence[Step], limits: RunLimits, wait: _Wait
) -> ImageGrid:
    """Make the steps one after the other; each may cost what those before it left."""
    image, spent = None, 0.0
    for count, step in enumerate(steps, 1):
        request = step.after(image)
        plan = Plan((Cell(request),), request.prompt)
        try:
            grid = await wait.follow(launch.start(session, plan, _for_step(limits, spent)))
        except NanobananaError as error:
            error.add_note(f"Step {count} of {len(steps)}; those before it are kept.")
            raise
        image = reference(grid.one)
        spent += grid.one.credits or 0.0
    return grid


def _run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that waits by blocking: it ends at its first step."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waits for the loop of somebody else")
