"""After a run: more images of the same, at the price that stands on the button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.notebook.magic.cell_spec import CellSpec, options_of, plan_of
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.form import MOST_REPEATS
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.show.html import text

MEANING = "Make more of the same: the images that are here stay, the new ones are paid"
_LEAST = 4  # images, where a run of one or two would add fewer
Begin = Callable[[CellSpec, Plan, RunLimits], object]


class MoreButton:
    """`4 more (16 credits)`: shown once its bill is known, until the form is changed.

    Args:
        begin: starts the run of a cell, its plan, within limits.
    """

    def __init__(self, loop: KernelLoop, shell: Any, messages: Messages, begin: Begin) -> None:
        self._loop, self._shell, self._begin = loop, shell, begin
        self._offer: tuple[CellSpec, Plan, float] | None = None
        self._request = 0
        self.button = controls.button("More", MEANING, messages.guarded(self._press))
        self.button.add_class("nb-more")
        self.hide()

    def hide(self) -> None:
        """Take the offer back."""
        self._request += 1
        self._offer = None
        self.button.layout.display = "none"

    def offer(self, spec: CellSpec) -> None:
        """Ask what more of a cell costs, and show it; nothing where that cannot be said."""
        self.hide()
        number = self._request
        try:
            session = launch.session_for(ask=False)
            count = len(plan_of(spec, session, self._shell).cells)
            each = count // spec["repeats"]
            repeats = spec["repeats"] + max(1, _LEAST // max(1, each))
            options = options_of({**spec.options, "repeats": repeats, "fresh": False})
            larger = replace(spec, options=options)
            plan = plan_of(larger, session, self._shell)
        except NanobananaError:
            return
        if repeats > MOST_REPEATS:
            return

        def show(bill: Bill | None, error: BaseException | None) -> None:
            if bill is None or number != self._request or bill.credits is None:
                return
            if (bill.balance_after or 0) < 0:
                return
            added = max(len(plan.cells) - count, bill.new)
            self._offer = larger, plan, bill.credits
            self.button.description = f"{added:,} more ({text.price(bill)})"
            self.button.layout.display = None

        self._loop.when(session.bridge.submit(session.bill(plan)), show)

    def _press(self) -> None:
        """Begin the run that the button names, which may cost what it says and no more."""
        if self._offer is not None:
            spec, plan, credits = self._offer
            self.hide()
            self._begin(spec, plan, RunLimits(max_credits=credits))
