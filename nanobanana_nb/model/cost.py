"""What credits are in money, where somebody has said what one of a provider's costs."""

from __future__ import annotations

import os
import re

from nanobanana_nb.settings.credit_price import ENDING, parsed
from nanobanana_nb.text.spelling import PREFIX


def money(credits: float, provider: str) -> str:
    """Return what credits cost, ` (0.06 USD)`; nothing where the price of one is not set."""
    text = os.environ.get(f"{PREFIX}{re.sub(r'[^A-Z0-9]', '_', provider.upper())}{ENDING}")
    price = parsed(text) if text else None
    return f" ({price.of(credits)})" if price else ""
