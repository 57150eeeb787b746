"""The fields of a grid: what is read by all that shows it; `ImageGrid` stands on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.indices import position
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import Score
from nanobanana_nb.show.arrange.opinion_tables import Opinions
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.places import Place, Source, look

if TYPE_CHECKING:
    from nanobanana_nb import Job

OriginalLinks = Callable[[Generation], str | None]

_NOWHERE = "This grid has no ledger to write into"
_BY_NUMBER = "`%nanobanana grid` or `show` gives it one."


class Runner(Protocol):
    """Runs a plan and returns its images, one for each cell and in their order.

    `on_start` is called with the same images before they are waited for, and returns the grid that
    they are a part of: a person who stops the wait sees that one.
    """

    def __call__(
        self, plan: Plan, limits: RunLimits, on_start: Callable[[GridData], Any]
    ) -> GridData: ...

    def resume(self, tasks: Iterable[str]) -> Sequence[Job]:
        """Fetch what is paid of these tasks, as jobs to be followed."""
        ...

    def keep(self, plan: Plan) -> int | None:
        """Write the whole plan down and return its number, None where there is none."""
        ...


class GridData:
    """The images of one prompt or plan, each in its place, and what goes with them."""

    def __init__(
        self,
        generations: Iterable[Generation],
        plan: Plan | None = None,
        *,
        links: OriginalLinks | None = None,
        view: View | None = None,
        runner: Runner | None = None,
        number: int | None = None,
        opinions: Opinions | None = None,
        source: Source | None = None,
    ) -> None:
        """Hold `generations`, which go with the cells of `plan` in order if they are as many.

        Args:
            links: gives the href of an original, for example a relative path.
            view: which axis goes to which side; None leaves it to the lengths of the axes.
            runner: runs a plan, for what asks for more images. A copy has none.
            number: of its plan in the ledger, for `%nanobanana grid`.
            opinions: where ratings and votes are kept. A copy has none.
            source: tells how the images stand later, one by one; without it they stay as they are.
        """
        images = enumerate(arguments.several("A grid", generations, Generation))
        self.places = [Place(image, None if source is None else (source, n)) for n, image in images]
        self.plan = plan
        self.links = links
        self.view = view
        self.runner = runner
        self.number = number
        self.opinions = opinions

    @property
    def generations(self) -> tuple[Generation, ...]:
        """Every image as it stands now, in order; what waits is looked up, and nothing else.

        Examples:
            >>> [image.state.value for image in grid.generations]
            ['success', 'success', 'success', 'success']
        """
        if waiting := [place for place in self.places if not place.now().ok]:
            look(waiting)
        return tuple([place.now() for place in self.places])

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Generation]:
        return iter(self.generations)

    @property
    def credits(self) -> float:
        """What was taken for these images; one on its way, or of unknown price, counts 0.

        Examples:
            >>> grid.credits
            16.0
        """
        return sum(g.credits or 0 for g in self if not g.state.is_open)

    def ratings(self) -> list[Rating]:
        """Return the rating of each image; one that nobody rated has no stars.

        Examples:
            >>> _ = grid.rate(0, stars=4)
            >>> [rating.stars for rating in grid.ratings()]
            [4, 0, 0, 0]
        """
        hashes = [g.sha256 for g in self.generations if g.sha256]
        known = self.opinions.ratings.get(hashes) if self.opinions and hashes else {}
        return [known.get(g.sha256 or "", Rating()) for g in self.generations]

    def scores(self) -> dict[str, list[float | None]]:
        """Return by name the scores of each image; None for one that has none.

        Examples:
            >>> _ = grid.score([3, 5, 2, 4], name="rater 1")
            >>> grid.scores()
            {'rater 1': [3.0, 5.0, 2.0, 4.0]}
        """
        table = {
            name: [None if score is None else score.value for score in scores]
            for name, scores in scores_by_name(self).items()
        }
        return {name: row for name, row in table.items() if any(n is not None for n in row)}

    def href(self, generation: Generation) -> str | None:
        """Return the link to the original of `generation`, if there is one.

        Examples:
            >>> grid.href(grid[0]) is None  # a script shows no links
            True
        """
        image = image_of(self, generation)
        return self.links(image) if self.links and image.ok else None

    def of(
        self,
        generations: Iterable[Generation],
        plan: Plan | None,
        view: View | None = None,
        number: int | None = None,
    ) -> Self:
        """Return a grid of other images with the links, runner and ledger of this one.

        Args:
            generations: the images; those of the cells of `plan` if they are as many.
            view: which axis goes to which side; None leaves it to the lengths of the axes.
            number: of the plan in the ledger.

        Examples:
            >>> len(grid.of(grid[:2], None))
            2
        """
        more: dict[str, Any] = {"links": self.links, "runner": self.runner}
        more["opinions"] = self.opinions
        return type(self)(generations, plan, view=view, number=number, **more)

    def _snapshot(self) -> Self:
        """Return the grid of this moment, for what reads its images more than once."""
        images = self.generations
        if all(image.ok for image in images):
            return self
        return self.of(images, self.plan, self.view, self.number)


G = TypeVar("G", bound=GridData)


def with_places(
    grid: G,
    places: Iterable[Place],
    plan: Plan | None,
    view: View | None = None,
    number: int | None = None,
) -> G:
    """Return a grid that finds its images in `places`, and is else as `grid.of` makes it."""
    other = grid.of((), plan, view, number)
    other.places = list(places)
    return other


def scores_by_name(grid: GridData) -> dict[str, list[Score | None]]:
    """Return by name the score of each image, those that failed too; None where there is none."""
    images = grid.generations
    hashes = [image.sha256 for image in images if image.sha256]
    known = grid.opinions.scores.get(hashes) if grid.opinions and hashes else {}
    return {
        name: [scores.get(image.sha256 or "") for image in images]
        for name, scores in known.items()
        if any(score.value is not None or score.reason for score in scores.values())
    }


def image_of(grid: GridData, index: int | Generation) -> Generation:
    """Return an image that is meant by itself or by its index.

    Raises:
        InputError: there is no such image.
    """
    if isinstance(index, Generation):
        return index
    return grid.generations[position(index, len(grid))]


def opinions_of(grid: GridData) -> Opinions:
    """Return where opinions on a grid are kept.

    Raises:
        InputError: nowhere; a copy of a grid has no ledger.
    """
    if grid.opinions is None:
        raise InputError(_NOWHERE, action=_BY_NUMBER)
    return grid.opinions
