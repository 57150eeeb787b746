"""The next step from an image, and a branch of such steps made again in other words.

Each is written once, as a coroutine. In its blocking form nothing in it ever suspends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

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
from nanobanana_nb.run.inputs.reference import reference, several
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings.origin import notebook
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.report import Report

T = TypeVar("T")


@dataclass(frozen=True)
class _Waiting:
    """How to wait for the service's word on a bill, and for a job's images."""

    told: Callable[[Session, Coroutine[Any, Any, Any]], Awaitable[Any]]
    followed: Callable[[Job], Awaitable[ImageGrid]]


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
    asked = {"images": [generation, *several(images)], **_kept(generation, options)}
    return _at_once(_edited(prompt, asked, dry_run, _BLOCKING))


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
    asked = {"images": [generation, *several(images)], **_kept(generation, options)}
    return await _edited(prompt, asked, dry_run, _AWAITING)


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
    return _at_once(
        _replayed(generation, words, _limits(max_credits, yes), dry_run, provider, _BLOCKING)
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
    return await _replayed(
        generation, words, _limits(max_credits, yes), dry_run, provider, _AWAITING
    )


def _kept(generation: Generation, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of an edit, with what it takes over from the image."""
    asked = generation.request
    kept: dict[str, Any] = {"private": asked.private}
    if options.get("model") in (None, asked.model):
        kept |= {"model": asked.model, **dict(asked.parameters)}
    given = {name: value for name, value in options.items() if name != "model" or value}
    return {**kept, **given}


async def _edited(
    prompt: str, asked: Mapping[str, Any], dry_run: bool, wait: _Waiting
) -> ImageGrid | Report:
    arguments.check(dry_run=dry_run)
    session, plan, limits = generate.planned(prompt, **asked)
    if dry_run:
        bill = await wait.told(session, session.bill(plan, fresh=limits.fresh))
        return _report(session, plan, bill)
    return await wait.followed(launch.start(session, plan, limits))


async def _replayed(
    generation: Generation,
    words: Mapping[str, str],
    limits: RunLimits,
    dry_run: bool,
    provider: str | None,
    wait: _Waiting,
) -> ImageGrid | Report:
    arguments.check_kind(Generation, generation=generation)
    arguments.check(dry_run=dry_run)
    session = launch.session_for(provider)
    steps = branch.steps(session, generation, arguments.words(words))
    paid = branch.begun(session, steps)
    if dry_run:
        return await _bill(session, steps, paid, wait)
    if paid < len(steps):
        await wait.told(session, session.check(_plan(steps[paid:]), limits))
    return await _made(session, steps, limits.under(session.settings.confirm_above), wait)


def _report(session: Session, plan: Plan, bill: Bill) -> Report:
    return Report.bill(plan, bill, simulated=session.provider.simulated)


async def _bill(session: Session, steps: Sequence[Step], paid: int, wait: _Waiting) -> Report:
    """Return the bill of a branch, which says each of its steps; those that are paid are free."""
    bill = Bill(0, 0, 0.0, None)
    if paid < len(steps):
        bill = await wait.told(session, session.bill(_plan(steps[paid:]), fresh=True))
    said = [_said(n, step, n <= paid) for n, step in enumerate(steps, 1)]
    plan = replace(_plan(steps), prompt="", notes=tuple(said))
    return _report(session, plan, replace(bill, images=len(steps), cached=paid))


def _said(number: int, step: Step, paid: bool) -> str:
    said = f"Step {number}: {wording.cut(step.request.prompt, 200)}"
    return said + (f"{wording.DOT}from the ledger" if paid else "")


def _plan(steps: Sequence[Step]) -> Plan:
    return Plan(tuple(Cell(step.request) for step in steps), steps[-1].request.prompt)


def _limits(most: float | None, yes: bool) -> RunLimits:
    return RunLimits(
        fresh=True, max_credits=most, yes=yes, to_confirm=BY_ARGUMENT, notebook=notebook()
    )


def _for_step(limits: RunLimits, spent: float) -> RunLimits:
    """Return the limits of one step, after those before it have cost so much."""

    def left(most: float | None) -> float | None:
        return None if most is None else max(0.0, most - spent)

    most, above = left(limits.max_credits), left(limits.confirm_above)
    return replace(limits, fresh=False, max_credits=most, confirm_above=above)


async def _made(
    session: Session, steps: Sequence[Step], limits: RunLimits, wait: _Waiting
) -> ImageGrid:
    """Make the steps one after the other; each may cost what those before it left."""
    made, spent = None, 0.0
    for count, step in enumerate(steps, 1):
        request = step.after(made)
        plan = Plan((Cell(request),), request.prompt)
        try:
            grid = await wait.followed(launch.start(session, plan, _for_step(limits, spent)))
        except NanobananaError as error:
            error.add_note(f"Step {count} of {len(steps)}; those before it are kept.")
            raise
        made = reference(grid.one)
        spent += grid.one.credits or 0.0
    return grid


def _at_once(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that waits by blocking: it ends at its first step."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waits for the loop of somebody else")


async def _told_here(session: Session, work: Coroutine[Any, Any, Any]) -> Any:
    return session.bridge.run(work)


async def _followed_here(job: Job) -> ImageGrid:
    return front().follow(job)


async def _told(session: Session, work: Coroutine[Any, Any, Any]) -> Any:
    return await asyncio.wrap_future(session.bridge.submit(work))


async def _followed(job: Job) -> ImageGrid:
    return await front().afollow(job)


_BLOCKING = _Waiting(_told_here, _followed_here)
_AWAITING = _Waiting(_told, _followed)
