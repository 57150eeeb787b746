"""A plan: the requests of one experiment, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nanobanana_nb.model import arguments
from nanobanana_nb.model.calls import methods_called
from nanobanana_nb.model.plan import describe, design, extend, json
from nanobanana_nb.model.plan.record import PlanRecord
from nanobanana_nb.text.terminal import printed

if TYPE_CHECKING:
    from nanobanana_nb import Report


@methods_called
@printed
@dataclass(frozen=True, repr=False)
class Plan(PlanRecord):
    """Everything that one cell or call asks for, in the order of the grid.

    Its fields are those of `PlanRecord`; nothing here changes a plan: what does so returns another.

    Examples:
        >>> from nanobanana_nb import plan
        >>> cats = plan("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)
        >>> cats
        <Plan: 2 styles × 2 repeats = 4 images>
    """

    __module__ = "nanobanana_nb"  # where people find it

    def in_words(self) -> str:
        """Return the count as a product, for example `3 styles × 2 repeats = 6 images`.

        Examples:
            >>> cats.in_words()
            '2 styles × 2 repeats = 4 images'
        """
        return describe.in_words(self)

    def bill(self) -> Report:
        """Return what it costs now, less what the ledger has; it shows itself. Sends nothing.

        Examples:
            >>> cats.bill()
            2 styles × 2 repeats = 4 images
            16 credits ...
        """
        from nanobanana_nb import bill

        return bill(self)

    def __repr__(self) -> str:
        return f"<Plan: {self.in_words()}>"

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: an address to call back may hold a secret."""
        return {**vars(self), "callback_url": None}

    def order(self) -> tuple[int, ...]:
        """Return the numbers of the cells in the order in which to run them.

        A few that show each value once come first, so that the grid can be judged early.

        Examples:
            >>> cats.order()
            (0, 2, 1, 3)
        """
        if len(self.cells) == 1:
            return (0,)
        return design.early_first([(cell.point, cell.request.repeat) for cell in self.cells])

    def only(self, numbers: Iterable[int]) -> Plan:
        """Return the plan of the cells of these `numbers` alone, in the order of the grid.

        Raises:
            MissingImageError: there is no such cell, in the words of `grid[99]`.

        Examples:
            >>> [cell.values for cell in cats.only([0, -1]).cells]
            [(('style', 'ink'),), (('style', 'oil'),)]
        """
        return extend.only(self, numbers)

    def complete(self) -> Plan:
        """Return the plan with the cells that a scout or a part left out.

        A sample is completed first; a sample that has all its cells becomes the whole grid.

        Raises:
            InputError: the whole is too large, or the plan does not know how it was made.

        Examples:
            >>> cats.only([0]).complete() == cats
            True
        """
        return extend.complete(self)

    @property
    def rest(self) -> Plan:
        """The cells that `complete` has and this plan has not.

        Examples:
            >>> len(cats.only([0]).rest.cells)
            3
        """
        return extend.rest(self)

    def extend(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> Plan:
        """Return the plan with further values at the end of an axis; cells that it has stay.

        Args:
            values: for each axis a value or a list of them, as `named`; for axes whose names are
                no Python names. Axes side by side need as many values each. A scout adds cells
                that show each new value once.

        Raises:
            InputError: there is no such axis, it has the value, or the plan is a sample.

        Examples:
            >>> cats.extend(style="pastel").in_words()
            '3 styles × 2 repeats = 6 images'
        """
        return extend.extended(self, {**arguments.axes(values, "values"), **named})

    def repeat(self, times: int) -> Plan:
        """Return the plan in which each combination that it has is made `times` times in all.

        Raises:
            InputError: it is made so often already.

        Examples:
            >>> cats.repeat(3).in_words()
            '2 styles × 3 repeats = 6 images'
        """
        return extend.repeated(self, times)

    def to_json(self) -> str:
        """Return the plan as data: without bytes, signatures and words of a private prompt.

        Examples:
            >>> cats.to_json()[:1]
            '{'
        """
        return json.write(self)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan of which `to_json` wrote the `text`.

        Its fingerprints are the same, those of private prompts not.

        Raises:
            InputError: it is no plan, or a newer version wrote it.

        Examples:
            >>> type(cats).from_json(cats.to_json()) == cats
            True
        """
        return json.read(text, cls)
