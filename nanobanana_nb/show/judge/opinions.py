"""What people think of the images of a grid: ratings as they are given and shown."""

from __future__ import annotations

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.data import GridData, image_of, opinions_of


def rate(
    grid: GridData,
    index: int | Generation,
    stars: int | None,
    favourite: bool | None,
    note: str | None,
) -> Rating:
    """Rate an image and return its rating; what is None stays as it was.

    Raises:
        InputError: a value cannot be used, or there is no image or no ledger.
    """
    image = image_of(grid, index)
    if image.sha256 is None:
        raise InputError("There is no image to rate", why=f"the task is {image.state.word}")
    ratings = opinions_of(grid).ratings
    known = ratings.get([image.sha256]).get(image.sha256, Rating())
    rating = known.changed(stars, favourite, note)
    ratings.put(image.sha256, rating)
    return rating


def rating_text(rating: Rating) -> str:
    """Return `★★★☆☆ ♥` and the note, or nothing where there is no rating."""
    starred = "★" * rating.stars + "☆" * (5 - rating.stars) if rating.stars else ""
    return " ".join(part for part in (starred, "♥" * rating.favourite, rating.note) if part)
