"""The Python faces: what a script or a notebook calls, around one session."""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar, cast

from nanobanana_nb.errors import InputError, LedgerError
from nanobanana_nb.model import arguments, calls, live_schema
from nanobanana_nb.model.catalog import check_signs, full_name
from nanobanana_nb.model.plan.limits import BY_ARGUMENT, Terms
from nanobanana_nb.model.plan.plan import Plan, make_plan
from nanobanana_nb.model.prompt import checks
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.inputs.reference import reference, several
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.recall import alike
from nanobanana_nb.run.runtime import open_session
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings import record
from nanobanana_nb.settings.origin import in_kernel, notebook
from nanobanana_nb.settings.record import Settings
from nanobanana_nb.show.grid import ImageGrid

P = ParamSpec("P")
T = TypeVar("T")


class SettingsWarning(UserWarning):
    """Something in the environment looks like a setting and is none."""


def session_for(provider: str | None = None, *, ask: bool = True) -> Session:
    """Return the session that the settings in force call for.

    Args:
        ask: let a person type the key where none is found.

    Raises:
        SettingsError: a setting cannot be used, or the key is missing.
    """
    arguments.check(provider=provider)
    loaded = record.load({"provider": provider}, record.CONFIGURED)
    for doubt in record.untold_variables():
        warnings.warn(doubt, SettingsWarning, stacklevel=2)
    return open_session(loaded.settings, ask=ask)


def planned(
    prompt: str,
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
) -> tuple[Session, Plan, Terms]:
    """Return what `submit` starts: who answers, the plan, and its terms. Sends nothing."""
    terms = Terms(
        fresh=fresh, yes=yes, strict=strict, max_credits=max_credits, to_confirm=BY_ARGUMENT
    )
    prompt = arguments.prompt(prompt)
    arguments.check(raw=raw)
    if not raw:
        checks.check_text(prompt)
    if places := [name for name in input if f"{{{name}}}" in prompt]:
        raise InputError(
            f"Not sent: {{{places[0]}}} stays as it is written",
            why="for `generate` braces are text",
            action="Use an f-string, or `sweep`, which fills them in.",
        )
    session = session_for(provider)
    named = {"aspect_ratio": aspect_ratio, "output_format": output_format, "resolution": resolution}
    plan = plan_for(
        session,
        prompt,
        model=model,
        parameters={**named, **input},
        images=[reference(image) for image in several(images)],
        repeats=repeats,
        private=private,
        callback_url=callback_url,
    )
    return session, plan, terms


def _like(other: Callable[P, Any]) -> Callable[[Callable[..., T]], Callable[P, T]]:
    """Give a function the parameters of `other`, for type checkers and for `help`."""

    def dress(function: Callable[..., T]) -> Callable[P, T]:
        returned = inspect.signature(function).return_annotation
        signature = inspect.signature(other).replace(return_annotation=returned)
        function.__signature__ = signature  # type: ignore[attr-defined]
        return cast(Callable[P, T], calls.called(function))

    return dress


@_like(planned)
def submit(*args: Any, **options: Any) -> Job:
    """Start what `generate` makes and return at once. Costs the same.

    Returns:
        a job: `job.result()` or `await job` gives the images, `job.grid` what is there now.
    """
    return start(*planned(*args, **options))


def start(session: Session, plan: Plan, terms: Terms) -> Job:
    """Start a plan; in a notebook its results link to copies of the originals beside it."""
    job = session.submit(plan, replace(terms, notebook=terms.notebook or notebook()))
    job.links, job.runner = links_for(session.settings), Runner(session)
    return job


def resend(session: Session, name: str, terms: Terms) -> Job:
    """Let a task of unknown outcome go and send its request again. Costs as a new image does."""
    job = session.resend(name, replace(terms, notebook=notebook()))
    job.links, job.runner = links_for(session.settings), Runner(session)
    return job


