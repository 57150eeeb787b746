"""What a credit costs in money: a variable for each provider, as `NANOBANANA_CRUN_CREDIT_PRICE`.

Its value is an amount, a currency and for how many credits, as `5 USD/1000`.
"""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from functools import lru_cache

from nanobanana_nb.privacy.redaction import redacted
from nanobanana_nb.text.spelling import PREFIX

ENDING = "_CREDIT_PRICE"
_CURRENCY = r"[A-Za-z]{3}|[$€£¥₹]"
_PRICE = re.compile(
    rf"(?P<sign>{_CURRENCY})?\s*(?P<amount>[0-9]+(?:[.,][0-9]+)?)\s*(?P<code>{_CURRENCY})?"
    r"(?:\s*(?:/|per)\s*(?P<count>[0-9]+(?:[., _][0-9]{3})*)?\s*(?:credits?)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CreditPrice:
    """The price of one credit, and the currency that it is in."""

    amount: float
    currency: str

    def of(self, credits: float) -> str:
        """Return what credits cost: `0.06 USD`; of small amounts the first two digits."""
        money = credits * self.amount
        if money >= 1 or money == 0:
            return f"{money:,.2f} {self.currency}"
        text = f"{money:.{min(1 - math.floor(math.log10(money)), 8)}f}".rstrip("0")
        cents = f"{money:.2f}"
        return f"{text if len(text) > len(cents) else cents} {self.currency}"


def prices_set() -> list[tuple[str, str]]:
    """Return the variables that say what credits cost, with their values."""
    return [
        (name, text)
        for name, text in sorted(os.environ.items())
        if name.startswith(PREFIX) and name.endswith(ENDING) and text.strip()
    ]


def unread_prices() -> list[str]:
    """Return a sentence for each price that is set and cannot be read."""
    return [
        f"{name} cannot be {redacted(text)[:40]!r}: it is written like 5 USD/1000."
        for name, text in prices_set()
        if not parsed(text)
    ]


@lru_cache(maxsize=8)
def parsed(text: str) -> CreditPrice | None:
    """Return the price that a variable says, None where it says none in a way to be read."""
    match = _PRICE.fullmatch(text.strip().strip("\"'"))
    if match is None or bool(match["sign"]) == bool(match["code"]):
        return None
    count = float(re.sub(r"[., _]", "", match["count"] or "1"))
    amount = float(match["amount"].replace(",", "."))
    if count == 0 or amount == 0:
        return None
    return CreditPrice(amount / count, (match["sign"] or match["code"]).upper())
