"""What a plan costs, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from nanobanana_nb.text.terminal import printed


@printed
@dataclass(frozen=True)
class Bill:
    """What a plan costs before it is sent.

    `credits` is None when the service would not say; `exact` is False where it estimates.
    `likely` is then what it comes to by the last known prices, if they are known.
    """

    images: int
    cached: int
    credits: float | None
    balance: float | None
    exact: bool = True
    why_unknown: str = ""
    likely: float | None = None

    @property
    def new(self) -> int:
        """How many images will be asked for and paid."""
        return self.images - self.cached

    @property
    def balance_after(self) -> float | None:
        """The balance when the plan is done, or None where price or balance is not known."""
        if self.credits is None or self.balance is None:
            return None
        return self.balance - self.credits