class Runner:
    """Runs more of a grid: what `grid.retry()`, `extend`, `repeat` and `complete` ask for."""

    def __init__(self, session: Session) -> None:
        self._first, self._process = session, os.getpid()

    def __call__(self, plan: Plan, terms: Terms) -> ImageGrid:
        """Run a part of a plan and return its images; a notebook shows them with all the others."""
        arguments.check_kind(Plan, plan=plan)
        arguments.check_kind(Terms, terms=terms)
        return follow(start(self._session(), plan, replace(terms, keep=False)), result=False)

    def keep(self, plan: Plan) -> int | None:
        """Write the whole plan down and return its number, None if that cannot be done now."""
        try:
            return self._own().keep(plan, notebook())
        except LedgerError:  # the images are here and have rows of their own
            return None

    def _session(self) -> Session:
        """Return the session for the limits in force now, if it has the ledger of the grid."""
        own = self._own()
        now = session_for(own.provider.name)
        return now if now.ledger.home == own.ledger.home else own

    def _own(self) -> Session:
        """Return the first session; in a forked child one like it: connections are the parent's."""
        if self._process != os.getpid():
            settings = replace(self._first.settings, provider=self._first.provider.name)
            self._first, self._process = open_session(settings, ask=False), os.getpid()
        return self._first


def links_for(settings: Settings) -> Callable[[Generation], str | None] | None:
    """Return what finds the link to an original, or None outside a notebook."""
    if not in_kernel():
        return None
    from nanobanana_nb.notebook.page.image_copies import Originals

    return Originals(settings.images_dir).link


@calls.objects_read()
def plan_for(session: Session, prompt: str, *, model: str | None, **options: Any) -> Plan:
    """Return the plan for `session`'s provider, with its model where none is named.

    What the catalog does not know is looked up in the service's own schema of the model.
    """
    arguments.check(model=model)
    name = model or session.settings.model

    def fields() -> tuple[str, ...]:
        return live_schema.fields(session.schema(full_name(name)))

    provider = session.provider.name
    made = make_plan(prompt, provider=provider, model=name, fields=fields, **options)
    asked = [cell.request for cell in made.cells]
    check_signs(request.prompt for request in asked)
    notes = [
        note
        for one in live_schema.beyond_catalog(asked)
        for note in live_schema.doubts(one, session.schema(one), asked)
    ]
    return replace(made, notes=(*made.notes, *notes, *alike(session.ledger, made)))


@_like(planned)
def generate(*args: Any, **options: Any) -> ImageGrid:
    """Make images for a prompt, wait for them and return them.

    Costs credits for each image that the ledger does not have yet; asking again for the same
    is free. In a notebook the tasks show under the cell while they run.

    Args:
        prompt: what the image shows. Braces are text: use an f-string for values. Choices and
            axis lines are refused: they are for `sweep`.
        model: for example `google/nano-banana-v2`; the prefix may be left out.
        aspect_ratio: for example `16:9`.
        output_format: `png` or `jpeg`, where the model takes it.
        resolution: `1K`, `2K` or `4K`, where the model takes it.
        images: reference images: links, paths, bytes, Pillow images, arrays, Matplotlib figures or
            results; one or a list.
        repeats: how many images of the same request; each is paid.
        fresh: pay for new images even if the ledger has some for this request.
        yes: run it however large the bill is. Without it a bill above the setting
            `confirm_above`, or above the balance, sends nothing.
        max_credits: the most that this call may cost; nothing is sent if it would cost more. It
            is a yes to any bill up to that.
        strict: raise an error when one of the images failed.
        private: keep the prompt out of the ledger and of the file beside the original.
        raw: send the prompt as it is, whatever it looks like.
        callback_url: where the service posts when a task is finished.
        provider: `crun` or `simulator`; the settings decide if it is not given.
        input: further input fields of the model, sent as they are.

    Raises:
        BudgetError: it would cost more than is allowed: nothing was sent.
        NanobananaError: none of the images came about; the error says why and what to do.
        KeyboardInterrupt: the wait was interrupted; the tasks go on and can be resumed.
    """
    return follow(submit(*args, **options))


@_like(planned)
async def agenerate(*args: Any, **options: Any) -> ImageGrid:
    """Do what `generate` does without blocking the running event loop.

    Being cancelled stops the waiting and not the tasks.
    """
    return await afollow(submit(*args, **options))


def follow(job: Job, *, result: bool = True) -> ImageGrid:
    """Wait for a job; in a notebook, show it under the cell meanwhile.

    Args:
        result: leave the images under the cell, too, and not only how many came.
    """
    if not in_kernel():
        return job.follow()
    from nanobanana_nb.notebook.status.live import LiveView

    return LiveView(job, result=result).follow()


async def afollow(job: Job) -> ImageGrid:
    """Await a job; in a notebook, show it under the cell meanwhile."""
    if not in_kernel():
        return await job.afollow()
    from nanobanana_nb.notebook.status.wait import afollow_in_code

    return await afollow_in_code(job)
