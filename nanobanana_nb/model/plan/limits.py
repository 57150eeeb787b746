"""Within which limits a plan is run: what may be paid, and for whom it is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nanobanana_nb.model import arguments
from nanobanana_nb.model.options import names_of

BY_OPTION = "`--yes` runs it."
BY_ARGUMENT = "`yes=True` runs it, `max_credits=N` allows up to N credits."
SAMPLE_BY_OPTION = "`--sample {0}` draws {0} of the combinations."
SAMPLE_BY_ARGUMENT = "`sample={0}` draws {0} of the combinations."


@dataclass(frozen=True, kw_only=True)
class RunLimits:
    """What the person allows for one run. All amounts are in credits; None is no limit.

    `fresh` pays for new images even if the ledger has some; `max_credits` is the most that the
    run may cost, and a yes to any bill up to that; `yes` is one to any bill at all. Without
    either, a bill above `confirm_above` (None: as the settings say) or above the balance is
    refused, and `to_confirm` tells the person how to say yes, `to_sample` how to ask for a part
    where a part can be asked for. `notebook` names the notebook
    whose ceiling counts. `strict` takes one failed image for a failure of the whole. `keep`
    writes the plan down, so that its grid can be asked for later.

    Raises:
        InputError: an amount is no number of credits, or a switch is neither on nor off.
    """

    fresh: bool = False
    max_credits: float | None = None
    yes: bool = False
    confirm_above: float | None = None
    notebook: str | None = None
    to_confirm: str = BY_OPTION
    to_sample: str = ""
    strict: bool = False
    keep: bool = True

    def __post_init__(self) -> None:
        """Refuse what a limit cannot be: one that says nothing would allow everything."""
        options = (name for name in names_of("run") if hasattr(self, name))
        arguments.check(**{name: getattr(self, name) for name in options})
        most = self.max_credits
        object.__setattr__(self, "max_credits", None if most is None else float(most))

    def under(self, confirm_above: float) -> RunLimits:
        """Return the limits with this setting in force, where they name none of their own."""
        if self.confirm_above is not None:
            return self
        return replace(self, confirm_above=confirm_above)

    @property
    def asks_above(self) -> float | None:
        """The bill above which a yes is wanted that was not given yet; None where there is none."""
        return None if self.yes or self.max_credits is not None else self.confirm_above

    @property
    def most(self) -> float | None:
        """The most that the run may come to while it goes on; None is no limit."""
        return self.asks_above if self.max_credits is None else self.max_credits
