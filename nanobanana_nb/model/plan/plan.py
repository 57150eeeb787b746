"""A plan: the requests of one experiment, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nanobanana_nb.model import arguments, asking, field_names
from nanobanana_nb.model.calls import methods_called
from nanobanana_nb.model.own_keys import refuse_key
from nanobanana_nb.model.plan import axis_values, describe, design, sides
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.bill import Bill as Bill
from nanobanana_nb.model.plan.design import Choice, Point
from nanobanana_nb.model.plan.recipe import Recipe, Requests
from nanobanana_nb.model.prompt import checks, questions, template
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage, as_parameters
from nanobanana_nb.model.signed_links import hidden
from nanobanana_nb.text.prompts import as_sent
from nanobanana_nb.text.terminal import printed

MOST_CELLS = design.MOST_CELLS


@printed
@dataclass(frozen=True)
class Cell:
    """One image of a plan: its request and where it stands.

    `values` are the name and value of everything that varies; `point` counts, for each axis of
    the plan, which of its values it is.
    """

    request: GenerationRequest
    values: tuple[tuple[str, Any], ...] = ()
    point: tuple[int, ...] = ()


@methods_called
@printed
@dataclass(frozen=True, repr=False)
class Plan:
    """Everything that one cell or call asks for, in the order of the grid.

    `axes` are what varies, `repeats` says how often each combination is made, `notes` are what
    the person should know before or beside the result. `sample` combinations were drawn with
    `sample_seed`; `scout` has only what shows each value once. `rows` and `cols` name the axes on
    either side of the table, where the person said so. `recipe` is what grows the plan.
    """

    cells: tuple[Cell, ...]
    prompt: str = ""
    axes: tuple[Axis, ...] = ()
    repeats: int = 1
    notes: tuple[str, ...] = ()
    callback_url: str | None = field(default=None, repr=False)
    recipe: Recipe | None = field(default=None, repr=False)
    sample: int | None = None
    sample_seed: int | None = None
    scout: bool = False
    rows: tuple[str, ...] = ()
    cols: tuple[str, ...] = ()

    def in_words(self) -> str:
        """Return the count as a product, for example `3 styles × 2 repeats = 6 images`."""
        return describe.in_words(self)

    def bill(self) -> Any:
        """Return what it costs now, less what the ledger has; it shows itself. Sends nothing."""
        return asking.ask("bill")(self)

    def __repr__(self) -> str:
        return f"<Plan: {self.in_words()}>"

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: an address to call back may hold a secret."""
        return {**vars(self), "callback_url": None}

    def order(self) -> tuple[int, ...]:
        """Return the numbers of the cells in the order in which to run them.

        A few that show each value once come first, so that the grid can be judged early.
        """
        return design.early_first([(cell.point, cell.request.repeat) for cell in self.cells])

    def only(self, numbers: Iterable[int]) -> Plan:
        """Return the plan of these cells alone, in the order of the grid.

        Raises:
            InputError: there is no such cell.
        """
        from nanobanana_nb.model.plan import extend

        return extend.only(self, numbers)

    def complete(self) -> Plan:
        """Return the plan with the cells that a scout or a part left out.

        A sample is completed first; a sample that has all its cells becomes the whole grid.

        Raises:
            InputError: the whole is too large, or the plan does not know how it was made.
        """
        from nanobanana_nb.model.plan import extend

        return extend.complete(self)

    @property
    def rest(self) -> Plan:
        """The cells that `complete` has and this plan has not."""
        from nanobanana_nb.model.plan import extend

        return extend.rest(self)

    def extended(self, /, **values: Any) -> Plan:
        """Return the plan with further values at the end of an axis; cells that it has stay.

        Args:
            values: for each axis a value or a list of them. Axes side by side need as many
                values each. A scout adds cells that show each new value once.

        Raises:
            InputError: there is no such axis, it has the value, or the plan is a sample.
        """
        from nanobanana_nb.model.plan import extend

        return extend.extended(self, values)

    def repeated(self, times: int) -> Plan:
        """Return the plan in which each combination that it has is made `times` times in all.

        Raises:
            InputError: it is made so often already.
        """
        from nanobanana_nb.model.plan import extend

        return extend.repeated(self, times)

    def to_json(self) -> str:
        """Return the plan as data: without bytes, signatures and words of a private prompt."""
        from nanobanana_nb.model.plan import json

        return json.write(self)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan that `to_json` wrote. Its fingerprints are the same, private ones not.

        Raises:
            InputError: it is no plan, or a newer version wrote it.
        """
        from nanobanana_nb.model.plan import json

        return json.read(text)


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
    space, given = namespace or {}, as_parameters(parameters or {})
    raw, callback = namespace is None, arguments.callback_url(callback_url)
    vary, written = tuple(vary), as_sent(arguments.prompt(prompt))
    refuse_key("the prompt or an input", (written, model, given, vary, axes, images))
    source = template.plain(written) if raw else template.parse(written)
    if not raw:
        checks.check(source.written)
    named = axis_values.named_axes(source, vary, arguments.new_axes(axes), find_images)
    if not raw:
        checks.check_formats(source.written, {*space, *named, *source.names, *dict(given)})
    axis_values.check_used(source, named, model, dict(given), fields, raw)
    questions.check(source, vary, arguments.new_axes(axes))
    own = (*source.names, axis_values.MODEL, axis_values.IMAGE, axis_values.IMAGES)
    named = {name: axis if name in own else hidden(axis) for name, axis in named.items()}
    free = [name for name in (*dict(given), *named) if name in dict(given) or name not in own]
    field_names.check(free, model, fields, source.names)
    values = axis_values.values_of(source, named, space)
    recipe = Recipe(
        *(provider, model, source.written, not raw, axis_values.texts_of(source, values, space)),
        *(given, tuple(images), private),
    )
    found = axis_values.coupled(values, (*source.lines.zipped, *arguments.groups(zipped)))
    if sample and sample_seed is None:
        sample_seed = design.seed_for(recipe.prompt, values)
    choice = Choice(repeats, sample, scout, sample_seed or 0)
    cells, notes = _cells(recipe, found, choice)
    notes = (*source.notes, *questions.notes(source, vary, values, space), *notes)
    return Plan(
        *(cells, source.written, found, repeats, notes, callback, recipe),
        *(sample, sample_seed, scout),
        *sides.chosen(found, arguments.names("rows", rows), arguments.names("cols", cols)),
    )


def _cells(
    recipe: Recipe, axes: tuple[Axis, ...], choice: Choice
) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Return the cells and what there is to say of them."""
    sizes = [len(axis) for axis in axes]
    choice.check(sizes)
    requests = Requests(recipe, axes)
    cells = [cell for point in choice.points(sizes) for cell in _cells_at(requests, point, choice)]
    return tuple(cells), requests.notes


def _cells_at(requests: Requests, point: Point, choice: Choice) -> list[Cell]:
    """Return the cells of one combination, one for each repeat."""
    request, values = requests.at(point), requests.values(point)
    return [Cell(replace(request, repeat=n), values, point) for n in choice.times]
