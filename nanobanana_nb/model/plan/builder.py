"""From a prompt and its options to a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nanobanana_nb.model import arguments, field_names
from nanobanana_nb.model.own_keys import refuse_key
from nanobanana_nb.model.plan import axis_values, design, sides
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.bill import Bill as Bill
from nanobanana_nb.model.plan.design import Choice
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.recipe import Recipe, Requests
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.prompt import checks, questions, template
from nanobanana_nb.model.request import ReferenceImage, as_parameters
from nanobanana_nb.model.signed_links import hidden
from nanobanana_nb.text.prompts import as_sent


def make_plan(
    prompt: str,
    *,
    provider: str,
    model: str,
    namespace: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    images: Sequence[ReferenceImage] = (),
    repeats: int = 1,
    private: bool = False,
    callback_url: str | None = None,
    vary: Iterable[str] = (),
    axes: Mapping[str, Any] | None = None,
    zipped: Any = (),
    find_images: axis_values.FindImages | None = None,
    fields: Callable[[], Iterable[str]] = tuple,
    sample: int | None = None,
    sample_seed: int | None = None,
    scout: bool = False,
    rows: Sequence[str] = (),
    cols: Sequence[str] = (),
) -> Plan:
    """Turn a prompt and its options into requests; what has several values becomes an axis.

    Args:
        prompt: the text, in the language of `template`.
        namespace: values of the placeholders; None leaves braces and axis lines alone.
        private: keep the prompt out of what is written to disk here.
        vary: further axes as `NAME=V1|V2`, of the prompt or of the model's parameters.
        axes: the same as name and values.
        zipped: names of axes that go side by side instead of being crossed.
        find_images: returns the reference images that a value of an axis `image` or `images`
            means.
        fields: tells what parameters the model takes beyond those known here.
        sample: how many combinations to draw at random; each is made `repeats` times.
        sample_seed: of the drawing; the same plan draws the same if it is not given.
        scout: make only what shows each value once, and once each.
        rows: the axes that go down the table.
        cols: the axes that go across it.

    Raises:
        InputError: the prompt, an axis, a value or the count cannot be used.
    """
    arguments.check(repeats=repeats, sample=sample, sample_seed=sample_seed, scout=scout)
    arguments.check(model=model, private=private)
    repeats = int(repeats)  # of NumPy's numbers no JSON is made
    sample, sample_seed = (n if n is None else int(n) for n in (sample, sample_seed))
    space, fixed = namespace or {}, as_parameters(parameters or {})
    raw, callback = namespace is None, arguments.callback_url(callback_url)
    vary, text = tuple(vary), as_sent(arguments.prompt(prompt))
    refuse_key("the prompt or an input", (text, model, fixed, vary, axes, images))
    source = template.plain(text) if raw else template.parse(text)
    if not raw:
        checks.check(source.written)
    axes = arguments.new_axes(axes)
    named = axis_values.named_axes(source, vary, axes, find_images)
    if not raw:
        checks.check_formats(source.written, {*space, *named, *source.names, *dict(fixed)})
    axis_values.check_used(source, named, model, dict(fixed), fields, raw)
    questions.check(source, vary, axes)
    places = (*source.names, axis_values.MODEL, axis_values.IMAGE, axis_values.IMAGES)
    named = {name: axis if name in places else hidden(axis) for name, axis in named.items()}
    free = [name for name in (*dict(fixed), *named) if name in dict(fixed) or name not in places]
    field_names.check(free, model, fields, source.names)
    values, texts = axis_values.values_of(source, named, space)
    recipe = Recipe(
        *(provider, model, source.written, not raw, texts),
        *(fixed, tuple(images), private),
    )
    coupled = axis_values.coupled(values, (*source.lines.zipped, *arguments.groups(zipped)))
    if sample and sample_seed is None:
        sample_seed = design.seed_for(recipe.prompt, values)
    choice = Choice(repeats, sample, scout, sample_seed or 0)
    cells, notes = _cells(recipe, coupled, choice)
    notes = (*source.notes, *questions.notes(source, vary, values, space), *notes)
    return Plan(
        *(cells, source.written, coupled, repeats, notes, callback, recipe),
        *(sample, sample_seed, scout),
        *sides.chosen(coupled, arguments.names("rows", rows), arguments.names("cols", cols)),
    )


def _cells(
    recipe: Recipe, axes: tuple[Axis, ...], choice: Choice
) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Return the cells and what there is to say of them."""
    sizes = [len(axis) for axis in axes]
    choice.check(sizes)
    requests = Requests(recipe, axes)
    cells: list[Cell] = []
    for point in choice.points(sizes):
        request, values = requests.at(point), requests.values(point)
        cells += [Cell(replace(request, repeat=n), values, point) for n in choice.times]
    return tuple(cells), requests.notes
