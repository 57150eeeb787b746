"""What people think of the images of a grid: ratings, votes and ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from nanobanana_nb.errors import InputError, LedgerError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.asking import ask
from nanobanana_nb.model.indices import position
from nanobanana_nb.model.opinion import Rating, Vote
from nanobanana_nb.model.result import Generation

if TYPE_CHECKING:
    from nanobanana_nb.show.grid import ImageGrid
    from nanobanana_nb.show.judge.ranks import Ranks

_NO_IMAGE = "There is no image to rate"
_NOWHERE = "This grid has no ledger to write into"
_BY_NUMBER = "`%nanobanana grid` or `show` gives it one."


class Ratings(Protocol):
    """Keeps ratings by the hash of an image."""

    def get(self, hashes: Iterable[str]) -> Mapping[str, Rating]:
        """Return those that there are."""
        ...

    def put(self, sha256: str, rating: Rating) -> None:
        """Write one down in the place of an earlier one."""
        ...


class Votes(Protocol):
    """Keeps votes on pairs of images."""

    def get(self, hashes: Iterable[str]) -> Sequence[Vote]:
        """Return those on pairs of these images."""
        ...

    def put(self, vote: Vote) -> None:
        """Write one down in the place of what the same person said of the pair."""
        ...


class Opinions(Protocol):
    """Where a grid finds and keeps what people think of its images: a ledger."""

    @property
    def ratings(self) -> Ratings:
        """Stars, favourites and notes."""
        ...

    @property
    def votes(self) -> Votes:
        """Which of two images people like more."""
        ...


class Judged:
    """The opinions on the images of a grid."""

    generations: tuple[Generation, ...]
    opinions: Opinions | None

    def rate(
        self,
        index: int | Generation,
        *,
        stars: int | None = None,
        favourite: bool | None = None,
        note: str | None = None,
    ) -> Rating:
        """Rate an image and return its rating; what is not given stays as it was.

        It is kept in the ledger by what the image is, so that other grids show it too.

        Args:
            stars: 1 to 5, 0 for none.

        Raises:
            InputError: a value cannot be used, or there is no image or no ledger.
        """
        one = meant(self, index)
        if one.sha256 is None:
            raise InputError(_NO_IMAGE, why=f"the task is {one.state}")
        kept = opinions_of(self).ratings
        rating = kept.get([one.sha256]).get(one.sha256, Rating()).changed(stars, favourite, note)
        kept.put(one.sha256, rating)
        return rating

    def ratings(self) -> list[Rating]:
        """Return the rating of each image; one that nobody rated has no stars."""
        hashes = [one.sha256 for one in self.generations if one.sha256]
        known = self.opinions.ratings.get(hashes) if self.opinions and hashes else {}
        return [known.get(one.sha256 or "", Rating()) for one in self.generations]

    def compare(self, a: int | None = None, b: int | None = None) -> Any:
        """Open the viewer: on two images, on one, or on the whole grid.

        Slider, blink, fade, difference and side by side; zoom; stars, favourites and notes by
        keyboard, which go to the ledger. Closed, a static result takes its place; where there
        are no widgets that result is returned.

        Raises:
            InputError: there is no image to look at.
        """
        return ask("compare")(self, a, b)

    def vote(self, voter: str = "") -> None:
        """Show pairs of images without labels, to say which is better by the arrow keys.

        Votes are kept in the ledger, those of several people add up; `ranks` shows the outcome.

        Args:
            voter: tells one person's votes from another's; a person's last word counts.

        Raises:
            InputError: there are not two images, no ledger, or no front end with widgets.
        """
        arguments.check(voter=voter)
        ask("vote")(self, voter)

    def ranks(self, by: str | None = None) -> Ranks:
        """Return who is liked more, with intervals, or that the votes are too few to tell.

        Args:
            by: an axis whose values are ranked instead of the images.

        Raises:
            InputError: there is no such axis or no ledger, or there are not two to rank.
        """
        from nanobanana_nb.show.judge.ranks import ranks

        arguments.check(by=by)
        hashes = [one.sha256 for one in self.generations if one.sha256]
        return ranks(cast("ImageGrid", self), opinions_of(self).votes.get(hashes), by)


def meant(grid: Judged, index: int | Generation) -> Generation:
    """Return an image that is meant by itself or by its index.

    Raises:
        InputError: there is no such image.
    """
    if isinstance(index, Generation):
        return index
    return grid.generations[position(index, len(grid.generations))]


def opinions_of(grid: Judged) -> Opinions:
    """Return where opinions on a grid are kept.

    Raises:
        InputError: nowhere; a copy of a grid has no ledger.
    """
    if grid.opinions is None:
        raise InputError(_NOWHERE, action=_BY_NUMBER)
    return grid.opinions


def shown_ratings(grid: ImageGrid) -> list[Rating]:
    """Return the ratings to be shown; none where the ledger cannot be read just now."""
    try:
        return grid.ratings()
    except LedgerError:
        return [Rating()] * len(grid)


def rating_text(rating: Rating) -> str:
    """Return `★★★☆☆ ♥` and the note, or nothing where there is no rating."""
    starred = "★" * rating.stars + "☆" * (5 - rating.stars) if rating.stars else ""
    return " ".join(part for part in (starred, "♥" * rating.favourite, rating.note) if part)
