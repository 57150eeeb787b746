"""How a point of the grid becomes a request, and what there is to say of the requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.catalog import ModelInput
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.model.own_keys import refuse_key
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.axis_values import IMAGE, IMAGES, MODEL
from nanobanana_nb.model.plan.design import Point
from nanobanana_nb.model.plan.recipe import Recipe
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.prompt.named_images import with_names
from nanobanana_nb.model.prompt.variables import text_of
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage, as_parameters
from nanobanana_nb.text.doors import words
from nanobanana_nb.text.prompts import as_sent


class Requests:
    """Makes the cells of each point, and gathers what there is to say of them.

    A request that two points share is made once and noted, or refused where it can only be a
    mistake.
    """

    def __init__(self, recipe: Recipe, axes: Sequence[Axis]) -> None:
        """Prepare the points of `axes`."""
        self._recipe = recipe
        self._axes = axes
        self._pairs = [[axis.at(n) for n in range(len(axis))] for axis in axes]
        names = recipe.template.names
        self._texts = [
            [{name: text_of(name, v) for name, v in pairs if name in names} for pairs in axis_pairs]
            for axis_pairs in self._pairs
        ]
        self._fields = [n for n, axis in enumerate(axes) if set(axis.names) - set(names)]
        self._fitted: dict[Point, tuple[ModelInput, tuple[ReferenceImage, ...]]] = {}
        self._points: dict[str, Point] = {}  # by the fingerprint of their first repeat
        self._longest: dict[str, str] = {}
        self._doubles = 0

    def cells(self, point: Point, repeats: Iterable[int]) -> list[Cell]:
        """Return the cells of a point that have these numbers among its repeats.

        Raises:
            InputError: its prompt or a parameter cannot be sent, or it is another point's request.
        """
        recipe = self._recipe
        texts = dict(recipe.texts)
        for axis_texts, n in zip(self._texts, point, strict=True):
            texts.update(axis_texts[n])
        prompt = as_sent(recipe.template.fill(texts))
        catalog.check_prompt(prompt)
        model_input, images = self._fit(point)
        if any(image.shows for image in images):
            prompt = with_names(prompt, images)
        refuse_key("the prompt", prompt)
        model = model_input.model
        self._longest[model] = max(prompt, self._longest.get(model, ""), key=len)
        parameters = as_parameters(model_input.parameters)
        first = GenerationRequest(
            recipe.provider, model, prompt, images, parameters, private=recipe.private
        )
        other = self._points.setdefault(first.fingerprint(), point)
        if other != point:
            self._note_double(point, other)
        values = tuple(pair for at, n in zip(self._pairs, point, strict=True) for pair in at[n])
        requests = (first if n == 1 else replace(first, repeat=n) for n in repeats)
        return [Cell(request, values, point) for request in requests]

    def know(self, cell: Cell) -> None:
        """Remember a cell that is there already."""
        request = cell.request  # of a first repeat it knows its fingerprint most often
        first = request if request.repeat == 1 else replace(request, repeat=1)
        self._points.setdefault(first.fingerprint(), cell.point)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the requests made so far, each once."""
        notes = dict.fromkeys(
            note for model_input, _ in self._fitted.values() for note in model_input.notes
        )
        for _, images in self._fitted.values():
            notes |= {f"sent with changes: {i}, {i.changes}": None for i in images if i.changes}
        for model, prompt in self._longest.items():
            notes.update(dict.fromkeys(catalog.too_long(model, prompt)))
        if self._doubles:
            notes[f"combinations that ask for the same as another: {self._doubles}"] = None
        return tuple(notes)

    def _fit(self, point: Point) -> tuple[ModelInput, tuple[ReferenceImage, ...]]:
        """Return model and parameters, and the images."""
        place = tuple(point[n] for n in self._fields)
        if place not in self._fitted:
            recipe = self._recipe
            pairs = (pair for n in self._fields for pair in self._pairs[n][point[n]])
            fields = {name: v for name, v in pairs if name not in recipe.template.names}
            image, more = fields.pop(IMAGE, None), fields.pop(IMAGES, None) or ()
            images = (*recipe.images, *([image] if image is not None else []), *more)
            model = str(fields.pop(MODEL, None) or recipe.model)
            model_input = catalog.fit(model, {**dict(recipe.parameters), **fields}, len(images))
            self._fitted[place] = model_input, images
        return self._fitted[place]

    def _note_double(self, point: Point, other: Point) -> None:
        """Count a request that is there already; refused where one model takes both points."""
        self._doubles += 1
        if any(MODEL in axis.names for axis in self._axes):
            return
        steps = zip(self._axes, other, point, strict=True)
        differing = [(axis, a, b) for axis, a, b in steps if a != b]
        pairs = [f"{axis.labels[a]} and {axis.labels[b]}" for axis, a, b in differing]
        raise InputError(
            f"The axis {' with '.join(axis.name for axis, _, _ in differing)} makes no difference",
            why="; ".join([f"{', '.join(pairs)} ask for the same image", *self.notes[:1]]),
            action=f"Leave out what changes nothing; {_repeats()} makes the same several times.",
        )


def _repeats() -> str:
    option = OPTIONS["repeats"]
    return words(option.flags[0], python=f"{option.keyword}=N", panel=f"“{option.label}”")
