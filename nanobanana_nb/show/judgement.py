"""A grid judged by numbers: what scores its images have, and which are the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from nanobanana_nb.model import arguments
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.parts import Parts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from nanobanana_nb.show.judge.image_scores import Scores
    from nanobanana_nb.show.judge.rater_agreement import Agreement


class Judgement(Parts):
    """The part of `ImageGrid` that scores its images and sorts by numbers."""

    def score(
        self, source: Any, name: str | None = None, *, again: bool = False, workers: int = 1
    ) -> Scores:
        """Give each image a number and return all of them; they are kept in the ledger.

        They are columns of `to_frame` and of exports, and what `sort`, `best` and `chance` go by.
        A function is called on a thread of its own, once for equal images; what it returned is
        kept at once, so that an interrupt loses nothing and a second call is free. An image for
        which it raises is one without a number, with the reason, and tried again the next time.
        What fails alike for the first five is broken: it is called no more, until the next call.

        Args:
            source: a function of a Pillow image that returns a number (plain or `async`; with
                `of_generation = True` it gets the Generation, whose prompt is
                `request.prompt`); the name of a ready-made one: sharpness (the variance of the
                Laplacian; some tens are soft, thousands crisp), contrast (0 to 0.5), colourfulness
                (0 to about 100), delivered (0 to 1), each for images of one shape and subject; a
                list of as many numbers as there are images, None where there is none; a column of
                `to_frame()`, in any order; a DataFrame or the path of a CSV or JSON file that has
                a number, id, file name or the values of the axes for each image, as those that
                `export` writes.
            name: what the score is called; if not given, as the function or the column. Of a
                table or a file it picks the column.
            again: call the function for those that have its number, too.
            workers: how many images are scored at once.

        Raises:
            InputError: the numbers are too many or none, the name cannot be one, or the grid has
                no ledger. Nothing is kept then.

        Examples:
            >>> grid.score("sharpness").scored
            4
            >>> grid.score(lambda image: image.width / image.height, name="shape").values
            (1.0, 1.0, 1.0, 1.0)
            >>> frame = grid.to_frame()
            >>> frame["rater 1"] = [3, 5, None, 4]
            >>> grid.score(frame["rater 1"]).values
            (3.0, 5.0, None, 4.0)
        """
        from nanobanana_nb import score

        return score(self, source, name, again=again, workers=workers)

    def sort(self, by: str, *, descending: bool = False) -> Self:
        """Return the same images as a list in the order of a number, which each shows.

        Those without one come last. `pivot()` turns the list into a table again.

        Args:
            by: a score, "stars", "votes" (the share of pairs that an image would win, by the votes
                on this grid; the list and its parts show it), or a column of `to_records` that has
                numbers.
            descending: the highest first.

        Raises:
            InputError: there are no such numbers.

        Examples:
            >>> _ = grid.score([3, 5, 2, 4], name="rater 1")
            >>> [image.request.repeat for image in grid.sort("rater 1")]
            [1, 1, 2, 2]
        """
        arguments.check(by=by, descending=descending)
        from nanobanana_nb.show.arrange.order import numbers_by, ordered

        return self._listed(ordered(numbers_by(self, by), descending=descending), by)

    def best(self, count: int, by: str, *, lowest: bool = False) -> Self:
        """Return the images with the highest numbers, the best first; fewer if fewer have one.

        Args:
            count: how many at most.
            by: as for `sort`.
            lowest: the lowest are the best.

        Raises:
            InputError: there are no such numbers.

        Examples:
            >>> _ = grid.score([3, 5, 2, 4], name="rater 1")
            >>> best = grid.best(2, by="rater 1")
            >>> [grid.index(image) for image in best]
            [1, 3]
        """
        arguments.check(count=count, by=by, lowest=lowest)
        from nanobanana_nb.show.arrange.order import numbers_by, ordered

        numbers = numbers_by(self, by)
        places = ordered(numbers, descending=not lowest)
        known = [place for place in places if numbers[place] is not None]
        return self._listed(known[:count], by)

    def plot(self, by: str, score: str, *, hue: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw a score over the values of an axis: each image, the means, intervals of 95 %.

        Args:
            by: the axis.
            score: what is drawn, as for `sort`.
            hue: another axis, whose values have colours.
            ax: where to draw; if not given, a new figure of Matplotlib.

        Raises:
            InputError: there is no such axis or score, or Matplotlib is not installed.

        Examples:
            >>> _ = grid.score("sharpness")
            >>> grid.plot(by="style", score="sharpness").get_ylabel()
            'sharpness'
        """
        arguments.check(by=score)
        from nanobanana_nb.show.arrange.order import check_axis, measurements_by
        from nanobanana_nb.show.judge.score_plot import plot

        for axis in filter(None, (by, hue)):
            check_axis(self, axis)
        return plot(self, by, score, measurements_by(self, score), hue, ax)

    def agreement(self, *names: str, metric: str = "interval") -> Agreement:
        """Return how well several raters agree, by Krippendorff's alpha with an interval of 95 %.

        Args:
            names: of the raters' scores, two or more.
            metric: "interval" for numbers whose differences count, "ordinal" for their order alone.

        Raises:
            InputError: there is no such score or metric.

        Examples:
            >>> _ = grid.score([1, 2, 3, 4], name="Ann"), grid.score([1, 2, 3, 5], name="Bob")
            >>> round(grid.agreement("Ann", "Bob").alpha, 2)
            0.94
        """
        from nanobanana_nb.show.arrange.order import numbers_by
        from nanobanana_nb.show.judge.rater_agreement import agreement

        several = names[0] if len(names) == 1 and isinstance(names[0], list | tuple) else names
        raters = arguments.several("names", several, str, "the names of scores")
        return agreement({name: numbers_by(self, name) for name in raters}, metric)

    def _listed(self, places: Sequence[int], by: str) -> Self:
        from nanobanana_nb.show.arrange.columns import VOTES
        from nanobanana_nb.show.judge.vote_numbers import standings

        part = self._part(places)
        part.view = View(by=by, standings=standings(self) if by == VOTES else {})
        return part
