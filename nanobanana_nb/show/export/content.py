"""What may leave with an export: images and grid as plain facts, private words left out.

The words of an output, which stays with its notebook, are `html.summary`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import Point
from nanobanana_nb.show.export.axis_headings import (
    AxisHeadings,
    Headings,
    headings_of,
    view_of,
)
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.counts import count_parts
from nanobanana_nb.show.html.grid_name import grid_prompt, title

_GONE = "the file of the original cannot be found"


@dataclass(frozen=True)
class Entry:
    """One image. `number` counts from 1 in the grid's order.

    `generation` has no error: `reason` and `charged` are its words. `original` is the file where
    it can be read; `legend` names only what differs within the grid, `values` the axes.
    """

    number: int
    generation: Generation
    original: Path | None
    state: str
    reason: str
    charged: str
    values: dict[str, str]
    point: Point | None
    settings: dict[str, str]
    legend: tuple[str, ...]
    rating: Rating = field(default_factory=Rating)

    @property
    def request(self) -> GenerationRequest:
        """What was asked, its prompt empty where it stays private."""
        return self.generation.request

    @property
    def hidden(self) -> bool:
        """Whether the prompt is kept out of the export."""
        return self.request.private


@dataclass(frozen=True)
class Content:
    """All that is told of a grid.

    `view` names the axes of rows and columns, `plan` is plain JSON data, from which
    `Plan.from_json` restores the experiment, or None.
    """

    entries: tuple[Entry, ...]
    axes: tuple[AxisHeadings, ...]
    view: tuple[str | None, str | None]
    prompt: str
    counts: tuple[str, ...]
    settings: tuple[str, ...]
    notes: tuple[str, ...]
    plan: dict[str, Any] | None

    @property
    def title(self) -> str:
        """One line that names the experiment."""
        return title(self.prompt)


def content_of(grid: GridData, *, private: bool = False) -> Content:
    """Return what may be told of `grid`; `private` tells the prompts of private requests too."""
    generations, plan = grid.generations, grid.plan
    requests = [g.request for g in generations] + [c.request for c in (plan.cells if plan else ())]
    hiding = not private and any(request.private for request in requests)
    headings = headings_of(generations, plan)
    if hiding:
        axes = tuple(axis.masked() if axis.telling else axis for axis in headings.axes)
        headings = replace(headings, axes=axes)
    public = [replace(g, request=_public_request(g.request, private)) for g in generations]
    alike, differing = wording.shared_settings(g.request for g in public)
    apart = [_without(settings, headings) for settings in differing]
    reasons = [_reason(g, private) for g in generations]
    ratings = [
        replace(rating, note="") if g.request.private else rating  # it may tell of the prompt
        for g, rating in zip(public, grid.ratings(), strict=True)
    ]
    return Content(
        tuple(
            replace(_entry(n, g, headings, apart[n], reasons[n]), rating=ratings[n])
            for n, g in enumerate(public)
        ),
        headings.axes,
        view_of(headings.axes, (grid.view.rows, grid.view.cols) if grid.view else ((), ())),
        "" if hiding else grid_prompt(public, plan),
        tuple(count_parts(public)),
        tuple(alike.values()),
        _notes(generations, None if hiding else plan),
        None if plan is None else json.loads(_with_privacy(plan, hiding).to_json()),
    )


def _without(settings: dict[str, str], headings: Headings) -> dict[str, str]:
    """Return the settings that no axis tells."""
    names = {name for axis in headings.axes for name in axis.name.split(" + ")}
    return {k: v for k, v in settings.items() if k.removeprefix("parameter ") not in names}


def _public_request(request: GenerationRequest, private: bool) -> GenerationRequest:
    """Return what a record keeps of a request: no bytes, no signed links, no private words."""
    open_ = replace(request, private=False) if private else request
    return GenerationRequest.from_record(open_.to_record())


def _entry(
    index: int, generation: Generation, headings: Headings, apart: dict[str, str], reason: str
) -> Entry:
    original = (
        generation.path if generation.ok and generation.path and generation.path.is_file() else None
    )
    lost = generation.ok and original is None
    point = headings.points[index]
    named = zip(headings.axes, point or (), strict=bool(point))
    return Entry(
        number=index + 1,
        generation=replace(generation, error=None),
        original=original,
        state="no file" if lost else wording.state_word(generation),
        reason=_GONE if lost else reason,
        charged="" if generation.ok else wording.charged_text(generation),
        values={axis.name: axis.labels[n] for axis, n in named},
        point=point,
        settings=wording.settings_of(generation.request),
        legend=tuple(wording.legend_parts(generation, apart)),
    )


def _reason(generation: Generation, private: bool) -> str:
    """Return why there is no image, without a private prompt that the service repeats."""
    if generation.ok:
        return ""
    reason, prompt = wording.reason(generation), wording.plain(generation.request.prompt)
    return (
        reason.replace(prompt, "…")
        if prompt and generation.request.private and not private
        else reason
    )


def _notes(generations: Sequence[Generation], plan: Plan | None) -> tuple[str, ...]:
    notes = [*(plan.notes if plan else ()), *(note for g in generations for note in g.notes)]
    if any(g.simulated for g in generations):
        notes.append(wording.SIMULATED)
    return tuple(wording.code_free(wording.cut(n, 300)) for n in dict.fromkeys(notes))


def _with_privacy(plan: Plan, private: bool) -> Plan:
    """Return the plan as private as a whole, or as open."""
    cells = tuple(replace(c, request=replace(c.request, private=private)) for c in plan.cells)
    recipe = None if plan.recipe is None else replace(plan.recipe, private=private)
    return replace(plan, cells=cells, recipe=recipe)
