"""A plan: the requests of one experiment, and its bill, before anything is sent."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog, template
from nanobanana_nb.model.axis import Axis
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage, as_parameters

MOST_CELLS = 10_000


@dataclass(frozen=True)
class Cell:
    """One image of a plan: its request and where it stands.

    `values` are the name and value of everything that varies; `point` counts, for each axis of
    the plan, which of its values it is.
    """

    request: GenerationRequest
    values: tuple[tuple[str, Any], ...] = ()
    point: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that one cell or call asks for.

    `axes` are what varies, `repeats` says how often each combination is
    made, `notes` are what the person should know before or beside the result.
    """

    cells: tuple[Cell, ...]
    prompt: str = ""
    axes: tuple[Axis, ...] = ()
    repeats: int = 1
    notes: tuple[str, ...] = ()
    callback_url: str | None = field(default=None, repr=False)

    def in_words(self) -> str:
        """Return the count as a product, for example `3 style × 2 repeats = 6 images`."""
        factors = [f"{len(axis)} {axis.name}" for axis in self.axes]
        if self.repeats > 1:
            factors.append(f"{self.repeats} repeats")
        count = len(self.cells)
        total = f"{count} image" + ("s" if count != 1 else "")
        return f"{' × '.join(factors)} = {total}" if factors else total


@dataclass(frozen=True)
class Bill:
    """What a plan costs before it is sent.

    `credits` is None when the service would not say; `exact` is False where it estimates.
    """

    images: int
    cached: int
    credits: float | None
    balance: float | None
    exact: bool = True
    why_unknown: str = ""

    @property
    def new(self) -> int:
        """How many images will be asked for and paid."""
        return self.images - self.cached

    @property
    def balance_after(self) -> float | None:
        """The balance when the plan is done, or None where price or balance is not known."""
        if self.credits is None or self.balance is None:
            return None
        return self.balance - self.credits


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
) -> Plan:
    """Turn a prompt and its options into requests; a list in `namespace` becomes an axis.

    Args:
        prompt: the text, with `{name}` placeholders.
        namespace: values of the placeholders; None leaves braces alone.
        private: keep the prompt out of what is written to disk here.

    Raises:
        InputError: the prompt, a placeholder or the count cannot be used.
    """
    if repeats < 1:
        raise InputError(f"repeats (-n) cannot be {repeats}", action="Ask for at least one.")
    axes = _axes(prompt, namespace or {})
    count = repeats
    for axis in axes:
        count *= len(axis)
    if count > MOST_CELLS:
        raise InputError(
            f"That would be {count:,} images", action=f"At most {MOST_CELLS:,} at once."
        )
    cells: list[Cell] = []
    notes: dict[str, None] = {}
    for point in itertools.product(*(range(len(axis)) for axis in axes)):
        chosen = tuple((axis.name, axis.values[n]) for axis, n in zip(axes, point, strict=True))
        text = prompt if namespace is None else template.fill(prompt, {**namespace, **dict(chosen)})
        checked = catalog.check(model, parameters or {}, text, len(images))
        notes.update(dict.fromkeys(checked.notes))
        request = GenerationRequest(
            *(provider, checked.model, text, tuple(images)),
            as_parameters(checked.parameters),
            private=private,
        )
        cells += [Cell(replace(request, repeat=n), chosen, point) for n in range(1, repeats + 1)]
    return Plan(tuple(cells), prompt, axes, repeats, tuple(notes), callback_url)


def _axes(prompt: str, namespace: Mapping[str, Any]) -> tuple[Axis, ...]:
    """Return the placeholders whose value is a sequence, with their values."""
    found = []
    for name in template.names(prompt) if namespace else ():
        values = _sequence(namespace.get(name))
        if values is None:
            continue
        if not values:
            raise InputError(f"{{{name}}} is an empty list", action="Give it a value.")
        if len(set(map(str, values))) < len(values):
            raise InputError(f"{{{name}}} has the same value twice", why=str(list(values)))
        found.append(Axis.of(name, values))
    return tuple(found)


def _sequence(value: Any) -> tuple[Any, ...] | None:
    if isinstance(value, list | tuple | range):
        return tuple(value)
    if getattr(value, "ndim", None) == 1 and hasattr(value, "tolist"):  # NumPy, pandas
        return tuple(value.tolist())
    return None
