"""From settings to a session, from a prompt to its plan, from a plan to a job that runs."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from nanobanana_nb.entry.front import front
from nanobanana_nb.errors import LedgerError, NanobananaError
from nanobanana_nb.library import library
from nanobanana_nb.model import arguments, calls, live_schema
from nanobanana_nb.model.catalog import check_signs, full_name
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.recall import alike
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings import config
from nanobanana_nb.settings.origin import notebook
from nanobanana_nb.show.grid import ImageGrid


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
    loaded = config.load({"provider": provider}, config.CONFIGURED)
    for doubt in config.new_unknown_variables():
        warnings.warn(doubt, SettingsWarning, stacklevel=2)
    return RUNTIME.session(loaded.settings, ask=ask)


def start(session: Session, plan: Plan, limits: RunLimits) -> Job:
    """Start a plan; in a notebook its results link to copies of the originals beside it."""
    limits = replace(limits, notebook=limits.notebook or notebook())
    links, runner = front().links(session.settings), Runner(session)
    return session.submit(plan, limits, links=links, runner=runner)


def resend(session: Session, name: str, limits: RunLimits) -> Job:
    """Let a task of unknown outcome go and send its request again. Costs as a new image does."""
    links, runner = front().links(session.settings), Runner(session)
    return session.resend(name, replace(limits, notebook=notebook()), links=links, runner=runner)


@dataclass(eq=False, repr=False)
class Runner:
    """Runs more of a grid: what `grid.retry()`, `extend`, `repeat` and `complete` ask for.

    `process` is the one that `session` belongs to: a forked child needs another.
    """

    session: Session
    process: int = field(default_factory=os.getpid)

    def __call__(
        self, plan: Plan, limits: RunLimits, on_start: Callable[[ImageGrid], ImageGrid]
    ) -> ImageGrid:
        """Run a part of a plan and return its images; they are shown with all the others.

        Args:
            on_start: is called with them before they are waited for, and returns the grid with
                all the others.

        Raises:
            NanobananaError: nothing was sent, or the grid has not one image in the end.
        """
        arguments.check_kind(Plan, plan=plan)
        arguments.check_kind(RunLimits, limits=limits)
        first = self._first_session()
        session = session_for(first.provider.name)  # the limits in force now count
        if session.ledger.home != first.ledger.home:  # but only the grid's ledger has its images
            session = first
        job = start(session, plan, replace(limits, keep=False))
        whole = on_start(job.grid)
        try:
            return front().follow(job, partial(self._kept, whole))
        except NanobananaError:
            if not job.accepted or not any(image.ok for image in whole):
                raise
            return job.grid  # the failed places say why, as in a cell where some have failed

    def resume(self, tasks: Iterable[str]) -> list[Job]:
        """Fetch what is paid of these tasks; the jobs show their grids whole."""
        session = self._first_session()
        links = front().links(session.settings)
        return session.resume_grids(tasks, links=links, runner=self)

    def keep(self, plan: Plan) -> int | None:
        """Write the whole plan down and return its number, None if that cannot be done now."""
        try:
            return self._first_session().keep(plan, notebook())
        except LedgerError:  # the images are here and have rows of their own
            return None

    def _kept(self, grid: ImageGrid) -> ImageGrid:
        """Return a grid whose plan is written down: what is fetched later comes into its places."""
        if grid.number is None and grid.plan and len(grid.plan.cells) == len(grid):
            grid.number = self.keep(grid.plan)
        return grid

    def _first_session(self) -> Session:
        """Return the first session; in a forked child one like it: connections are the parent's."""
        if self.process != os.getpid():
            settings = replace(self.session.settings, provider=self.session.provider.name)
            self.session, self.process = RUNTIME.session(settings, ask=False), os.getpid()
        return self.session


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
    options |= {"provider": provider, "model": name, "fields": fields, "lists": library.values_of}
    plan = make_plan(prompt, **options)
    requests = [cell.request for cell in plan.cells]
    check_signs(request.prompt for request in requests)
    notes = [
        note
        for unknown in live_schema.beyond_catalog(requests)
        for note in live_schema.doubts(unknown, session.schema(unknown), requests)
    ]
    return replace(plan, notes=(*plan.notes, *notes, *alike(session.ledger, plan)))
