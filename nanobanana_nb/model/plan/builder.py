"""From a prompt and its options to a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nanobanana_nb.model import arguments
from nanobanana_nb.model.own_keys import refuse_key
from nanobanana_nb.model.plan import axis_values, design
from nanobanana_nb.model.plan.bill import Bill as Bill
from nanobanana_nb.model.plan.design import Choice
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.recipe import Recipe
from nanobanana_nb.model.plan.requests import Requests
from nanobanana_nb.model.plan.variation import variation
from nanobanana_nb.model.prompt import checks, template
from nanobanana_nb.model.prompt.value_syntax import Lists, no_lists
from nanobanana_nb.model.request import ReferenceImage, as_parameters
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
    lists: Lists = no_lists,
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
        lists: gives the values of a list that a value `@NAME` names.
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
    arguments.check(model=model, private=private, callback_url=callback_url)
    repeats = int(repeats)  # of NumPy's numbers no JSON is made
    sample, sample_seed = (n if n is None else int(n) for n in (sample, sample_seed))
    fixed, vary = as_parameters(parameters or {}), tuple(vary)
    callback = arguments.callback_url(callback_url) if callback_url else None
    text = as_sent(arguments.prompt(prompt))
    refuse_key("the prompt or an input", (text, model, fixed, vary, axes, images))
    if namespace is None:
        source = template.plain(text)
    else:
        source = template.parse(text)
        checks.check(source.written)
    varying = variation(
        source,
        model=model,
        namespace=namespace,
        fixed=dict(fixed),
        vary=vary,
        axes=axes,
        zipped=zipped,
        rows=rows,
        cols=cols,
        find_images=find_images,
        lists=lists,
        fields=fields,
    )
    filled, images = namespace is not None, tuple(images)
    recipe = Recipe(provider, model, source.written, filled, varying.texts, fixed, images, private)
    if sample and sample_seed is None:
        sample_seed = design.seed_for(recipe.prompt, varying.values)
    choice = Choice(repeats, sample, scout, sample_seed or 0)
    points = choice.points([len(axis) for axis in varying.axes])
    requests = Requests(recipe, varying.axes)
    cells = tuple(cell for point in points for cell in requests.cells(point, choice.times))
    notes = (*source.notes, *varying.notes, *requests.notes)
    return Plan(
        *(cells, source.written, varying.axes, repeats, notes, callback, recipe),
        *(sample, sample_seed, scout, varying.rows, varying.cols),
    )
