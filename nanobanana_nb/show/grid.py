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
from nanobanana_nb.model.indices import position, positions
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.view import Side, View
from nanobanana_nb.show.growth_methods import Growing
from nanobanana_nb.show.judge.opinions import Judged, Opinions, meant
from nanobanana_nb.show.membership import Membership
from nanobanana_nb.show.single_image import OfOne
from nanobanana_nb.text.terminal import printed

if TYPE_CHECKING:
    from pandas import DataFrame

    from nanobanana_nb.show.growth import Runner
    from nanobanana_nb.show.judge.chance import Chance
    from nanobanana_nb.show.lineage.diff import Difference

Links = Callable[[Generation], str | None]


@methods_called
@printed
class ImageGrid(OfOne, Judged, Growing, Membership, Sequence[Generation]):
    """The images of one prompt or plan, in the plan's order.

    A notebook shows it as a table of thumbnails; everywhere else it is a text. `grid[0]` is
    a `Generation`; `grid[:3]`, `grid["woodcut"]` and `grid[{"style": "woodcut"}]` are smaller
    grids. A grid of one image has `.image`, `.path`, `.bytes`, `.task_id`, `.state` and
    `.error` itself. Nothing here changes a grid: what does so returns another.
    """

    def __init__(
        self,
        generations: Iterable[Generation],
        plan: Plan | None = None,
        *,
        links: Links | None = None,
        view: View | None = None,
        runner: Runner | None = None,
        number: int | None = None,
        opinions: Opinions | None = None,
    ) -> None:
        """Hold `generations`, which go with the cells of `plan` in order if they are as many.

        Args:
            links: gives the href of an original, for example a relative path.
            view: which axis goes to which side; None leaves it to the lengths of the axes.
            runner: runs a plan, for what asks for more images. A copy has none.
            number: of its plan in the ledger, for `%nanobanana grid`.
            opinions: where ratings and votes are kept. A copy has none.
        """
        self.generations = arguments.several("A grid", generations, Generation)
        self.plan = plan
        self.links = links
        self.view = view
        self.runner = runner
        self.number = number
        self.opinions = opinions

    @overload
    def __getitem__(self, index: int) -> Generation: ...
    @overload
    def __getitem__(self, index: slice | str | Mapping[str, Any]) -> ImageGrid: ...
    def __getitem__(self, index: int | slice | str | Mapping[str, Any]) -> Generation | ImageGrid:
        if isinstance(index, str | Mapping):
            return self._selected(index)
        if isinstance(index, slice):
            return self._part(positions(index, len(self)))
        if not hasattr(index, "__index__"):
            raise arguments.refusal(
                "The index of a grid", "a number, a slice, a value or a dict", index
            )
        return self.generations[position(index, len(self))]

    def __len__(self) -> int:
        return len(self.generations)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ImageGrid):
            return False  # what holds arrays would compare them image by image
        alike = self.view == other.view
        return alike and [_comparable(g) for g in self] == [_comparable(g) for g in other]

    __hash__ = None  # type: ignore[assignment]  # a request may hold lists
    __array_ufunc__ = None  # as above

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.generations, self.plan, self.view)

    @property
    def credits(self) -> float:
        """What these images cost; one whose price is not known counts 0."""
        return sum(g.credits or 0 for g in self)

    @property
    def errors(self) -> tuple[NanobananaError, ...]:
        """The errors of the images that have one, in order."""
        return tuple(g.error for g in self if g.error is not None)

    def count(self, value: Any) -> int:
        """Return how often an image is in the grid, or how many are in a state, as `counts`."""
        if isinstance(value, Generation):
            return sum(one == value for one in self)
        return self.counts().get(value, 0) if isinstance(value, str) else 0

    def counts(self) -> dict[str, int]:
        """Return how many are in each state (`counts()["failed"]`), and `cached`."""
        found = Counter(g.state for g in self)
        return {**{state: found[state] for state in State}, "cached": sum(g.cached for g in self)}

    def pivot(self, rows: Side = None, cols: Side = None, pages: Side = None) -> ImageGrid:
        """Return the same images with their axes on other sides; nothing is run again.

        Args:
            rows: an axis, or several of which the first is the outermost, as `cols` and
                `pages`. `repeat` is an axis too. An axis not named gets a side that is free;
                with no name at all the grid is arranged as it was at first.

        Raises:
            InputError: there is no such axis, or it is on two sides.
        """
        from nanobanana_nb.show.arrange.positions import places
        from nanobanana_nb.show.arrange.view import chosen_view

        sides = (rows, cols, pages)
        named = any(side is not None for side in sides)
        found = places(self.generations, self.plan)
        view = chosen_view(found, *sides) if named else None
        return self.of(self, self.plan, view, self.number)

    def select(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> ImageGrid:
        """Return the images with these axis values: `grid.select(style=["ink", "oil"], repeat=1)`.

        Args:
            values: the same for axes whose names are no Python names.

        Raises:
            InputError: there is no such axis or value.
        """
        return self._selected({**arguments.axes(values, "values"), **named})

    def to_records(self) -> list[dict[str, Any]]:
        """Return one record an image: axis values, parameters, prompt, state, cost, path.

        What is called like a fixed name is under `state (axis)` or `state (parameter)`.
        """
        from nanobanana_nb.show.arrange.records import records

        return records(self)

    def to_frame(self) -> DataFrame:
        """Return the records as a table of pandas.

        Raises:
            InputError: pandas is not installed.
        """
        from nanobanana_nb.show.arrange.records import frame

        return frame(self)

    def diff(self, a: int | Generation, b: int | Generation) -> Difference:
        """Return what differs in what two images were asked for, the prompts word by word."""
        from nanobanana_nb.show.lineage.diff import difference

        return difference(meant(self, a), meant(self, b))

    def chance(self) -> Chance:
        """Measure how far repeats lie apart, and which axes change more than chance does.

        Raises:
            InputError: the images cannot be compared with each other.
        """
        from nanobanana_nb.show.judge.chance import chance

        return chance(self)

    def export(self, path: str | Path, *, private: bool = False, originals: bool = False) -> Path:
        """Write the grid to a file; its ending says as what: png, jpg, html, csv, json or zip.

        Args:
            private: tell the prompts of private requests too.
            originals: put the originals themselves into a page, and not links to them.

        Raises:
            InputError: the ending is not known, or the file cannot be written.
        """
        from nanobanana_nb.show.export import export

        return export(self, path, private=private, originals=originals)

    def of(
        self,
        generations: Iterable[Generation],
        plan: Plan | None,
        view: View | None = None,
        number: int | None = None,
    ) -> ImageGrid:
        """Return a grid of other images with the links, runner and ledger of this one."""
        more: dict[str, Any] = {"links": self.links, "runner": self.runner}
        more["opinions"] = self.opinions
        return ImageGrid(generations, plan, view=view, number=number, **more)

    def href(self, generation: Generation) -> str | None:
        """Return the link to the original, if there is one."""
        one = meant(self, generation)
        return self.links(one) if self.links and one.ok else None

    def __repr__(self) -> str:
        from nanobanana_nb.show.html.text import grid_text

        return grid_text(self)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return HTML, its twin as one picture, and its twin as text."""
        from nanobanana_nb.show.mimebundle import bundle

        return bundle(self, include, exclude)

    def _selected(self, wanted: str | Mapping[str, Any]) -> ImageGrid:
        from nanobanana_nb.show.arrange.selection import selected, with_value

        values = with_value(self, wanted) if isinstance(wanted, str) else arguments.axes(wanted)
        return self._part(selected(self, values))

    def _part(self, positions: Sequence[int]) -> ImageGrid:
        """Return the images at these positions, with their cells of the plan."""
        plan = self.plan
        if plan is not None and len(plan.cells) == len(self):
            plan = replace(plan, cells=tuple(plan.cells[i] for i in positions))
        return self.of([self.generations[i] for i in positions], plan, self.view)


def _restored(
    generations: tuple[Generation, ...], plan: Plan | None, view: View | None
) -> ImageGrid:
    return ImageGrid(generations, plan, view=view)


def _comparable(generation: Generation) -> tuple[Generation, dict[str, Any] | None]:
    """Errors have no equality of their own, so a copy's error would never be equal."""
    error = generation.error
    return replace(generation, error=None), error.to_record() if error else None
