"""Experiments from Python: a plan, a sweep over it, and grids that were run before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nanobanana_nb import faces
from nanobanana_nb.errors import InputError
from nanobanana_nb.model import template as language
from nanobanana_nb.model.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.model.terms import Terms
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.references import reference
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.report import Report

_BY_ARGUMENT = "`max_credits=N` allows it."


def plan(
    template: str,
    axes: Mapping[str, Any] | None = None,
    *,
    repeats: int = 1,
    model: str | None = None,
    images: Any = (),
    zipped: Sequence[Sequence[str]] = (),
    sample: int | None = None,
    seed: int | None = None,
    scout: bool = False,
    rows: Sequence[str] = (),
    cols: Sequence[str] = (),
    private: bool = False,
    provider: str | None = None,
    **fixed: Any,
) -> Plan:
    """Return the plan of an experiment. Nothing is sent and nothing paid.

    Args:
        template: the prompt, with `{name}` for what varies and `{a|b|c}` for choices in place.
        axes: for each placeholder or parameter that varies, its values.
        repeats: how many images of each combination; without a seed they show what is chance.
        zipped: names of axes that go side by side instead of being crossed.
        sample: how many of the combinations to draw at random, with `seed`.
        scout: make only what shows each value once; `grid.complete()` makes the rest.
        rows: axes that go down the table; `cols` those that go across it.
        private: keep the prompt out of the ledger and of the files beside the originals.
        fixed: values of placeholders, and parameters of the model such as `aspect_ratio`.

    Raises:
        InputError: the template, an axis, a value or the count cannot be used.
    """
    session = faces.session_for(provider)
    names = set(language.names(template))
    return faces.plan_for(
        session,
        template,
        model=model,
        namespace={name: value for name, value in fixed.items() if name in names},
        parameters={name: value for name, value in fixed.items() if name not in names},
        images=[reference(image) for image in faces.several(images)],
        axes=axes or {},
        find_images=lambda value: [reference(image) for image in faces.several(value)],
        repeats=repeats,
        zipped=zipped,
        sample=sample,
        seed=seed,
        scout=scout,
        rows=rows,
        cols=cols,
        private=private,
    )


def bill(asked: Plan) -> Report:
    """Return what a plan costs now, less what the ledger has: what `plan(...).bill()` shows.

    Raises:
        NanobananaError: the service cannot be asked.
    """
    session = faces.session_for(asked.cells[0].request.provider)
    found = session.bridge.run(session.bill(asked))
    return Report.bill(asked, found, simulated=session.provider.simulated)


def sweep(
    template: str,
    axes: Mapping[str, Any] | None = None,
    *,
    fresh: bool = False,
    max_credits: float | None = None,
    provider: str | None = None,
    **options: Any,
) -> ImageGrid:
    """Make the images of a plan, wait for them and return the grid that compares them.

    Costs credits for each image that the ledger does not have yet. A bill above the setting
    `confirm_above` sends nothing unless `max_credits` allows it.

    Args:
        fresh: pay for new images even if the ledger has some.
        max_credits: the most that this call may cost; nothing is sent if it would cost more.
        options: what `plan` takes.

    Raises:
        BudgetError: it would cost more than is allowed: nothing was sent.
        NanobananaError: none of the images came about.
        KeyboardInterrupt: the wait was interrupted; the tasks go on and can be resumed.
    """
    return faces.follow(_started(template, axes, fresh, max_credits, provider, options))


async def asweep(
    template: str,
    axes: Mapping[str, Any] | None = None,
    *,
    fresh: bool = False,
    max_credits: float | None = None,
    provider: str | None = None,
    **options: Any,
) -> ImageGrid:
    """Do what `sweep` does without blocking the running event loop."""
    return await faces.afollow(_started(template, axes, fresh, max_credits, provider, options))


def _started(
    template: str,
    axes: Mapping[str, Any] | None,
    fresh: bool,
    max_credits: float | None,
    provider: str | None,
    options: dict[str, Any],
) -> Job:
    session = faces.session_for(provider)
    asked = plan(template, axes, provider=provider, **options)
    above = session.settings.confirm_above if max_credits is None else None
    terms = Terms(
        fresh=fresh, max_credits=max_credits, confirm_above=above, to_confirm=_BY_ARGUMENT
    )
    return faces.start(session, asked, terms)


def kept_grid(session: Session, name: str) -> ImageGrid:
    """Return a grid that was run before, as the ledger has it now.

    Args:
        name: the number of its plan, with or without a `g` before it.

    Raises:
        InputError: there is no such plan.
    """
    number = name.removeprefix("g")
    kept = session.ledger.plans.get(int(number)) if _is_number(number) else None
    if kept is None:
        action = "`%nanobanana grid` lists those that were run."
        raise InputError(f"The ledger knows no grid {name!r}", action=action)
    session.ledger.claims.recover()
    asked = Plan.from_json(kept.plan)
    found = session.ledger.standing(kept.fingerprints)
    ones = [
        one or Generation(cell.request, State.PLANNED)
        for one, cell in zip(found, asked.cells, strict=True)
    ]
    return ImageGrid(
        ones,
        asked,
        links=faces.links_for(session.settings),
        runner=faces.Runner(session),
        number=kept.id,
        opinions=session.ledger,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12
