"""What all images of a plan have in common, and how a point of the grid becomes a request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.catalog import ModelInput
from nanobanana_nb.model.own_keys import refuse_key
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.axis_values import IMAGE, IMAGES, MODEL
from nanobanana_nb.model.plan.design import Point
from nanobanana_nb.model.prompt import template
from nanobanana_nb.model.prompt.template import Template
from nanobanana_nb.model.prompt.variables import text_of
from nanobanana_nb.model.request import (
    GenerationRequest,
    Parameters,
    ReferenceImage,
    as_parameters,
)
from nanobanana_nb.text.prompts import as_sent
from nanobanana_nb.text.terminal import printed

Values = tuple[tuple[str, Any], ...]


@printed
@dataclass(frozen=True)
class Recipe:
    """What does not vary.

    `prompt` is the body as it was written, `filled` says whether its braces mean anything, and
    `texts` are those of its placeholders that are no axis.
    """

    provider: str
    model: str
    prompt: str
    filled: bool = True
    texts: tuple[tuple[str, str], ...] = ()
    parameters: Parameters = ()
    images: tuple[ReferenceImage, ...] = ()
    private: bool = False

    @cached_property
    def template(self) -> Template:
        """The prompt taken apart; axis lines were taken off before."""
        return (template.parse_body if self.filled else template.plain)(self.prompt)


class Requests:
    """Makes the request of each point, and gathers what there is to say of them.

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
        self._fitted: dict[Point, tuple[ModelInput, tuple[ReferenceImage, ...], str]] = {}
        self._points: dict[tuple[str, str], Point] = {}
        self._longest: dict[str, str] = {}
        self._doubles = 0

    def values(self, point: Point) -> Values:
        """Return the names and values of everything that varies, at a point."""
        return tuple(pair for at, n in zip(self._pairs, point, strict=True) for pair in at[n])

    def at(self, point: Point) -> GenerationRequest:
        """Return the request of a point, as its first repeat.

        Raises:
            InputError: its prompt or a parameter cannot be sent, or it is another point's request.
        """
        recipe = self._recipe
        texts = dict(recipe.texts)
        for axis_texts, n in zip(self._texts, point, strict=True):
            texts.update(axis_texts[n])
        prompt = as_sent(recipe.template.fill(texts))
        refuse_key("the prompt", prompt)
        catalog.check_prompt(prompt)
        model_input, images, key = self._fit(point)
        self._longest[model_input.model] = max(
            prompt, self._longest.get(model_input.model, ""), key=len
        )
        self._check_new(point, (prompt, key))
        return GenerationRequest(
            *(recipe.provider, model_input.model, prompt, images),
            as_parameters(model_input.parameters),
            private=recipe.private,
        )

    def know(self, point: Point, request: GenerationRequest) -> None:
        """Remember a request that is there already."""
        key = _key(request.model, dict(request.parameters), request.images)
        self._points.setdefault((request.prompt, key), point)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the requests made so far, each once."""
        notes = dict.fromkeys(
            note for model_input, _, _ in self._fitted.values() for note in model_input.notes
        )
        for _, images, _ in self._fitted.values():
            notes |= {f"sent with changes: {i}, {i.changes}": None for i in images if i.changes}
        for model, prompt in self._longest.items():
            notes.update(dict.fromkeys(catalog.too_long(model, prompt)))
        if self._doubles:
            notes[f"combinations that ask for the same as another: {self._doubles}"] = None
        return tuple(notes)

    def _fit(self, point: Point) -> tuple[ModelInput, tuple[ReferenceImage, ...], str]:
        """Return model and parameters, the images, and what makes the two distinct."""
        place = tuple(point[n] for n in self._fields)
        if place not in self._fitted:
            recipe = self._recipe
            pairs = (pair for n in self._fields for pair in self._pairs[n][point[n]])
            fields = {name: v for name, v in pairs if name not in recipe.template.names}
            image, more = fields.pop(IMAGE, None), fields.pop(IMAGES, ())
            images = (*recipe.images, *([image] if image is not None else []), *more)
            model = str(fields.pop(MODEL, recipe.model))
            model_input = catalog.fit(model, {**dict(recipe.parameters), **fields}, len(images))
            key = _key(model_input.model, model_input.parameters, images)
            self._fitted[place] = model_input, images, key
        return self._fitted[place]

    def _check_new(self, point: Point, key: tuple[str, str]) -> None:
        """Refuse a request that is there already; models may differ in what they take."""
        other = self._points.setdefault(key, point)
        if other == point:
            return
        self._doubles += 1
        if any(MODEL in axis.names for axis in self._axes):
            return
        steps = zip(self._axes, other, point, strict=True)
        differing = [(axis, a, b) for axis, a, b in steps if a != b]
        pairs = [f"{axis.labels[a]} and {axis.labels[b]}" for axis, a, b in differing]
        raise InputError(
            f"The axis {' with '.join(axis.name for axis, _, _ in differing)} makes no difference",
            why="; ".join([f"{', '.join(pairs)} ask for the same image", *self.notes[:1]]),
            action="Leave out what changes nothing; -n makes the same several times.",
        )


def _key(model: str, parameters: Mapping[str, Any], images: Sequence[ReferenceImage]) -> str:
    identities = [image.identity for image in images]
    return json.dumps([model, dict(parameters), identities], sort_keys=True)
