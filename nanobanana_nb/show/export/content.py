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
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import Score
from nanobanana_nb.show.arrange.data import GridData, scores_by_name
from nanobanana_nb.show.arrange.positions import Places, Point, places
from nanobanana_nb.show.arrange.view import View, view_of
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.counts import count_parts, legends
from nanobanana_nb.show.html.grid_name import grid_prompt, title
from nanobanana_nb.show.judge.vote_numbers import image_standings
from nanobanana_nb.stats.bradley_terry import Standing

_GONE = "the file of the original cannot be found"


@dataclass(frozen=True)
class Entry:
    """One image. `number` is its index in the grid: what `grid[3]` takes, shown as #3.

    `generation` has no error: `error` and `charged` are its words. `original` is the file where
    it can be read; `legend` names only what differs within the grid, `values` the axes;
    `scores` are those that it has, and those that failed.
    """

    number: int
    generation: Generation
    original: Path | None
    state: str
    error: str
    charged: str
    values: dict[str, str]
    point: Point | None
    settings: dict[str, str]
    legend: tuple[str, ...]
    rating: Rating = field(default_factory=Rating)
    scores: dict[str, Score] = field(default_factory=dict)

    @property
    def request(self) -> GenerationRequest:
        """What was asked, its prompt empty where it stays private."""
        return self.generation.request

    @property
    def numbers(self) -> dict[str, float]:
        """The scores that have a number."""
        return {name: s.value for name, s in self.scores.items() if s.value is not None}

    @property
    def score_errors(self) -> dict[str, str]:
        """Why others have none."""
        return {name: score.reason for name, score in self.scores.items() if score.reason}

    @property
    def hidden(self) -> bool:
        """Whether the prompt is kept out of the export."""
        return self.request.private


@dataclass(frozen=True)
class Content:
    """All that is told of a grid.

    `places` and `view` say where each of `entries` stands; repeats that no pivot has named have
    no side and stand beside each other. `plan` is plain JSON data, from which `Plan.from_json`
    restores the experiment, or None.
    """

    entries: tuple[Entry, ...]
    places: Places
    view: View
    prompt: str
    counts: tuple[str, ...]
    settings: tuple[str, ...]
    notes: tuple[str, ...]
    plan: dict[str, Any] | None
    standings: tuple[Standing | None, ...] = ()  # of each image by votes

    @property
    def axes(self) -> dict[str, tuple[str, ...]]:
        """The values of each axis in words, repeats as numbers."""
        counting = next((a for a in self.places.axes if a.name == self.places.repeats), None)
        numbers = {counting.name: tuple(map(str, counting.values))} if counting else {}
        return {**self.places.headings, **numbers}

    @property
    def scores(self) -> dict[str, list[Score | None]]:
        """Each score by its name, one or none for each image."""
        names = dict.fromkeys(name for entry in self.entries for name in entry.scores)
        return {name: [entry.scores.get(name) for entry in self.entries] for name in names}

    @property
    def title(self) -> str:
        """One line that names the experiment."""
        return title(self.prompt)


def content_of(grid: GridData, *, private: bool = False) -> Content:
    """Return what may be told of `grid`; `private` tells the prompts of private requests too."""
    generations, plan = grid.generations, grid.plan
    requests = [g.request for g in generations] + [c.request for c in (plan.cells if plan else ())]
    hiding = not private and any(request.private for request in requests)
    image_places, view = _arranged(grid)
    if plan is not None and hiding:
        axes = (_masked(axis, plan) for axis in image_places.axes)
        image_places = replace(image_places, axes=tuple(axes))
    public = [replace(g, request=_public_request(g.request, private)) for g in generations]
    alike, differing = wording.shared_settings(g.request for g in public)
    names = {name for axis in image_places.axes for name in axis.names}
    apart = [
        {k: v for k, v in settings.items() if k.removeprefix("parameter ") not in names}
        for settings in differing
    ]
    words = legends(public, apart)
    errors = [_error(g, private) for g in generations]
    ratings = [
        replace(rating, note="") if g.request.private else rating  # it may tell of the prompt
        for g, rating in zip(public, grid.ratings(), strict=True)
    ]
    scores = _scores(grid, private)
    return Content(
        tuple(
            replace(
                _entry(n, g, image_places, words[n], errors[n]),
                rating=ratings[n],
                scores=scores[n],
            )
            for n, g in enumerate(public)
        ),
        image_places,
        view,
        "" if hiding else grid_prompt(public, plan),
        tuple(count_parts(public)),
        tuple(alike.values()),
        _notes(generations, None if hiding else plan),
        None if plan is None else json.loads(_with_privacy(plan, hiding).to_json()),
        tuple(image_standings(grid)),
    )


