"""From the click on Generate to its end: the plan, a yes where it costs much, the run, Stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import BudgetError, NanobananaError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.notebook.magic.cell_spec import CellSpec, plan_of
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.panel_run import PanelRun
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.html import text

TO_CONFIRM = "The button now says what it costs: click it again to pay that."


class GenerateButton:
    """The buttons Generate and Stop of one panel and what they do.

    The run itself compares its bill with `confirm_above`; a bill that it refuses is put on the
    button, and the second click allows that much and no more.

    Args:
        read: returns the cell as it is now.
        on_end: called when a run is over, however.
    """

    def __init__(
        self,
        read: Callable[[], CellSpec],
        shell: Any,
        messages: Messages,
        on_end: Callable[[], object],
    ) -> None:
        self._read, self._shell = read, shell
        self._messages, self._on_end = messages, on_end
        self._to_confirm: Bill | None = None
        act = messages.guarded
        stop = "Wait no longer; paid tasks go on at the service"
        self.go = controls.button("Generate", "Make the images", act(self._generate), "primary")
        self.stop = controls.button("Stop", stop, act(self._stop))
        self.stop.disabled = True
        self.run: PanelRun

    def changed(self) -> None:
        """Hear that the form was changed: a yes to the old bill is void, its progress past."""
        self._ask(None)
        self.run.clear()

    def end(self, job: Job, error: NanobananaError | None) -> None:
        """Hear that a run is over."""
        self.go.disabled, self.stop.disabled = False, True
        wants_yes = isinstance(error, BudgetError) and error.action == TO_CONFIRM
        self._ask(job.bill if wants_yes else None)
        if error is not None:
            self._messages.fail(error)
        self._on_end()

    def _generate(self) -> None:
        if self.run.busy:
            return
        spec = self._read()
        session = launch.session_for(ask=False)
        plan = plan_of(spec, session, self._shell)
        job = launch.start(session, plan, self._limits(spec))
        self.go.disabled, self.stop.disabled = True, False
        self.run.start(job)

    def _limits(self, spec: CellSpec) -> RunLimits:
        """Return what is allowed: nothing yet, or what the button has named."""
        bill = self._to_confirm
        if bill is None:
            return RunLimits(fresh=spec["fresh"], to_confirm=TO_CONFIRM)
        return RunLimits(fresh=spec["fresh"], max_credits=bill.credits, yes=bill.credits is None)

    def _stop(self) -> None:
        self.stop.disabled = True
        self.run.stop()

    def _ask(self, bill: Bill | None) -> None:
        """Let the button ask for a yes to this bill, or for none."""
        self._to_confirm = bill
        self.go.description = "Generate" if bill is None else f"Generate for {text.price(bill)}"
        self.go.button_style = "primary" if bill is None else "warning"
