"""Experiments from Python: a plan, a sweep over it, and grids that were run before."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.entry.front import front
from nanobanana_nb.errors import InputError
from nanobanana_nb.library.library_prompt import LibraryPrompt
from nanobanana_nb.model import arguments
from nanobanana_nb.model.calls import called, like
from nanobanana_nb.model.options import described, names_of
from nanobanana_nb.model.plan.limits import BY_ARGUMENT, SAMPLE_BY_ARGUMENT, RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.table import PROMPT, Tabular
from nanobanana_nb.model.prompt import template as language
from nanobanana_nb.run.inputs import tables
from nanobanana_nb.run.inputs.reference import references
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.report import Report
from nanobanana_nb.text.doors import Door, through

# What a plan carries as it is given; images are read first, and `axes` are its own `vary`.
PLANNED = [name for name in names_of("request", "grid") if name not in ("images", "vary")]
_BESIDE = {"template", "axes", "fixed"}  # parameters of `plan` that no placeholder is taken for


@described
@called
@through(Door.PYTHON)
def plan(
    template: Tabular,
    axes: Mapping[str, Any] | Tabular | None = None,
    *,
    repeats: int = 1,
    model: str | None = None,
    images: Any = (),
    zipped: Sequence[Sequence[str]] = (),
    sample: int | None = None,
    sample_seed: int | None = None,
    scout: bool = False,
    rows: str | Sequence[str] = (),
    cols: str | Sequence[str] = (),
    raw: bool = False,
    private: bool = False,
    callback_url: str | None = None,
    provider: str | None = None,
    **fixed: Any,
) -> Plan:
    """Return the plan of an experiment. Nothing is sent and nothing paid.

    Args:
        template: the prompt, with `{name}` for what varies and `{a|b|c}` for choices in place; or
            a table with a column `prompt`.
        axes: for each placeholder or parameter that varies, its values; or a table: one combination
            a row. A table is a frame, a series, a list of records or values, or the path of a CSV,
            TSV, JSON or JSONL file; what a row leaves empty is left out.
        zipped: names of axes that go side by side instead of being crossed.
        options: those of a cell, as `%nanobanana help` lists them.
        fixed: values of placeholders, and parameters of the model such as `aspect_ratio`.

    Raises:
        InputError: the template, an axis, a value or the count cannot be used.

    Examples:
        >>> from nanobanana_nb import plan
        >>> plan("A {animal}, {style}", {"animal": ["cat", "owl"], "style": ["ink", "oil"]})
        <Plan: 2 animals × 2 styles = 4 images>
    """
    options = dict(locals())
    arguments.check(raw=raw)
    prompt, axes = _with_table(template, axes)
    if isinstance(prompt, LibraryPrompt):
        options, fixed, prompt = prompt.taken_over(axes or {}, options, fixed)
    names = set() if options["raw"] else set(language.names(arguments.prompt(prompt)))
    _check_placeholders(plan, names, arguments.axes(axes), {**options, **fixed})
    session = launch.session_for(provider)
    return launch.plan_for(
        session,
        prompt,
        namespace=None
        if options["raw"]
        else {name: v for name, v in fixed.items() if name in names},
        parameters={name: value for name, value in fixed.items() if name not in names},
        images=references(options["images"]),
        axes=axes,
        find_images=references,
        zipped=zipped,
        **{name: options[name] for name in PLANNED},
    )


def _with_table(template: Any, axes: Any) -> tuple[str, Mapping[str, Any] | None]:
    """Return template and axes, tables read: one in place of the template has its prompts."""
    if tables.is_table(template):
        prompts = tables.prompts(template)
        return f"{{{PROMPT}}}", prompts.crossed_with(arguments.axes(axes))
    if axes is None or isinstance(axes, Mapping):
        return template, axes
    return template, tables.table(axes, language.names(arguments.prompt(template)))


def _check_placeholders(
    function: Callable[..., Any],
    names: Set[str],
    axes: Mapping[str, Any],
    options: Mapping[str, Any],
) -> None:
    """Refuse a keyword that might mean a place of the prompt, or gives it a second value.

    Raises:
        InputError: it tells how the place gets its value.
    """
    known = inspect.signature(function).parameters
    for name in sorted(names & options.keys() - _BESIDE):
        if name in axes and name not in known:
            raise InputError(f"{name} varies and has a fixed value too", action="Leave out one.")
        if name in known and name not in axes and options[name] is not known[name].default:
            raise InputError(
                f"Not clear what {name}= is: an option, and a place of the prompt",
                action=f"For the place {{{name}}} write axes={{{name!r}: ...}}.",
            )


def bill(asked: Plan) -> Report:
    """Return what a plan costs now, less what the ledger has: what `plan(...).bill()` shows.

    Args:
        asked: the plan. Nothing is sent.

    Raises:
        InputError: `asked` is no plan.
        NanobananaError: the service cannot be asked.

    Examples:
        >>> from nanobanana_nb import bill, plan
        >>> bill(plan("A heron"))
        1 image
        4 credits ...
    """
    arguments.check_kind(Plan, asked=asked)
    provider = asked.cells[0].request.provider if asked.cells else None
    session = launch.session_for(provider)
    amounts = session.bridge.run(session.bill(asked))
    return Report.bill(asked, amounts, simulated=session.provider.simulated)


@through(Door.PYTHON)
def planned(
    template: Tabular,
    axes: Mapping[str, Any] | Tabular | None = None,
    *,
    repeats: int = 1,
    model: str | None = None,
    images: Any = (),
    zipped: Sequence[Sequence[str]] = (),
    sample: int | None = None,
    sample_seed: int | None = None,
    scout: bool = False,
    rows: str | Sequence[str] = (),
    cols: str | Sequence[str] = (),
    raw: bool = False,
    private: bool = False,
    callback_url: str | None = None,
    provider: str | None = None,
    fresh: bool = False,
    yes: bool = False,
    strict: bool = False,
    max_credits: float | None = None,
    **fixed: Any,
) -> tuple[Session, Plan, RunLimits]:
    """Return what `sweep` starts: who answers, the plan, and its limits. Sends nothing."""
    options = {name: value for name, value in locals().items() if name not in _BESIDE}
    allowed = {name: options.pop(name) for name in names_of("run")}
    prompt, axes = _with_table(template, axes)
    names = set() if raw else set(language.names(arguments.prompt(prompt)))
    _check_placeholders(planned, names, arguments.axes(axes), allowed)
    limits = RunLimits(to_confirm=BY_ARGUMENT, to_sample=SAMPLE_BY_ARGUMENT, **allowed)
    return launch.session_for(provider), plan(prompt, axes, **options, **fixed), limits


@like(planned)
def sweep(*args: Any, **options: Any) -> ImageGrid:
    """Make the images of a plan, wait for them and return the grid that compares them.

    Costs credits for each image that the ledger does not have yet.

    Args:
        template: the prompt, with `{name}` for what varies and `{a|b|c}` for choices in place; or
            a table with a column `prompt`.
        axes: for each placeholder or parameter that varies, its values; or a table: one combination
            a row. A table is a frame, a series, a list of records or values, or the path of a CSV,
            TSV, JSON or JSONL file; what a row leaves empty is left out.
        zipped: names of axes that go side by side instead of being crossed.
        options: those of a cell, as `%nanobanana help` lists them.
        fixed: values of placeholders, and parameters of the model such as `aspect_ratio`.

    Raises:
        BudgetError: it would cost more than is allowed: nothing was sent.
        NanobananaError: none of the images came about.
        KeyboardInterrupt: the wait was interrupted; the tasks go on and can be resumed.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> grid = sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2, max_credits=20)
        >>> grid["oil"].counts()["success"]
        2
    """
    return front().follow(launch.start(*planned(*args, **options)))


@like(planned)
async def asweep(*args: Any, **options: Any) -> ImageGrid:
    """Do what `sweep` does without blocking the running event loop.

    Examples:
        >>> import asyncio
        >>> from nanobanana_nb import asweep
        >>> len(asyncio.run(asweep("A cat, {style}", {"style": ["ink", "oil"]})))
        2
    """
    return await front().afollow(launch.start(*planned(*args, **options)))
