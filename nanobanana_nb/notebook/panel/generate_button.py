"""From the click on Generate to its end: the plan, a yes where it costs much, the run, Stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import BudgetError, NanobananaError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.notebook.magic.cell_spec import CellSpec, plan_of
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.live_bill import LiveBill
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.panel_run import PanelRun
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.html import text

TO_CONFIRM = "The button now says what it costs: click it again to pay that."
BILL_FIRST = "Nothing was sent: the bill of what is written now comes first. Then press again."


class GenerateButton:
    """The buttons Generate and Stop of one panel and what they do.

    Nothing is sent whose bill does not stand there. The run itself compares its bill with
    `confirm_above`; a bill that it refuses is put on the button, and the second click allows
    that much and no more.

    Args:
        read: returns the cell as it is now.
        bill: shows what it costs.
        on_begin: called when a run begins.
        on_end: called when a run is over, however, with the cell that it was of.
    """

    def __init__(
        self,
        read: Callable[[], CellSpec],
        bill: LiveBill,
        shell: Any,
        messages: Messages,
        on_begin: Callable[[], object],
        on_end: Callable[[CellSpec], object],
    ) -> None:
        self._read, self._bill, self._shell = read, bill, shell
        self._messages, self._on_begin, self._on_end = messages, on_begin, on_end
        self._to_confirm: Bill | None = None
        self._spec = CellSpec()
        act = messages.guarded
        meaning = "Make the images (Ctrl or Cmd and Enter)"
        self.go = controls.button("Generate", meaning, act(self._generate), "primary")
        self.go.add_class("nb-generate")
        stop = "Wait no longer; paid tasks go on at the service"
        self.stop = controls.button("Stop", stop, act(self._stop))
        self._idle(True)
        self.run: PanelRun

    def changed(self) -> None:
        """Hear that the form was changed: a yes to the old bill is void, and so is an error."""
        self._ask(None)
        self._messages.forgive()

    def end(self, job: Job, error: NanobananaError | None) -> None:
        """Hear that a run is over."""
        self._idle(True)
        wants_yes = isinstance(error, BudgetError) and error.action == TO_CONFIRM
        self._ask(job.bill if wants_yes else None)
        if error is not None:
            self._messages.fail(error)
        self._on_end(self._spec)

    def begin(self, spec: CellSpec, plan: Plan, limits: RunLimits) -> None:
        """Start the plan of a cell within these limits.

        Raises:
            NanobananaError: it cannot be run.
        """
        job = launch.start(launch.session_for(ask=False), plan, limits)
        self._spec = spec
        self._idle(False)
        self._on_begin()
        self.run.start(job)

    def _generate(self) -> None:
        if self.run.busy:
            return
        spec = self._read()
        plan = plan_of(spec, launch.session_for(ask=False), self._shell)
        if self._bill.shows(plan, fresh=spec["fresh"]):
            self.begin(spec, plan, self._limits(spec))
        else:
            self._bill.ask(spec)
            self._messages.say(BILL_FIRST)

    def _limits(self, spec: CellSpec) -> RunLimits:
        """Return what is allowed: nothing yet, or what the button has named."""
        bill = self._to_confirm
        if bill is None:
            return RunLimits(fresh=spec["fresh"], to_confirm=TO_CONFIRM)
        return RunLimits(fresh=spec["fresh"], max_credits=bill.credits, yes=bill.credits is None)

    def _stop(self) -> None:
        self.stop.disabled = True
        self.run.stop()

    def _idle(self, idle: bool) -> None:
        self.go.disabled, self.stop.disabled = not idle, idle
        self.stop.layout.display = "none" if idle else None

    def _ask(self, bill: Bill | None) -> None:
        """Let the button ask for a yes to this bill, or for none."""
        self._to_confirm = bill
        self.go.description = "Generate" if bill is None else f"Generate for {text.price(bill)}"
        self.go.button_style = "primary" if bill is None else "warning"
