"""On what terms a plan is run: what may be paid, and for whom it is counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the person allows for one run. All amounts are in credits; None is no limit.

    `fresh` pays for new images even if the ledger has some; `max_credits` is the most that the
    run may cost; `confirm_above` refuses a larger bill until the person says yes; `notebook`
    names the notebook whose ceiling counts. `to_confirm` tells the person how to say yes.
    `strict` takes one failed image for a failure of the whole. `keep` writes the plan down, so
    that its grid can be asked for later.
    """

    fresh: bool = False
    max_credits: float | None = None
    confirm_above: float | None = None
    notebook: str | None = None
    to_confirm: str = "`--yes` runs it."
    strict: bool = False
    keep: bool = True
