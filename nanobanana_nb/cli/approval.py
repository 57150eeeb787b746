"""The yes to a bill: given in the line, or asked for where somebody sits at a terminal."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from nanobanana_nb.errors import BudgetError, Charged

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.bill import Bill
    from nanobanana_nb.model.plan.limits import RunLimits

_YES = ("y", "yes")
_WHY_ASKED = "there is no terminal to ask at, and every payment wants a yes"
_SAYS_YES = "`--yes` pays it, `--max-credits N` allows up to N credits."


def approved(bill: Bill, limits: RunLimits, *, simulated: bool) -> RunLimits:
    """Return the limits with a yes in them where something is to be paid.

    What the ledger has, and what the simulator makes, needs none. Who is asked allows the price
    that was named, and no more.

    Raises:
        BudgetError: nobody said yes: nothing is sent.
    """
    if limits.yes or limits.max_credits is not None or not bill.new:
        return limits
    if simulated:
        return replace(limits, yes=True)
    if not can_ask():
        raise _refusal(bill, _WHY_ASKED, _SAYS_YES)
    if not _asked(f"Pay {_price(bill)}? [y/N] "):
        raise _refusal(bill, "nobody said yes", "")
    named = bill.credits is None
    return replace(limits, yes=named, max_credits=bill.credits)


def can_ask() -> bool:
    """Whether somebody reads the standard error and answers at the standard input."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _asked(question: str) -> bool:
    """Ask, beside the answer of the command: only its answer stands on the standard output."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in _YES


def _price(bill: Bill) -> str:
    from nanobanana_nb.show.html.text import price

    return "what it costs" if bill.credits is None else price(bill)


def _refusal(bill: Bill, why: str, action: str) -> BudgetError:
    from nanobanana_nb.show.html.text import price

    return BudgetError(
        f"Nothing was sent: {price(bill)}", why=why, action=action, charged=Charged.NO
    )
