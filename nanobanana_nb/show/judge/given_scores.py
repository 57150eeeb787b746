"""Numbers that people have for the images of a grid: a list, a column, a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import described, refusal
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import is_blank, number
from nanobanana_nb.show.html.wording import counted, cut

KINDS = "a function of an image, a list of numbers, a column or the path of a file"
_WAYS = "Give {} in the order of the grid, or a column whose index has the images' numbers."
_LABELS = "They go by number in the grid, id, task id or file; a list goes by the order."
Values = dict[int, float | None]  # by the place in the grid; None takes a number away


def numbers_of(images: Sequence[Generation], source: Any) -> Values:
    """Return the number of each image that `source` has one for.

    A column with an index, and a dict, go by what stands there; all else by the order.

    Raises:
        InputError: there are too many or too few, or what is there is no number.
    """
    if isinstance(source, str | bytes) or not isinstance(source, Iterable):
        raise refusal("source", KINDS, source)
    if isinstance(source, Mapping):
        return _labelled(images, source.items())
    if hasattr(source, "columns"):
        raise refusal("source", 'one column, as `df["rater_1"]`', source)
    labels = getattr(source, "index", None)
    values = list(source)
    if labels is not None and not callable(labels):
        return _indexed(images, list(labels), values)
    return _ordered(images, values)


def _ordered(images: Sequence[Generation], values: Sequence[Any]) -> Values:
    if len(values) != len(images):
        why = f"the grid has {counted(len(images), 'image')}, and these are {len(values):,}"
        action = _WAYS.format(len(images))
        raise InputError("There is not one number for each image", why=why, action=action)
    return {place: _value(value, f"#{place}") for place, value in enumerate(values)}


def _indexed(images: Sequence[Generation], labels: list[Any], values: Sequence[Any]) -> Values:
    """Return the values of a column by its index, which a sorted or shortened table keeps."""
    return _labelled(images, zip(labels, values, strict=True))


def _labelled(images: Sequence[Generation], pairs: Iterable[tuple[Any, Any]]) -> Values:
    rows = list(pairs)
    places = places_of(images, [label for label, _ in rows])
    if twice := [place for place in places if places.count(place) > 1]:
        why = f"there are several for #{twice[0]}"
        raise InputError("There is more than one number for an image", why=why, action=_LABELS)
    labelled = zip(places, rows, strict=True)
    return {place: _value(value, f"#{place}") for place, (_, value) in labelled}


def places_of(images: Sequence[Generation], labels: Sequence[Any]) -> list[int]:
    """Return which images are meant by labels that are all of one kind.

    Raises:
        InputError: one of them names no image.
    """
    keys = [_key(label) for label in labels]
    best: list[int | None] = [None] * len(keys)
    for known in _names(images):
        places = [known.get(key) for key in keys]
        if None not in places:
            return [place for place in places if place is not None]
        best = max(best, places, key=lambda some: len(some) - some.count(None))
    stranger = labels[best.index(None)]
    text = cut(stranger, 60) if isinstance(stranger, str) else described(stranger)
    raise InputError(f"{text} names no image of this grid", why="", action=_LABELS)


def _names(images: Sequence[Generation]) -> list[dict[str, int]]:
    """Return by what images are named, kind for kind, and where each then stands."""
    kinds: list[list[object]] = [
        list(range(len(images))),
        [f"#{place}" for place in range(len(images))],
        [image.id for image in images],
        [image.task_id for image in images],
        [image.path for image in images],
        [image.path and PurePath(image.path).name for image in images],
    ]
    return [
        {str(name): place for place, name in enumerate(names) if name is not None}
        for names in kinds
    ]


def _key(label: Any) -> str:
    whole = isinstance(label, float) and label.is_integer()  # a column with a gap becomes floats
    return str(int(label)) if whole else str(label).strip()


def _value(value: Any, where: str) -> float | None:
    if is_blank(value):
        return None
    try:
        return number(value)
    except ValueError as error:
        raise InputError(
            "A score is a number",
            why=f"{where}: {error}",
            action="None or NaN stands where there is none.",
        ) from None
