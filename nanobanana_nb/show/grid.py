"""A sequence of images that shows itself.

What it says of its only image, its parts, how it grows, what it hands on and how its images compare
have a file each; all of it is methods of `ImageGrid`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, overload

from nanobanana_nb.errors import NanobananaError, WaitInterrupted
from nanobanana_nb.model import arguments
from nanobanana_nb.model.calls import methods_called
from nanobanana_nb.model.indices import MissingImageError, position, positions
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.comparison import Comparison
from nanobanana_nb.show.exports import Exports
from nanobanana_nb.show.growth import Growth
from nanobanana_nb.show.judgement import Judgement
from nanobanana_nb.show.places import is_running, wait
from nanobanana_nb.show.single_image import SingleImage
from nanobanana_nb.text.terminal import printed

if TYPE_CHECKING:
    from nanobanana_nb.show.lineage.diff import Difference


@methods_called
@printed
class ImageGrid(SingleImage, Judgement, Growth, Exports, Comparison, Sequence[Generation]):
    """The images of one prompt or plan, in the plan's order.

    A notebook shows it as a table of thumbnails; everywhere else it is a text. `grid[0]` is
    a `Generation`; `grid[:3]`, `grid["woodcut"]` and `grid[{"style": "woodcut"}]` are smaller
    grids. A grid of one image has `.image`, `.path`, `.bytes`, `.task_id`, `.state` and
    `.error` itself; of none or several these raise NotOneError.

    A grid that waits knows what has come: it is looked up when the grid is shown or asked, in
    parts and pivots of it too. `retry` fills the places of what failed; nothing else changes a
    grid, and its length, its axes and the numbers of its images are always the same.

    Raises:
        MissingImageError: by `grid[99]`: there are fewer images. It is an IndexError too.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> grid = sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)
        >>> len(grid), len(grid["ink"]), grid[0].state.value
        (4, 2, 'success')
    """

    __module__ = "nanobanana_nb"  # where people find it

    @overload
    def __getitem__(self, index: int) -> Generation: ...
    @overload
    def __getitem__(self, index: slice | str | Mapping[str, Any]) -> ImageGrid: ...
    def __getitem__(self, index: int | slice | str | Mapping[str, Any]) -> Generation | ImageGrid:
        if isinstance(index, str | Mapping):
            return self._selection(index)
        if isinstance(index, slice):
            return self._part(positions(index, len(self)))
        if not hasattr(index, "__index__"):
            raise arguments.refusal(
                "The index of a grid", "a number, a slice, a value or a dict", index
            )
        return self.generations[position(index, len(self))]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ImageGrid):
            return False  # what holds arrays would compare them image by image
        alike = self.view == other.view
        return alike and [_comparable(g) for g in self] == [_comparable(g) for g in other]

    __hash__ = None  # type: ignore[assignment]  # images come, and a request may hold lists
    __array_ufunc__ = None  # as above

    def __reduce__(self) -> tuple[Any, ...]:
        return ImageGrid, (self.generations, self.plan), {"view": self.view}

    @property
    def errors(self) -> tuple[NanobananaError, ...]:
        """The errors of the images that have one, in order.

        Examples:
            >>> [error.what for error in grid.errors]
            []
        """
        return tuple(g.error for g in self if g.error is not None)

    @property
    def running(self) -> bool:
        """Whether an image is still to come by itself: a run works on it, here or elsewhere.

        One that was stopped waits for `%nanobanana resume`, and one that is unknown for a decision.

        Examples:
            >>> grid.running
            False
        """
        return is_running(self.places)

    def wait(self, timeout: float | None = None) -> ImageGrid:
        """Wait while the grid is `running` and return it; raises nothing that went wrong.

        An interrupt ends the waiting and nothing else: it says how to go on.

        Args:
            timeout: the seconds to wait at most; what is still to come then comes later.

        Raises:
            ArgumentError: `timeout` is no time.

        Examples:
            >>> from nanobanana_nb import submit
            >>> cats = submit("Two cats, ink").grid
            >>> cats.wait(timeout=60).state.value
            'success'
        """
        try:
            wait(self.places, timeout)
        except KeyboardInterrupt:
            shown = "" if self.number is None else f", `%nanobanana grid g{self.number}` shows it"
            raise WaitInterrupted(
                f"Stopped waiting. The run goes on: wait() waits again{shown}."
            ) from None
        return self

    def __contains__(self, value: object) -> bool:
        return isinstance(value, Generation) and value in self.generations

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """Return where an image stands.

        Args:
            value: the image, found by being equal.
            start: where to begin to look, as of a list; `stop` is where to end.

        Raises:
            MissingImageError: it does not stand there.

        Examples:
            >>> grid.index(grid[2])
            2
        """
        images = self.generations
        for place in positions(slice(start, stop), len(images)):
            if isinstance(value, Generation) and images[place] == value:
                return place
        raise MissingImageError("This image is not in the grid", action="")

    def count(self, value: Any) -> int:
        """Return how often the image `value` is in the grid; of a state as many as `counts` says.

        Examples:
            >>> grid.count("success"), grid.count(grid[0])
            (4, 1)
        """
        if isinstance(value, Generation):
            return sum(image == value for image in self)
        return self.counts().get(value, 0) if isinstance(value, str) else 0

    def counts(self) -> dict[str, int]:
        """Return how many are in each state (`counts()["failed"]`), and `cached`.

        Examples:
            >>> grid.counts()["success"], grid.counts()["failed"]
            (4, 0)
        """
        states = Counter(g.state for g in self)
        return {**{state: states[state] for state in State}, "cached": sum(g.cached for g in self)}

    def compare(self, a: int | None = None, b: int | None = None) -> ImageGrid | Difference | None:
        """Open the viewer: on two images, on one, or on the whole grid.

        Slider, blink, fade, difference and side by side; zoom; stars, favourites and notes by
        keyboard, which go to the ledger. Closed, a static result takes its place; where there
        are no widgets that result is returned.

        Args:
            a: the index of an image to begin with, as is `b` of the one beside it.

        Raises:
            MissingImageError: there is no image of that index.
            InputError: there is no image to look at.

        Examples:
            >>> grid.compare(0, 2)  # the viewer in a notebook, its static result in a script
            A cat, [-ink-]{+oil+}
        """
        from nanobanana_nb import compare

        return compare(self, a, b)

    def vote(self, voter: str = "", by: str | None = None) -> None:
        """Show pairs of images without labels, to say which is better by the arrow keys.

        It ends by itself where one image, or value, is certain to lead in this person's votes;
        of two that are alike none ever does, and Finish ends it at any time. Votes are kept in
        the ledger, those of several people add up; `ranks` shows the outcome.

        Args:
            voter: tells one person's votes from another's; what is said after Back
                replaces the vote before.
            by: an axis, of which the best value is looked for: pairs differ in it, and else as
                little as there are images that do.

        Raises:
            InputError: there are not two images or values, no such axis, no ledger, or no front
                end with widgets.

        Examples:
            >>> grid.vote("Ann", by="style")  # in a notebook; nobody presses keys in a script
            Traceback (most recent call last):
            nanobanana_nb.errors.InputError: A vote wants a front end that shows widgets
        """
        from nanobanana_nb import vote

        arguments.check(voter=voter, by=by)
        vote(self, voter, by)

    def __repr__(self) -> str:
        from nanobanana_nb.show.html.display import display_of
        from nanobanana_nb.show.html.text import grid_text

        return grid_text(display_of(self._snapshot()))

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return HTML, its twin as one picture, and its twin as text."""
        from nanobanana_nb.show.mimebundle import bundle

        return bundle(self._snapshot(), include, exclude, running=lambda: self.running)


def _comparable(generation: Generation) -> tuple[Generation, dict[str, Any] | None]:
    """Errors have no equality of their own, so a copy's error would never be equal."""
    error = generation.error
    return replace(generation, error=None), error.to_record() if error else None
