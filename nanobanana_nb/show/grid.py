"""A sequence of images that shows itself."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.model.plan import Plan
from nanobanana_nb.model.result import Generation, State

if TYPE_CHECKING:
    from PIL import Image

Links = Callable[[Generation], str | None]


class ImageGrid(Sequence[Generation]):
    """The images of one prompt or plan, in the plan's order.

    A notebook shows it as a table of thumbnails; everywhere else it is a text. `grid[0]` is
    a `Generation`, `grid[:3]` a smaller grid. A grid of one image has `.image`, `.path`,
    `.bytes`, `.task_id`, `.state` and `.error` itself.
    """

    def __init__(
        self,
        generations: Iterable[Generation],
        plan: Plan | None = None,
        *,
        links: Links | None = None,
    ) -> None:
        """Hold `generations`; `links` gives the href of an original, for example a relative path.

        Where `plan` has as many cells as there are generations, the two go together in order.
        """
        self.generations = tuple(generations)
        self.plan = plan
        self.links = links

    @overload
    def __getitem__(self, index: int) -> Generation: ...
    @overload
    def __getitem__(self, index: slice) -> ImageGrid: ...
    def __getitem__(self, index: int | slice) -> Generation | ImageGrid:
        if not isinstance(index, slice):
            return self.generations[index]
        plan = self.plan
        if plan is not None and len(plan.cells) == len(self):
            plan = replace(plan, cells=plan.cells[index])
        return ImageGrid(self.generations[index], plan, links=self.links)

    def __len__(self) -> int:
        return len(self.generations)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ImageGrid):
            return NotImplemented
        return [_comparable(g) for g in self] == [_comparable(g) for g in other]

    __hash__ = None  # type: ignore[assignment]  # a request may hold lists

    def __reduce__(self) -> tuple[Any, ...]:
        return ImageGrid, (self.generations, self.plan)

    @property
    def credits(self) -> float:
        """What these images cost; one whose price is not known counts 0."""
        return sum(g.credits or 0 for g in self)

    @property
    def errors(self) -> tuple[NanobananaError, ...]:
        """The errors of the images that have one, in order."""
        return tuple(g.error for g in self if g.error is not None)

    def counts(self) -> dict[str, int]:
        """Return how many are in each state (`counts()["failed"]`), and `cached`."""
        found = Counter(g.state for g in self)
        return {**{state: found[state] for state in State}, "cached": sum(g.cached for g in self)}

    @property
    def one(self) -> Generation:
        """The only generation.

        Raises:
            InputError: there are none or several.
        """
        return self._only("")

    @property
    def image(self) -> Image.Image:
        """The only image as a Pillow image."""
        return self._only(".image").image

    @property
    def path(self) -> Path | None:
        """Where the only original lies, or None."""
        return self._only(".path").path

    @property
    def bytes(self) -> bytes:
        """The only original, byte for byte."""
        return self._only(".bytes").bytes

    @property
    def task_id(self) -> str | None:
        """The service's name for the only task."""
        return self._only(".task_id").task_id

    @property
    def state(self) -> State:
        """Where the only task stands."""
        return self._only(".state").state

    @property
    def error(self) -> NanobananaError | None:
        """What went wrong with the only task, or None."""
        return self._only(".error").error

    def href(self, generation: Generation) -> str | None:
        """Return the link to the original, if there is one."""
        return self.links(generation) if self.links and generation.ok else None

    def __repr__(self) -> str:
        from nanobanana_nb.show.text import grid_text

        return grid_text(self)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return HTML, its twin as one picture, and its twin as text."""
        from nanobanana_nb.show.html import grid_html

        makers: dict[str, Callable[[], str]] = {
            "text/plain": lambda: repr(self),
            "text/html": lambda: grid_html(self),
        }
        if any(g.ok for g in self):
            makers["image/jpeg"] = self._sheet
        wanted = set(include or makers) - set(exclude or ())
        return {kind: make() for kind, make in makers.items() if kind in wanted}

    def _sheet(self) -> str:
        from nanobanana_nb.show.sheet import contact_sheet

        return base64.b64encode(contact_sheet(self)).decode("ascii")

    def _only(self, attribute: str) -> Generation:
        if len(self) != 1:
            raise InputError(
                f"This grid has {len(self)} images, not one",
                action=f"Say which: `grid[0]{attribute}`." if self.generations else "",
            )
        return self.generations[0]


def _comparable(generation: Generation) -> tuple[Generation, dict[str, Any] | None]:
    """Errors have no equality of their own, so a copy's error would never be equal."""
    error = generation.error
    return replace(generation, error=None), error.to_record() if error else None
