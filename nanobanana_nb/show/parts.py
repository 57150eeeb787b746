"""Other grids of the same images: a part of them, or the same in other rows and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from nanobanana_nb.model import arguments
from nanobanana_nb.show.arrange.data import GridData, with_places
from nanobanana_nb.show.arrange.view import Side


class Parts(GridData):
    """The part of `ImageGrid` that selects and turns; the images stay in their places."""

    def pivot(self, rows: Side = None, cols: Side = None, pages: Side = None) -> Self:
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

    def select(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> Self:
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

    def _selection(self, index: str | Mapping[str, Any]) -> Self:
        from nanobanana_nb.show.arrange.selection import selected, with_value

        values = with_value(self, index) if isinstance(index, str) else arguments.axes(index)
        return self._part(selected(self, values))

    def _part(self, positions: Sequence[int]) -> Self:
        """Return the images at these positions, with their cells of the plan."""
        plan = self.plan
        if plan is not None and len(plan.cells) == len(self):
            plan = replace(plan, cells=tuple(plan.cells[i] for i in positions))
        return with_places(self, [self.places[i] for i in positions], plan, self.view)
