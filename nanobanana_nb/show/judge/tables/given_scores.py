"""Numbers that people have for the images of a grid: a list, a column, a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import refusal
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import is_blank, number
from nanobanana_nb.show.arrange.records import IMAGES, row_images
from nanobanana_nb.show.html.wording import counted
from nanobanana_nb.show.judge.tables.image_labels import FILE, ImageLabels, numbers_at

KINDS = "a function of an image, a list of numbers, a column, a table or the path of a file"
_WAYS = "Give {} in the order of the grid, or a column whose index has the images' numbers."
_KEY = (
    'Give the whole table, `grid.score(table, name="column")`, or `column.to_list()` where it is in'
    " the order of the grid."
)
Values = dict[int, float | None]  # by the place in the grid; None takes a number away


def numbers_of(images: Sequence[Generation], source: Any) -> Values:
    """Return the number of each image that `source` has one for.

    A column with an index, and a dict, go by what stands there; all else by the order.

    Raises:
        InputError: there are too many or too few, or what is there is no number.
    """
    unordered = (str, bytes, set, frozenset)
    if isinstance(source, unordered) or not isinstance(source, Iterable):
        raise refusal("source", KINDS, source)
    if isinstance(source, Mapping):
        return _labelled(images, source.items())
    labels = getattr(source, "index", None)
    values = list(source)
    if labels is not None and not callable(labels):
        return _indexed(images, source, values)
    return _ordered(images, values)


def _ordered(images: Sequence[Generation], values: Sequence[Any]) -> Values:
    if len(values) != len(images):
        why = f"the grid has {counted(len(images), 'image')}, and these are {len(values):,}"
        action = _WAYS.format(len(images))
        raise InputError("There is not one number for each image", why=why, action=action)
    return {place: _value(value, f"#{place}") for place, value in enumerate(values)}


def _indexed(images: Sequence[Generation], column: Any, values: Sequence[Any]) -> Values:
    """Return the values of a column by its index, which a sorted or shortened table keeps.

    The numbers of a table of another grid, as of a part of this one, are those of its images.
    """
    labels, header = list(column.index), getattr(column.index, "name", None)
    if (hashes := row_images(column)) is not None:
        pairs = [(sha256, value) for sha256, value in zip(hashes, values, strict=True) if sha256]
        return _labelled(images, pairs)
    is_whole = all(isinstance(label, int) for label in labels)
    is_new = is_whole and IMAGES in getattr(column, "attrs", {})
    if is_new or labels == list(range(len(labels))):
        what = "The index of this column does not say which images it is for"
        raise InputError(what, action=_KEY)
    return _labelled(images, zip(labels, values, strict=True), header)


def _labelled(
    images: Sequence[Generation], pairs: Iterable[tuple[Any, Any]], header: Any = None
) -> Values:
    rows = list(pairs)
    names, labels = ImageLabels(images), [label for label, _ in rows]
    kind = names.kind(header, labels) or names.kind(None, labels)
    places = names.places(kind or FILE, labels)
    values = [_value(value, f"#{n}") for n, (_, value) in zip(places, rows, strict=True)]
    return numbers_at(places, values, labels)


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
