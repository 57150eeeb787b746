"""What a plan costs, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from nanobanana_nb.text.terminal import printed


@printed
@dataclass(frozen=True)
class Bill:
    """What a plan costs before it is sent.

    `credits` is None when the service would not say; `exact` is False where it estimates.
    `likely` is then what it comes to by the last known prices, if they are known. `provider` is
    whose credits they are.

    Examples:
        >>> from nanobanana_nb import submit
        >>> job = submit("A heron", repeats=2)
        >>> _ = job.result()
        >>> bill = job.bill
        >>> bill.images, bill.cached, bill.credits
        (2, 0, 8.0)
    """

    images: int
    cached: int
    credits: float | None
    balance: float | None
    exact: bool = True
    why_unknown: str = ""
    likely: float | None = None
    provider: str = field(default="", compare=False)

    @property
    def new(self) -> int:
        """How many images will be asked for and paid.

        Examples:
            >>> bill.new
            2
        """
        return self.images - self.cached

    @property
    def balance_after(self) -> float | None:
        """The balance when the plan is done, or None where price or balance is not known.

        Examples:
            >>> bill.balance - bill.balance_after
            8.0
        """
        if self.credits is None or self.balance is None:
            return None
        return self.balance - self.credits