def _scores(grid: GridData, private: bool) -> list[dict[str, Score]]:
    """Return the scores that each image has, by name; a judge may repeat a private prompt."""
    by_name = scores_by_name(grid).items()
    return [
        {
            name: replace(score, reason=_public_text(score.reason, image.request, private))
            for name, scores in by_name
            if (score := scores[n]) is not None
        }
        for n, image in enumerate(grid.generations)
    ]


def _arranged(grid: GridData) -> tuple[Places, View]:
    """Return the arrangement of the output, repeats beside each other if no pivot names them."""
    image_places = places(grid.generations, grid.plan)
    view = view_of(image_places, grid.plan, grid.view)
    if grid.view is not None and image_places.repeats in grid.view.names:
        return image_places, view
    if image_places.names == (image_places.repeats,):
        requests = {replace(g.request, repeat=1).fingerprint() for g in grid}
        if len(requests) > 1:  # their repeats tell nothing
            return Places((), tuple(() for _ in grid)), View()
    return image_places, view.without(image_places.repeats)


def _masked(axis: Axis, plan: Plan) -> Axis:
    """Return the axis with numbers instead of what it varies, unless that is parameters alone."""
    words = plan.recipe.template.names if plan.recipe else ()
    by_cell = [dict(cell.request.parameters) for cell in plan.cells]
    parameters_only = all(name in parameters for parameters in by_cell for name in axis.names)
    if axis not in plan.axes or (parameters_only and not any(n in words for n in axis.names)):
        return axis
    numbers = tuple(f"value {n}" for n in range(1, len(axis) + 1))
    return Axis(axis.name, numbers, numbers)


def _public_request(request: GenerationRequest, private: bool) -> GenerationRequest:
    """Return what a record keeps of a request: no bytes, no signed links, no private words."""
    open_ = replace(request, private=False) if private else request
    return GenerationRequest.from_record(open_.to_record())


def _entry(
    index: int, generation: Generation, image_places: Places, words: Sequence[str], error: str
) -> Entry:
    original = (
        generation.path if generation.ok and generation.path and generation.path.is_file() else None
    )
    lost = generation.ok and original is None
    known = image_places.knows(index)
    values = image_places.values(index, image_places.names) if known else {}
    if image_places.repeats in values:
        values[image_places.repeats] = str(generation.request.repeat)
    return Entry(
        number=index,
        generation=replace(generation, error=None),
        original=original,
        state="no file" if lost else wording.state_word(generation),
        error=_GONE if lost else error,
        charged="" if generation.ok else wording.charged_text(generation),
        values=values,
        point=image_places.points[index] if known else None,
        settings=wording.settings_of(generation.request),
        legend=tuple(words),
    )


def _error(generation: Generation, private: bool) -> str:
    """Return why there is no image, without a private prompt that the service repeats."""
    if generation.ok:
        return ""
    return _public_text(wording.reason(generation), generation.request, private)


def _public_text(text: str, request: GenerationRequest, private: bool) -> str:
    prompt = wording.plain(request.prompt)
    return text.replace(prompt, "…") if prompt and request.private and not private else text


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
