"""The Python faces: what a script or a notebook calls, around one session."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from nanobanana_nb import config
from nanobanana_nb.config import Settings
from nanobanana_nb.errors import InputError, LedgerError
from nanobanana_nb.model import live_schema
from nanobanana_nb.model.catalog import full_name
from nanobanana_nb.model.plan import Plan, make_plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.terms import Terms
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.references import reference
from nanobanana_nb.run.session import Session
from nanobanana_nb.run.sessions import open_session
from nanobanana_nb.show.grid import ImageGrid

_BY_CONFIG = "`%config NanobananaMagics.confirm_above = N` allows more without asking."

_BILL = "`plan(...).bill()` shows what it would cost."

P = ParamSpec("P")
T = TypeVar("T")


def session_for(provider: str | None = None, *, ask: bool = True) -> Session:
    """Return the session that the settings in force call for.

    Args:
        ask: let a person type the key where none is found.

    Raises:
        SettingsError: a setting cannot be used, or the key is missing.
    """
    loaded = config.load({"provider": provider}, config.CONFIGURED)
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
    max_credits: float | None = None,
    private: bool = False,
    callback_url: str | None = None,
    provider: str | None = None,
    **input: Any,
) -> tuple[Session, Plan, Terms]:
    """Return what `submit` starts: who answers, the plan, and its terms. Sends nothing."""
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
    return session, plan, Terms(fresh=fresh, max_credits=max_credits)


def _like(other: Callable[P, Any]) -> Callable[[Callable[..., T]], Callable[P, T]]:
    """Give a function the parameters of `other`, for type checkers and for `help`."""

    def dress(function: Callable[..., T]) -> Callable[P, T]:
        returned = inspect.signature(function).return_annotation
        signature = inspect.signature(other).replace(return_annotation=returned)
        function.__signature__ = signature  # type: ignore[attr-defined]
        return cast(Callable[P, T], function)

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


def resend(session: Session, name: str) -> Job:
    """Let a task of unknown outcome go and send its request again. Costs as a new image does."""
    job = session.resend(name, Terms(notebook=notebook()))
    job.links, job.runner = links_for(session.settings), Runner(session)
    return job


class Runner:
    """Runs more images of a grid: what `grid.retry()`, `extend`, `repeat` and `complete` ask for.

    A bill above the setting `confirm_above` is refused.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, plan: Plan) -> ImageGrid:
        """Run a part of a plan and return its images; a notebook shows them with all the others."""
        above = self._session.settings.confirm_above
        terms = Terms(confirm_above=above, to_confirm=_BY_CONFIG, keep=False)
        return follow(start(self._session, plan, terms), result=False)

    def keep(self, plan: Plan) -> int | None:
        """Write the whole plan down and return its number, None if that cannot be done now."""
        try:
            return self._session.keep(plan, notebook())
        except LedgerError:  # the images are here and have rows of their own
            return None


def links_for(settings: Settings) -> Callable[[Generation], str | None] | None:
    """Return what finds the link to an original, or None outside a notebook."""
    if not _in_kernel():
        return None
    from nanobanana_nb.notebook.originals import Originals

    return Originals(settings.images_dir).link


def plan_for(session: Session, prompt: str, *, model: str | None, **options: Any) -> Plan:
    """Return the plan for `session`'s provider, with its model where none is named.

    What the catalog does not know is looked up in the service's own schema of the model.
    """
    name = model or session.settings.model
    # A service that ignores a field it does not know would make the image, and charge for it.
    if "dry_run" in options.get("parameters", ()):
        raise InputError("Not sent: `dry_run` is no field of a model", action=_BILL)

    def fields() -> tuple[str, ...]:
        return live_schema.fields(session.schema(full_name(name)))

    provider = session.provider.name
    made = make_plan(prompt, provider=provider, model=name, fields=fields, **options)
    asked = [cell.request for cell in made.cells]
    notes = [
        note
        for one in live_schema.beyond_catalog(asked)
        for note in live_schema.doubts(one, session.schema(one), asked)
    ]
    return replace(made, notes=(*made.notes, *notes))


@_like(planned)
def generate(*args: Any, **options: Any) -> ImageGrid:
    """Make images for a prompt, wait for them and return them.

    Costs credits for each image that the ledger does not have yet; asking again for the same
    is free. In a notebook the tasks show under the cell while they run.

    Args:
        prompt: what the image shows. Braces are text: use an f-string for values.
        model: for example `google/nano-banana-v2`; the prefix may be left out.
        aspect_ratio: for example `16:9`.
        output_format: `png` or `jpeg`, where the model takes it.
        resolution: `1K`, `2K` or `4K`, where the model takes it.
        images: reference images: links, paths, bytes, Pillow images, arrays, Matplotlib figures or
            results; one or a list.
        repeats: how many images of the same request; each is paid.
        fresh: pay for new images even if the ledger has some for this request.
        max_credits: the most that this call may cost; nothing is sent if it would cost more.
        private: keep the prompt out of the ledger and of the file beside the original.
        callback_url: where the service posts when a task is finished.
        provider: `crun` or `simulator`; the settings decide if it is not given.
        input: further input fields of the model, sent as they are.

    Raises:
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
    if not _in_kernel():
        return job.follow()
    from nanobanana_nb.notebook.live import LiveView

    return LiveView(job, result=result).follow()


async def afollow(job: Job) -> ImageGrid:
    """Await a job; in a notebook, show it under the cell meanwhile."""
    if not _in_kernel():
        return await job.afollow()
    from nanobanana_nb.notebook.following import afollow_in_code

    return await afollow_in_code(job)


def _in_kernel() -> bool:
    """Whether this runs in a Jupyter kernel. Looks without importing what is not there yet."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def notebook() -> str:
    """Return what names the notebook or script whose spending this is, or else its folder."""
    if not _in_kernel():
        return str(Path(sys.argv[0] if sys.argv else "").absolute())
    from nanobanana_nb.notebook.whose import notebook_name

    return notebook_name()


def several(images: Any) -> Sequence[Any]:
    """Return reference images as a sequence: none, one, a list, or the images of a grid."""
    if images is None:
        return ()
    return images if isinstance(images, list | tuple | ImageGrid) else (images,)
