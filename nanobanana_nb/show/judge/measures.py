"""How the images of a grid are compared: by their looks, or by a function of one's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import DownloadError, InputError
from nanobanana_nb.images import thumbnail
from nanobanana_nb.images.features import Views, views
from nanobanana_nb.model.arguments import described
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import LARGEST
from nanobanana_nb.stats.verdict import Tables

if TYPE_CHECKING:
    from PIL import Image

Values = Mapping[str, str]  # of each axis
Place = tuple[int, Values, Generation]  # where an image stands in its grid
Item = tuple[Values, Views]
OwnFeatures = Callable[["Image.Image"], Any]
OwnDistance = Callable[["Image.Image", "Image.Image"], float]
Step = Callable[[], None]
_AT_ONCE = 16  # images that are decoded side by side
_BROKEN = 5  # images without one number: the function is no good
_UNFIT = "The function for {} cannot be used"
FEATURES, DISTANCE = "the features given", "the distance given"


def no_step() -> None:
    """Nobody counts."""


def items_of(places: Sequence[Place], step: Step = no_step) -> list[Item]:
    """Return the looks of each image that can be read; `step` is called after each."""
    items: list[Item] = []
    for n, (_, values, image) in enumerate(places):
        if n % _AT_ONCE == 0:
            thumbnail.prepare(image.path for _, _, image in places[n : n + _AT_ONCE])
        with suppress(OSError):  # its file is gone or damaged
            items.append((values, views(image.path or "")))
        step()
    return items


def own_items(
    places: Sequence[Place], features: OwnFeatures, step: Step = no_step
) -> tuple[list[Item], list[str]]:
    """Return the features of each image that has some, and why others have none.

    Where the first five have none, the function is called no more.

    Raises:
        InputError: no image has some, or one has more of them than another.
    """
    items: list[Item] = []
    failures: list[InputError] = []
    for index, values, image in places:
        try:
            with suppress(DownloadError):  # its file is gone or damaged
                items.append((values, _features(index, image, features)))
        except InputError as error:
            failures.append(error)
        if failures and not items and len(failures) == min(_BROKEN, len(places)):
            raise failures[0]
        step()
    if failures and not items:
        raise failures[0]
    if len({len(vector) for _, own in items for _, vector in own}) > 1:
        raise _unfit("features", "an image has more of them than another")
    return items, [error.why for error in failures]


def own_tables(
    places: Sequence[Place], distance: OwnDistance, step: Step = no_step
) -> tuple[list[Place], Tables]:
    """Return the images that can be read, and how far each lies from every other.

    `step` is called after each pair.

    Raises:
        InputError: the function fails, or gives what is no distance.
    """
    pictures = []
    for place in places:
        with suppress(DownloadError):
            pictures.append((place, place[2].image))
    table = [[0.0] * len(pictures) for _ in pictures]
    for i, j in combinations(range(len(pictures)), 2):
        (first, a), (second, b) = pictures[i], pictures[j]
        where = f"#{first[0]} and #{second[0]}"
        numbers = _numbers("distance", where, lambda: distance(a.copy(), b.copy()))  # noqa: B023
        if len(numbers) != 1 or numbers[0] < 0:
            raise _unfit("distance", f"it is {numbers} between #{first[0]} and #{second[0]}")
        table[i][j] = table[j][i] = numbers[0]
        step()
    return [place for place, _ in pictures], [(DISTANCE, tuple(map(tuple, table)))]


def _features(index: int, image: Generation, features: OwnFeatures) -> Views:
    picture = image.image
    return ((FEATURES, _numbers("features", f"#{index}", lambda: features(picture))),)


def _numbers(name: str, where: str, call: Callable[[], Any]) -> tuple[float, ...]:
    """Return the numbers that foreign code gives, whatever holds them."""
    try:
        numbers = tuple(_flat(call()))
    except Exception as error:
        why = f"of {where} it raised {type(error).__name__}: {error}"
        raise InputError(_UNFIT.format(name), why=why, action="") from error
    if not numbers or not all(map(math.isfinite, numbers)):
        raise _unfit(name, f"of {where} it gives no finite numbers")
    if max(map(abs, numbers)) > LARGEST:
        raise _unfit(name, f"of {where} it gives {max(map(abs, numbers)):.3g}, which is too large")
    return numbers


def _flat(value: Any) -> Iterator[float]:
    """Yield the numbers of a number, a list, an array or a tensor of any shape."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, str | bytes | Mapping | Set):
        raise TypeError(f"{described(value)} is no list of numbers")
    if isinstance(value, Iterable):
        for part in value:
            yield from _flat(part)
    else:
        yield float(value)


def _unfit(name: str, why: str) -> InputError:
    action = "Give a function of an image that returns as many numbers for each."
    if name == "distance":
        action = "Give a function of two images that returns a number, 0 for the same."
    return InputError(_UNFIT.format(name), why=why, action=action)
