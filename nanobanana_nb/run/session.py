"""The use case: plan, ledger, price, create, watch, download, ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from operator import setitem
from typing import TYPE_CHECKING, Any

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.limiter import RateLimiter, rate_for
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.errors import BudgetError, Charged, LedgerError, NanobananaError, SettingsError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Ceilings
from nanobanana_nb.model.own_keys import refuse_keys
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.privacy.logs import logger
from nanobanana_nb.run import recall
from nanobanana_nb.run.inputs.uploads import UploadLinks, Uploads
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import Bridge
from nanobanana_nb.run.loop.gather import all_of
from nanobanana_nb.run.loop.shield import off_loop
from nanobanana_nb.run.money.budget import Costs
from nanobanana_nb.run.money.pricing import Pricing, price_kind
from nanobanana_nb.run.run_state import RunState
from nanobanana_nb.run.task.context import RunContext
from nanobanana_nb.run.task.heartbeat import Heart
from nanobanana_nb.run.task.image_run import ImageRun, ResumedRun
from nanobanana_nb.run.task.resubmission import Resubmission
from nanobanana_nb.run.task.watcher import Watcher
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import ApiKey
from nanobanana_nb.show.arrange import data

if TYPE_CHECKING:
    from nanobanana_nb.run.callback import CallbackReceiver


_log = logger(__name__)


class Session:
    """One service, one key, one ledger. Made without I/O; its async methods run on the bridge.

    Args:
        limiter: the rate budget of the key, shared with other sessions; one of its own if not
            given.
        receiver: hears of finished tasks where the settings name an address for callbacks.
        links: to what the account has at the service, shared with other sessions likewise.
    """

    def __init__(
        self,
        settings: Settings,
        provider: Provider,
        key: ApiKey | None,
        bridge: Bridge,
        limiter: RateLimiter | None = None,
        receiver: CallbackReceiver | None = None,
        links: UploadLinks | None = None,
    ) -> None:
        self.settings = settings
        self.provider = provider
        self.key = key
        self.bridge = bridge
        self.limiter = limiter or RateLimiter(*rate_for(provider, settings))
        self.ledger = Ledger(settings.home, sidecars=settings.sidecar == "on")
        self.client = Client(provider, key, self.limiter)
        self._ceilings = Ceilings(
            day=settings.max_credits_day, notebook=settings.max_credits_notebook
        )
        self._pricing = Pricing(self.client, self.ledger, self._ceilings)
        self._watcher = Watcher(self.client)
        self._heart = Heart(self.ledger)
        self._links = links or UploadLinks()
        self._receiver = receiver
        self._schemas: dict[str, Mapping[str, Any]] = {}

    def submit(
        self,
        plan: Plan,
        limits: RunLimits | None = None,
        *,
        links: data.OriginalLinks | None = None,
        runner: data.Runner | None = None,
        on_accepted: Callable[[], object] | None = None,
    ) -> Job:
        """Start a plan in the background. Costs what `bill` says.

        Args:
            links: finds the link to an original, for the grid that comes of it.
            runner: runs more of that grid.
            on_accepted: is called once the plan may be sent, or never.
        """
        limits = (limits or RunLimits()).under(self.settings.confirm_above)
        refuse_keys((cell.request for cell in plan.cells), plan.callback_url)
        context = self._context(limits)
        state = RunState(
            plan,
            [Generation(cell.request) for cell in plan.cells],
            usual=context.usual,
            notice=self.limiter.notice,
            strict=limits.strict,
            ledger=self.ledger,
            links=links,
            runner=runner,
        )
        run = self.bridge.submit(self._run(state, context, on_accepted))
        state.done = run.done
        return Job(state, run, self.bridge)

    def resume(self, names: Iterable[str] = (), *, links: data.OriginalLinks | None = None) -> Job:
        """Fetch what the service has and we have not: all of it, or these. Creates nothing.

        Args:
            names: task ids, or numbers of the ledger.
            links: finds the link to an original.

        Raises:
            InputError: the ledger knows no task of that name.
        """
        tasks = self._fetchable(names)
        plan = Plan(tuple(Cell(task.request) for task in tasks))
        return self._start_resume(plan, tasks, range(len(tasks)), links=links)

    def resume_grids(
        self,
        names: Iterable[str] = (),
        *,
        links: data.OriginalLinks | None = None,
        runner: data.Runner | None = None,
    ) -> list[Job]:
        """Do what `resume` does, with a job for each grid that lacks an image: it shows them all.

        What belongs to no grid comes last, together.

        Raises:
            InputError: the ledger knows no task of that name.
        """
        tasks = {task.id: task for task in self._fetchable(names)}
        jobs = []
        for row in self.ledger.plans.with_tasks([number for number in tasks if number is not None]):
            plan, images = recall.stored_grid(self.ledger, row)
            places = [n for n, image in enumerate(images) if tasks.pop(image.id, None) is not None]
            if places:
                job = self._start_resume(plan, images, places, links=links, runner=runner)
                job.grid.number = row.id
                jobs.append(job)
        rest = list(tasks.values())
        if rest:
            plan = Plan(tuple(Cell(task.request) for task in rest))
            jobs.append(self._start_resume(plan, rest, range(len(rest)), links=links))
        return jobs

    def forget(self, name: str) -> Generation:
        """Let a task go whose outcome is unknown: asking again then creates a new one.

        Raises:
            InputError: there is no such task, or its outcome is known.
        """
        self.ledger.claims.recover()
        return recall.let_go(self.ledger, name)

    def resend(
        self,
        name: str,
        limits: RunLimits | None = None,
        *,
        links: data.OriginalLinks | None = None,
        runner: data.Runner | None = None,
    ) -> Job:
        """Let an unknown task go and send its request once more. Costs as a new image does.

        It stays unknown where the new one may not or cannot be sent.

        Raises:
            InputError: there is no such task, its outcome is known, it is another provider's, or
                the ledger does not have all of its request.
        """
        self.ledger.claims.recover()
        plan = recall.plan_again(self.ledger, self.provider.name, name)
        let_go = partial(recall.let_go, self.ledger, name)
        return self.submit(plan, limits, links=links, runner=runner, on_accepted=let_go)

    def keep(self, plan: Plan, notebook: str | None = None) -> int:
        """Write a plan down and return its number: the same one for the same requests.

        Raises:
            LedgerError: it cannot be written.
        """
        fingerprints = [cell.request.fingerprint() for cell in plan.cells]
        return self.ledger.plans.keep(plan.to_json(), fingerprints, time.time(), notebook)

    async def bill(self, plan: Plan, *, fresh: bool = False, remembered: bool = False) -> Bill:
        """Return what a plan costs, less what the ledger has. Creates nothing.

        Args:
            remembered: prices and balance may be half a minute old.

        Raises:
            NotSentError: the service cannot be reached.
            AuthenticationError: it does not take the key; likewise AccessDeniedError.
        """
        refuse_keys((cell.request for cell in plan.cells), plan.callback_url)
        return (await self._pricing.price(plan, fresh=fresh, remembered=remembered)).bill

    async def prices(self, requests: Sequence[GenerationRequest]) -> list[float | None]:
        """Return what one image of each costs, None where nobody says. Creates nothing.

        Raises:
            NotSentError: the service cannot be reached. And what `bill` raises.
        """
        plan = Plan(tuple(map(Cell, requests)))
        by_kind = (await self._pricing.price(plan, fresh=True, remembered=True)).by_kind
        return [by_kind.get(price_kind(request)) for request in requests]

    def schema(self, model: str) -> Mapping[str, Any]:
        """Return the service's own schema of a model, asked for once; empty if it does not say."""
        if model not in self._schemas:
            try:
                self._schemas[model] = self.bridge.run(self.client.schema(model))
            except NanobananaError:  # it only warns: the service itself judges what it gets
                return {}
        return self._schemas[model]

    async def check(self, plan: Plan, limits: RunLimits) -> None:
        """Refuse a plan as a run within these limits would. Creates nothing.

        Raises:
            BudgetError: it costs more than is allowed. And what `bill` raises.
        """
        limits = limits.under(self.settings.confirm_above)
        await self._pricing.room(plan, await self.bill(plan, fresh=limits.fresh), limits)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    def wake(self, task_id: str) -> None:
        """Look at a task now: somebody says that it is done."""
        self._watcher.wake(task_id)

    async def _run(
        self,
        state: RunState,
        context: RunContext,
        on_accepted: Callable[[], object] | None,
    ) -> None:
        with state.at_work:
            await off_loop(self.ledger.claims.recover)
            await self._accept(state, context, on_accepted)
            state.accepted.set()
            context.callback_url = state.plan.callback_url
            if (receiver := self._receiver) is not None:
                context.called_back = receiver.take_call
                context.callback_url = context.callback_url or await self._callback_url(
                    receiver, state
                )
            limits = context.limits
            if limits.keep and len(state.plan.cells) > 1:  # its grid can be gone on with later
                with suppress(LedgerError):  # the images are worth more, and have rows of their own
                    state.grid.number = await off_loop(self.keep, state.plan, limits.notebook)
            resubmission = Resubmission(state, context, self._pricing)
            state.tries_again = resubmission.begin
            images, tell = state.generations, state.tell
            async with self._heart.beating(), resubmission.open():
                await all_of(  # those first that judge a grid early
                    ImageRun(
                        context, images[n], partial(setitem, images, n), partial(tell, n)
                    ).run()
                    for n in state.plan.order()
                )

    async def _accept(
        self,
        state: RunState,
        context: RunContext,
        on_accepted: Callable[[], object] | None,
    ) -> None:
        """Price the run and refuse what is too dear; any other error stops its creates alone."""
        limits = context.limits
        try:
            fresh = limits.fresh or on_accepted is not None
            context.priced = await self._pricing.price(state.plan, fresh=fresh, patient=True)
            state.bill = context.priced.bill
            room = await self._pricing.room(state.plan, state.bill, limits)
            proven = set(context.priced.proven)
            context.costs = Costs(limits, room, state.bill.credits or 0.0, proven)
            if on_accepted is not None:
                await off_loop(on_accepted)
        except BudgetError:
            credits = state.bill.credits if state.bill else None
            _log.info("Nothing sent: refused for money, the bill is %s credits", credits)
            raise
        except NanobananaError as error:
            error.charged = Charged.NO
            if on_accepted is not None:  # what it was to replace stands as it was
                raise
            context.stopped_by = error

    async def _resume(self, state: RunState, context: RunContext, places: Sequence[int]) -> None:
        images, tell = state.generations, state.tell
        with state.at_work:
            async with self._heart.beating():
                await all_of(
                    ResumedRun(
                        context, images[n], partial(setitem, images, n), partial(tell, n)
                    ).run()
                    for n in places
                )

    async def _callback_url(self, receiver: CallbackReceiver, state: RunState) -> str | None:
        """Return where the service may call back, if that is wanted and something can listen."""
        if self.settings.callback_url is None:
            return None
        try:
            await receiver.start()
        except SettingsError as error:  # a callback is only a hint: the task is looked at instead
            note = f"The service cannot call back. {error}"
            state.plan = replace(state.plan, notes=(*state.plan.notes, note))
            state.grid.plan = state.plan
            return None
        return receiver.url(self.settings.callback_url)

    def _fetchable(self, names: Iterable[str]) -> list[Generation]:
        self.ledger.claims.recover()
        tasks = [recall.fetchable(self.ledger, self.provider.name, name) for name in names]
        return tasks or self.ledger.waiting(self.provider.name)

    def _start_resume(
        self, plan: Plan, images: Sequence[Generation], places: Sequence[int], **context: Any
    ) -> Job:
        """Begin to fetch the images in these places; the others stand as they do."""
        shared = self._context(RunLimits())
        context |= {"usual": shared.usual, "notice": self.limiter.notice}
        state = RunState(plan, list(images), ledger=self.ledger, **context)
        for place in set(range(len(images))).difference(places):
            state.tell(place)
        _log.info("Resumed: %s", [images[place].task_id for place in places])
        run = self.bridge.submit(self._resume(state, shared, places))
        state.done = run.done
        return Job(state, run, self.bridge)

    def _context(self, limits: RunLimits) -> RunContext:
        wait_s = self.settings.wait_s
        uploads, costs = Uploads(self.client, self._links, wait_s), Costs(limits, limits.most)
        shared = (self.ledger, self.client, self._watcher)
        return RunContext(*shared, uploads, wait_s, limits, self._ceilings, costs)
