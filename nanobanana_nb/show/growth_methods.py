"""What asks for more images of a grid: the failed ones again, new values, further repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from nanobanana_nb.model import arguments
from nanobanana_nb.model.plan.limits import BY_ARGUMENT, Terms

if TYPE_CHECKING:
    from nanobanana_nb.show.grid import ImageGrid


class Growing:
    """The ways to a larger grid, each of which pays for the new images alone."""

    def retry(self, *, max_credits: float | None = None, yes: bool = False) -> ImageGrid:
        """Ask for the failed images once again and return all; the same grid if none failed.

        It costs what those images cost. Raises what the run raises.

        Args:
            max_credits: the most that it may cost, and a yes to any bill up to that.
            yes: run it however large the bill is; without it a large one sends nothing.
        """
        from nanobanana_nb.show.growth import retried

        return retried(_grid(self), _terms(max_credits, yes))

    def extend(
        self,
        values: Mapping[str, Any] | None = None,
        /,
        *,
        max_credits: float | None = None,
        yes: bool = False,
        **named: Any,
    ) -> ImageGrid:
        """Return the grid with further values on its axes; the new images alone are paid.

        Args:
            values: the same for axes whose names are no Python names.
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Raises:
            InputError: there is no such axis, or it has the value.
        """
        from nanobanana_nb.show.growth import extended

        more = {**arguments.axes(values, "values"), **named}
        return extended(_grid(self), more, _terms(max_credits, yes))

    def repeat(
        self, times: int, *, max_credits: float | None = None, yes: bool = False
    ) -> ImageGrid:
        """Return the grid with each combination made `times` times in all; new images are paid.

        Args:
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Raises:
            InputError: they are made so often already.
        """
        from nanobanana_nb.show.growth import repeated

        return repeated(_grid(self), times, _terms(max_credits, yes))

    def complete(self, *, max_credits: float | None = None, yes: bool = False) -> ImageGrid:
        """Make what a scout, a sample or a stop left out, at its price, and return all.

        Args:
            max_credits: the most that it may cost; this and `yes` are as for `retry`.
        """
        from nanobanana_nb.show.growth import completed

        return completed(_grid(self), _terms(max_credits, yes))


def _grid(growing: Growing) -> ImageGrid:
    return cast("ImageGrid", growing)


def _terms(max_credits: float | None, yes: bool) -> Terms:
    return Terms(max_credits=max_credits, yes=yes, to_confirm=BY_ARGUMENT)
