"""A grid judged: what differs, what chance does, and what people like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.data import GridData, image_of, opinions_of
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.show.judge import opinions

if TYPE_CHECKING:
    from nanobanana_nb.show.judge.chance import Chance
    from nanobanana_nb.show.judge.ranks import Ranks
    from nanobanana_nb.show.lineage.diff import Difference


class Comparison(GridData):
    """The part of `ImageGrid` that compares its images with each other."""

    def diff(self, a: int | Generation, b: int | Generation) -> Difference:
        """Return what differs in what two images were asked for, the prompts word by word.

        Args:
            a: an image or its index, as is `b`; -1 is the last.

        Raises:
            MissingImageError: there is no such image; it is an IndexError too.

        Examples:
            >>> grid.diff(0, 2)
            A cat, [-ink-]{+oil+}
        """
        from nanobanana_nb.show.lineage.diff import difference

        return difference(image_of(self, a), image_of(self, b))

    def chance(
        self,
        features: Callable[..., Any] | None = None,
        distance: Callable[..., float] | None = None,
        by: str | None = None,
    ) -> Chance:
        """Measure how far repeats lie apart, and which axes change more than chance does.

        Compared are colours, layout and shapes, unless a function of one's own or a score says
        what.

        Args:
            features: what is compared: a function of an image, plain or `async`, that returns its
                numbers, from CLIP or DINO for example. It is called once for each image, each time
                anew: what it gives is not kept. An image for which it raises is left out and
                counted, with the reason.
            distance: a function of two images that returns how far they lie apart, 0 for the
                same. It is called for every pair, with pictures of its own, and nothing is kept.
            by: a score; of its numbers the means of each value and their differences are told
                too, with intervals of 95 %. Where some values have fewer images, what may be their
                spread alone is called an effect on mean or spread. Also "stars", or a column of
                numbers, as for `sort`.

        Raises:
            InputError: the images cannot be compared with each other, by the function or by the
                score.

        Examples:
            >>> grid.chance()
            axis ...
            style: ...
            >>> grid.chance(features=lambda image: image.resize((1, 1)).getpixel((0, 0))).images
            4
            >>> _ = grid.score("sharpness")
            >>> grid.chance(by="sharpness").images
            4
        """
        if isinstance(features, str):
            raise _no_function(features)
        arguments.check(features=features, distance=distance, by=by)
        if by is not None:
            return _score_chance(self, by, features or distance)
        from nanobanana_nb import chance

        return chance(self, features, distance)

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
            index: of the image, or the image itself.
            stars: 1 to 5, 0 for none.
            favourite: whether it is one.
            note: a text of at most 2,000 characters.

        Raises:
            MissingImageError: there is no image of that index.
            InputError: a value cannot be used, or there is no ledger.

        Examples:
            >>> grid.rate(0, stars=4, note="soft light")
            Rating(stars=4, favourite=False, note='soft light')
        """
        return opinions.rate(self, index, stars, favourite, note)

    def ranks(self, by: str | None = None, voter: str | None = None) -> Ranks:
        """Return who is liked more, with intervals, or that the votes are too few to tell.

        The votes of all people count; where two of them like opposite things it says so.

        Args:
            by: an axis whose values are ranked instead of the images; they are compared in images
                that are alike in all else.
            voter: whose votes count alone.

        Raises:
            InputError: there is no such axis, voter or ledger, or there are not two to rank.

        Examples:
            >>> grid.ranks(by="style").best is None  # too few votes to tell
            True
        """
        from nanobanana_nb.show.judge.ranks import ranks
        from nanobanana_nb.show.judge.vote_numbers import votes_of

        arguments.check(by=by, voter="" if voter is None else voter)
        votes = opinions_of(self).votes.get([g.sha256 for g in self if g.sha256])
        return ranks(self, votes if voter is None else votes_of(votes, voter), by)


def _score_chance(grid: GridData, by: str, function: object) -> Chance:
    if function is not None:
        raise InputError("by= is a score: features= and distance= do not go with it", action="")
    from nanobanana_nb.show.arrange.order import measurements_by
    from nanobanana_nb.show.judge.score_chance import score_chance

    return score_chance(grid, by, measurements_by(grid, by))


def _no_function(features: str) -> InputError:
    by = f'For a score of this name: `grid.chance(by="{cut(features, 60)}")`.'
    return arguments.ArgumentError(f"features is a function, not {cut(features, 60)!r}", action=by)
