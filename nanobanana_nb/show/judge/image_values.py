"""Which value of an axis each image of a grid has, and what else it is."""

from __future__ import annotations

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import ELSEWHERE, Places, places
from nanobanana_nb.show.arrange.selection import part_of
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.stats.group_cells import GroupCells

Traits = tuple[Hashable, ...]


@dataclass(frozen=True)
class ImageValues:
    """The values of an axis by the hash of an image, and the images' places on all other axes.

    An image of several values is of none: it says nothing of them. `unlike` are every two values
    of which no two images are alike in all else; what is so with all others has no images here.
    """

    axis: str
    values: Mapping[str, str]
    traits: Mapping[str, Traits]
    unlike: Sequence[tuple[str, str]] = ()


def image_values(grid: GridData, by: str, hashes: Container[str] | None = None) -> ImageValues:
    """Return the values of an axis that the images have which are here.

    Args:
        hashes: of the images that count, all if not given.

    Raises:
        InputError: there is no such axis, they have fewer than two of its values, or no two of
            them differ in it alone.
    """
    image_places = places(grid.generations, grid.plan)
    number, axis = part_of(image_places, by)
    labels = (*axis.labels, ELSEWHERE)
    values: dict[str, str] = {}
    several, traits = set(), {}
    for n, (image, point) in enumerate(zip(grid, image_places.points, strict=True)):
        if image.ok and image.sha256 and (hashes is None or image.sha256 in hashes):
            value = labels[point[number]]
            if values.setdefault(image.sha256, value) != value:
                several.add(image.sha256)
            traits[image.sha256] = _traits(image_places, n, number, axis.name)
    values = {sha256: value for sha256, value in values.items() if sha256 not in several}
    if len(set(values.values())) < 2:
        raise _too_few(axis.name, set(values.values()))
    return _comparable(ImageValues(axis.name, values, traits))


def _comparable(images: ImageValues) -> ImageValues:
    """Return the images of the values that can be compared with another one."""
    cells = GroupCells(images.values, images.traits)
    alone = {n for n in cells.names if not any(cells.pairs(n, m) for m in cells.names if m != n)}
    if len(alone) == len(cells.names):
        raise InputError(
            f"The values of {cut(images.axis, 60)} cannot be compared",
            why="no two images that are here differ in it alone",
            action="",
        )
    values = {sha256: name for sha256, name in images.values.items() if name not in alone}
    return replace(images, values=values, unlike=cells.unlike)


def _traits(image_places: Places, image: int, number: int, name: str) -> Traits:
    """Return where an image stands on the other axes, those beside this one with it."""
    point = image_places.points[image]
    axis = image_places.axes[number]
    beside: Traits = ()
    if name != axis.name and point[number] < len(axis) and not _is_key(axis, name):
        value = axis.values[point[number]]
        beside = tuple(v for part, v in zip(axis.names, value, strict=True) if part != name)
    others = (
        place
        for place, other in zip(point, image_places.axes, strict=True)
        if other is not axis and other.name != image_places.repeats
    )
    return (*others, *map(str, beside))


def _is_key(axis: Axis, name: str) -> bool:
    """Whether one of several axes side by side says which values the others have."""
    own = [str(value[axis.names.index(name)]) for value in axis.values]
    return len(set(own)) == len(own)


def _too_few(axis: str, values: set[str]) -> InputError:
    name = cut(axis, 60)
    why = f"the images that are here have {cut(values.pop(), 60)}" if values else "no image is here"
    return InputError(f"There are not two values of {name} to compare", why=why, action="")
