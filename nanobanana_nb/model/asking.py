"""What a result asks of the floors above it: the model imports nothing that runs or shows.

The package itself knows what answers, and imports it when something is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

Answer = Callable[..., Any]


def ask(name: str) -> Answer:
    """Return the function that answers to `name`."""
    package = sys.modules[__name__.partition(".")[0]]
    found: Answer = package._answer(name)
    return found
