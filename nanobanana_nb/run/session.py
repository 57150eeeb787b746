"""The use case: plan, ledger, price, create, watch, download, ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from functools import partial
from weakref import WeakValueDictionary

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.provider import Estimate, Provider
from nanobanana_nb.config import Settings
from nanobanana_nb.errors import (
    AccessDeniedError,
    AuthenticationError,
    Charged,
    InputError,
    NanobananaError,
    NotSentError,
)
from nanobanana_nb.keys import ApiKey
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.plan import Bill, Cell, Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.bridge import Bridge
from nanobanana_nb.run.image_run import ImageRun, RunContext, off_loop
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.watcher import Watcher

PRICE_WAIT_S = 15.0  # a run does not wait longer for its price; the bill then says not known


def named(ledger: Ledger, name: str) -> Generation:
    """Return the ledger's task of that number or task id.

    Raises:
        InputError: there is none.
    """
    found = ledger.get(name)
    if found is None:
        raise InputError(
            f"The ledger knows no task {name!r}", action="`%nanobanana history` lists them."
        )
    return found


class Session:
    """One service, one key, one ledger. Made without I/O; its async methods run on the bridge."""

    def __init__(
        self, settings: Settings, provider: Provider, key: ApiKey | None, bridge: Bridge
    ) -> None:
        self.settings = settings
        self.provider = provider
        self.key = key
        self.bridge = bridge
        self.ledger = Ledger(settings.home)
        self.client = Client(provider, key)
        self._watcher = Watcher(self.client)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def submit(self, plan: Plan, *, fresh: bool = False) -> Job:
        """Start a plan in the background. Costs what `bill` says."""
        job = Job(plan, [Generation(cell.request) for cell in plan.cells], self.bridge)
        job.start(self.bridge.submit(self._run(job, fresh)))
        return job

    def resume(self, names: Iterable[str] = ()) -> Job:
        """Fetch what the service has and we have not: all of it, or these. Creates nothing.

        Args:
            names: task ids, or numbers of the ledger.

        Raises:
            InputError: the ledger knows no task of that name.
        """
        wanted = tuple(names)
        tasks = [self._fetchable(name) for name in wanted]
        tasks = tasks if wanted else self.ledger.waiting(self.provider.name)
        plan = Plan(tuple(Cell(task.request) for task in tasks))
        job = Job(plan, tasks, self.bridge)
        job.start(self.bridge.submit(self._resume(job)))
        return job

    def _fetchable(self, name: str) -> Generation:
        found = named(self.ledger, name)
        if found.request.provider != self.provider.name:
            raise InputError(
                f"Task {name} was made with provider {found.request.provider}",
                action=f"Set NANOBANANA_PROVIDER={found.request.provider}, then resume it.",
            )
        if found.task_id is None:
            why = found.error.what if found.error else ""
            raise InputError(f"Task {name} has no id at the service", why=why, action="")
        return found

    async def bill(self, plan: Plan, *, fresh: bool = False) -> Bill:
        """Return what a plan costs, less what the ledger has. Creates nothing.

        Raises:
            NotSentError: the service cannot be reached.
            AuthenticationError: it does not take the key; likewise AccessDeniedError.
        """
        new = [cell.request for cell in plan.cells]
        if not fresh:
            known = await asyncio.gather(*(off_loop(self._is_paid, r) for r in new))
            new = [request for request, paid in zip(new, known, strict=True) if not paid]
        images, cached = len(plan.cells), len(plan.cells) - len(new)
        if not new:
            return Bill(images, cached, 0.0, None)
        try:
            prices, balance = await self._prices(new)
        except (NotSentError, AuthenticationError, AccessDeniedError):
            raise
        except NanobananaError as error:
            return Bill(images, cached, None, None, False, error.why or error.what)
        credits = sum(price.credits * count for price, count in prices)
        return Bill(images, cached, credits, balance, all(price.exact for price, _ in prices))

    def _is_paid(self, request: GenerationRequest) -> bool:
        """Whether running `request` sends no create: an image, an open or an unknown task."""
        return self.ledger.find(request.fingerprint()) is not None

    async def _prices(
        self, requests: list[GenerationRequest]
    ) -> tuple[list[tuple[Estimate, int]], float | None]:
        """Ask the price once for each kind of request, and the balance."""
        kinds: dict[str, list[GenerationRequest]] = {}
        for request in requests:
            kind = f"{request.model} {request.parameters} {len(request.images)}"
            kinds.setdefault(kind, []).append(request)
        asked = (self._price(group[0]) for group in kinds.values())
        prices = await asyncio.gather(*asked)
        told = [price.balance for price in prices if price.balance is not None]
        balance = told[-1] if told else await self.client.balance()
        return [(p, len(g)) for p, g in zip(prices, kinds.values(), strict=True)], balance

    async def _price(self, request: GenerationRequest) -> Estimate:
        fields = {"prompt": request.prompt, **dict(request.parameters)}
        links = [image.url for image in request.images if image.url]
        return await self.client.estimate(
            request.model, {**fields, "img_urls": links} if links else fields
        )

    async def _run(self, job: Job, fresh: bool) -> None:
        context = self._context()
        try:
            async with asyncio.timeout(PRICE_WAIT_S):
                job.bill = await self.bill(job.plan, fresh=fresh)
        except TimeoutError:
            why = "the service took too long to say"
            job.bill = Bill(len(job.plan.cells), 0, None, None, False, why)
        except NanobananaError as error:
            error.charged = Charged.NO
            context.stopped_by = error
        await _all(
            self._make(ImageRun(context, one, partial(job.put, index)), job, index, fresh)
            for index, one in enumerate(job.generations)
        )

    async def _make(self, run: ImageRun, job: Job, index: int, fresh: bool) -> None:
        """Make one image; equal requests of this session go one after the other, to pay once."""
        fingerprint = job.plan.cells[index].request.fingerprint()
        async with self._turns.setdefault(fingerprint, asyncio.Lock()):
            await run.make(fresh=fresh, callback_url=job.plan.callback_url)
        job.tell(index)

    async def _resume(self, job: Job) -> None:
        context = self._context()
        await _all(
            self._fetch(ImageRun(context, one, partial(job.put, index)), job, index)
            for index, one in enumerate(job.generations)
        )

    async def _fetch(self, run: ImageRun, job: Job, index: int) -> None:
        await run.fetch()
        job.tell(index)

    def _context(self) -> RunContext:
        return RunContext(self.ledger, self.client, self._watcher, self.settings.wait_s)


async def _all(work: Iterable[Awaitable[None]]) -> None:
    """Wait for all of it, then raise the first error; one image's error stops no other."""
    for outcome in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
