"""A sequence of images that shows itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.calls import methods_called
from nanobanana_nb.model.indices import MissingImageError, NotOneError, position, positions
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.plan.limits import BY_ARGUMENT, RunLimits
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show import growth
from nanobanana_nb.show.arrange.data import GridData, image_of, opinions_of, with_places
from nanobanana_nb.show.arrange.view import Side
from nanobanana_nb.show.export.endings import with_endings
from nanobanana_nb.show.judge import opinions
from nanobanana_nb.show.places import is_running, wait
from nanobanana_nb.text.terminal import printed

if TYPE_CHECKING:
    from pandas import DataFrame
    from PIL import Image

    from nanobanana_nb.show.judge.chance import Chance
    from nanobanana_nb.show.judge.ranks import Ranks
    from nanobanana_nb.show.lineage.diff import Difference


@methods_called
@printed
class ImageGrid(GridData, Sequence[Generation]):
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
    def one(self) -> Generation:
        """The only generation.

        Raises:
            NotOneError: there are none or several.

        Examples:
            >>> grid[:1].one == grid[0]
            True
        """
        return self._only("")

    @property
    def image(self) -> Image.Image:
        """The only image as a Pillow image.

        Examples:
            >>> grid[:1].image.format, grid[:1].image.mode
            ('PNG', 'RGB')
        """
        return self._only(".image").image

    @property
    def path(self) -> Path | None:
        """Where the only original lies, or None.

        Examples:
            >>> grid[:1].path.suffix
            '.png'
        """
        return self._only(".path").path

    @property
    def bytes(self) -> bytes:
        """The only original, byte for byte.

        Examples:
            >>> grid[:1].bytes[1:4]
            b'PNG'
        """
        return self._only(".bytes").bytes

    @property
    def task_id(self) -> str | None:
        """The service's name for the only task.

        Examples:
            >>> grid[:1].task_id == grid[0].task_id
            True
        """
        return self._only(".task_id").task_id

    @property
    def state(self) -> State:
        """Where the only task stands.

        Examples:
            >>> grid[:1].state == "success"
            True
        """
        return self._only(".state").state

    @property
    def error(self) -> NanobananaError | None:
        """What went wrong with the only task, or None.

        Examples:
            >>> grid[:1].error is None
            True
        """
        return self._only(".error").error

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

        An interrupt ends the waiting and nothing else.

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
        wait(self.places, timeout)
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

    def pivot(self, rows: Side = None, cols: Side = None, pages: Side = None) -> ImageGrid:
        """Return the same images with their axes on other sides; nothing is run again.

        Args:
            rows: an axis, or several of which the first is the outermost, as `cols` and
                `pages`. `repeat` is an axis too. An axis not named gets a side that is free;
                with no name at all the grid is arranged as it was at first.

        Raises:
            InputError: there is no such axis, or it is on two sides.

        Examples:
            >>> table = grid.pivot(rows="repeat", cols="style")
            >>> len(table)
            4
        """
        from nanobanana_nb.show.arrange.positions import places
        from nanobanana_nb.show.arrange.view import chosen_view

        sides = (rows, cols, pages)
        named = any(side is not None for side in sides)
        grid_places = places(self.generations, self.plan)
        view = chosen_view(grid_places, *sides) if named else None
        return with_places(self, self.places, self.plan, view, self.number)

    def select(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> ImageGrid:
        """Return the images with these axis values: `grid.select(style=["ink", "oil"], repeat=1)`.

        Args:
            values: the same for axes whose names are no Python names.
            named: for each axis a value or a list of them.

        Raises:
            InputError: there is no such axis or value.

        Examples:
            >>> len(grid.select(style="ink")), len(grid.select(style=["ink", "oil"], repeat=1))
            (2, 2)
        """
        return self._selection({**arguments.axes(values, "values"), **named})

    def to_records(self) -> list[dict[str, Any]]:
        """Return one record an image: axis values, parameters, prompt, state, cost, path.

        What is called like a fixed name is under `state (axis)` or `state (parameter)`.

        Examples:
            >>> [(record["style"], record["credits"]) for record in grid.to_records()[1:3]]
            [('ink', 4.0), ('oil', 4.0)]
        """
        from nanobanana_nb.show.arrange.records import records

        return records(self)

    def to_frame(self) -> DataFrame:
        """Return the records as a table of pandas.

        Raises:
            InputError: pandas is not installed.

        Examples:
            >>> grid.to_frame().groupby("style")["credits"].sum().to_dict()
            {'ink': 8.0, 'oil': 8.0}
        """
        from nanobanana_nb.show.arrange.records import frame

        return frame(self)

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
        features: Callable[[Image.Image], Any] | None = None,
        distance: Callable[[Image.Image, Image.Image], float] | None = None,
    ) -> Chance:
        """Measure how far repeats lie apart, and which axes change more than chance does.

        Compared are colours, layout and shapes, unless a function of one's own says what.

        Args:
            features: what is compared: a function of an image that returns its numbers, from
                CLIP or DINO for example. It is called once for each image.
            distance: a function of two images that returns how far they lie apart, 0 for the
                same. It is called for every pair.

        Raises:
            InputError: the images cannot be compared with each other, or by the function.

        Examples:
            >>> grid.chance()
            axis ...
            style: ...
            >>> grid.chance(features=lambda image: image.resize((1, 1)).getpixel((0, 0))).images
            4
        """
        from nanobanana_nb.show.judge.chance import chance

        arguments.check(features=features, distance=distance)
        return chance(self, features, distance)

    @with_endings
    def export(self, path: str | Path, *, private: bool = False, originals: bool = False) -> Path:
        """Write the grid to a file; its ending says as what.

        endings:

        Args:
            path: where to; a file that is there is replaced.
            private: tell the prompts of private requests too.
            originals: put the originals themselves into a page, and not links to them.

        Raises:
            InputError: the ending is not known, or the file cannot be written.

        Examples:
            >>> grid.export("cats.csv").name
            'cats.csv'
        """
        from nanobanana_nb.show.export import export

        return export(self._snapshot(), path, private=private, originals=originals)

    def save(self, path: str | Path) -> list[Path]:
        """Write the originals, byte for byte, into a folder; return where each is.

        What is no image is left out.

        Args:
            path: the folder, which is made; its files are called as in the one beside the
                notebook. Of one image it may be a file. What is there is replaced.

        Raises:
            InputError: there is no image, or it cannot be written there.
            DownloadError: an original was deleted or damaged.

        Examples:
            >>> [file.suffix for file in grid.save("cats")]
            ['.png', '.png', '.png', '.png']
        """
        from nanobanana_nb.show.export.saving import save

        return save(self.generations, path)

    def retry(self, *, max_credits: float | None = None, yes: bool = False) -> ImageGrid:
        """Ask for the failed images once again, in their places, and return this grid.

        It costs what those images cost, nothing if none failed. Raises what the run raises.

        Args:
            max_credits: the most that it may cost, and a yes to any bill up to that.
            yes: run it however large the bill is; without it a large one sends nothing.

        Examples:
            >>> grid.retry(max_credits=8) is grid
            True
        """
        return growth.retried(self, _limits(max_credits, yes))

    def extend(
        self,
        values: Mapping[str, Any] | None = None,
        /,
        *,
        max_credits: float | None = None,
        yes: bool = False,
        **named: Any,
    ) -> ImageGrid:
        """Return another grid with further values on the axes; the new images alone are paid.

        Args:
            values: the same for axes whose names are no Python names.
            named: for each axis a further value or a list of them.
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Raises:
            InputError: there is no such axis, or it has the value.

        Examples:
            >>> more = grid.extend(style="pastel", max_credits=8)
            >>> len(more), len(more["pastel"])
            (6, 2)
        """
        more = {**arguments.axes(values, "values"), **named}
        return growth.extended(self, more, _limits(max_credits, yes))

    def repeat(
        self, times: int, *, max_credits: float | None = None, yes: bool = False
    ) -> ImageGrid:
        """Return another grid with each combination `times` times in all; new images are paid.

        Args:
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Raises:
            InputError: they are made so often already.

        Examples:
            >>> more = grid.repeat(3)
            >>> len(more), len(grid)
            (6, 4)
        """
        return growth.repeated(self, times, _limits(max_credits, yes))

    def complete(self, *, max_credits: float | None = None, yes: bool = False) -> ImageGrid:
        """Make what a scout, a sample or a stop left out, at its price; return all in another grid.

        Args:
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Examples:
            >>> axes = {"animal": ["cat", "owl"], "style": ["ink", "oil"]}
            >>> scout = sweep("A {animal}, {style}", axes, scout=True)
            >>> whole = scout.complete()
            >>> len(scout), len(whole)
            (2, 4)
        """
        return growth.completed(self, _limits(max_credits, yes))

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

    def vote(self, voter: str = "") -> None:
        """Show pairs of images without labels, to say which is better by the arrow keys.

        Votes are kept in the ledger, those of several people add up; `ranks` shows the outcome.

        Args:
            voter: tells one person's votes from another's; a person's last word counts.

        Raises:
            InputError: there are not two images, no ledger, or no front end with widgets.

        Examples:
            >>> grid.vote("Ann")  # in a notebook; nobody presses keys in a script
            Traceback (most recent call last):
            nanobanana_nb.errors.InputError: A vote wants a front end that shows widgets
        """
        from nanobanana_nb import vote

        arguments.check(voter=voter)
        vote(self, voter)

    def ranks(self, by: str | None = None) -> Ranks:
        """Return who is liked more, with intervals, or that the votes are too few to tell.

        Args:
            by: an axis whose values are ranked instead of the images.

        Raises:
            InputError: there is no such axis or no ledger, or there are not two to rank.

        Examples:
            >>> grid.ranks(by="style").best is None  # too few votes to tell
            True
        """
        from nanobanana_nb.show.judge.ranks import ranks

        arguments.check(by=by)
        hashes = [g.sha256 for g in self if g.sha256]
        return ranks(self, opinions_of(self).votes.get(hashes), by)

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

    def _snapshot(self) -> ImageGrid:
        """Return the grid of this moment, for what reads its images more than once."""
        images = self.generations
        if all(image.ok for image in images):
            return self
        return self.of(images, self.plan, self.view, self.number)

    def _only(self, attribute: str) -> Generation:
        count = len(self)
        if count != 1:
            raise NotOneError(
                f"This grid has {count} images, not one",
                action=f"Say which: `grid[0]{attribute}`." if count else "",
            )
        return self.generations[0]

    def _selection(self, index: str | Mapping[str, Any]) -> ImageGrid:
        from nanobanana_nb.show.arrange.selection import selected, with_value

        values = with_value(self, index) if isinstance(index, str) else arguments.axes(index)
        return self._part(selected(self, values))

    def _part(self, positions: Sequence[int]) -> ImageGrid:
        """Return the images at these positions, with their cells of the plan."""
        plan = self.plan
        if plan is not None and len(plan.cells) == len(self):
            plan = replace(plan, cells=tuple(plan.cells[i] for i in positions))
        return with_places(self, [self.places[i] for i in positions], plan, self.view)


def _limits(max_credits: float | None, yes: bool) -> RunLimits:
    return RunLimits(max_credits=max_credits, yes=yes, to_confirm=BY_ARGUMENT)


def _comparable(generation: Generation) -> tuple[Generation, dict[str, Any] | None]:
    """Errors have no equality of their own, so a copy's error would never be equal."""
    error = generation.error
    return replace(generation, error=None), error.to_record() if error else None
