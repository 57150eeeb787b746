"""The bill of a panel: what its cell would cost now, kept up to date while a person types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.notebook.magic.cell_spec import CellSpec, plan_of
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.html import bill_html
from nanobanana_nb.show.html.markup import tag

PROMPT_FIRST = "Write a prompt: what it costs stands here before anything is sent."
_FRAME = "border-left:4px solid {};padding:4px 0 4px 12px;margin:4px 0"


class LiveBill:
    """Shows the bill of the newest cell; an answer that comes too late is not shown."""

    def __init__(self, loop: KernelLoop, shell: Any) -> None:
        self.box = controls.html(_frame(markup.FAINT, PROMPT_FIRST))
        self._loop, self._shell = loop, shell
        self._request = 0
        self._billed: object = None  # the images whose bill stands there

    def shows(self, plan: Plan, *, fresh: bool) -> bool:
        """Whether the bill of just these images stands there, and not that of others."""
        return self._billed == (plan.cells, fresh)

    def ask(self, spec: CellSpec, *, anew: bool = False) -> None:
        """Plan the cell and ask what it costs.

        Args:
            anew: ask the service also for what it told a moment ago.
        """
        self._request += 1
        try:
            if not (spec.body.strip() or spec["data"]):
                self._billed = None
                self._show(_frame(markup.FAINT, PROMPT_FIRST))
                return
            session = launch.session_for(ask=False)
            plan = plan_of(spec, session, self._shell)
        except NanobananaError as error:
            self.refuse(error)
            return
        work = session.bill(plan, fresh=spec["fresh"], remembered=not anew)
        self._loop.when(session.bridge.submit(work), self._answer(plan, spec["fresh"], session))

    def void(self) -> None:
        """Let no bill count: the next one has to be asked for."""
        self._request += 1
        self._billed = None

    def refuse(self, error: BaseException) -> None:
        """Show why there is no bill; one that is asked for is not shown any more."""
        self.void()
        words = markup.with_code(str(error))
        self._show(_frame(markup.RED, tag("b", "Not possible yet. "), words))

    def _answer(
        self, plan: Plan, fresh: bool, session: Session
    ) -> Callable[[Bill | None, BaseException | None], None]:
        number = self._request

        def show(bill: Bill | None, error: BaseException | None) -> None:
            if number != self._request:
                return
            if error is not None:
                self.refuse(error)
            elif bill is not None:
                self._billed = plan.cells, fresh
                self._show(bill_html(plan, bill, session.provider.simulated, written=False))

        return show

    def _show(self, html: str) -> None:
        controls.show(self.box, html)


def _frame(colour: str, *content: Any) -> str:
    return tag("div", *content, style=_FRAME.format(colour))
