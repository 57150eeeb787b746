"""The variable of the notebook that holds a result: what a hint calls it by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.settings.origin import running_shell


def holder_of(is_meant: Callable[[Any], bool]) -> str:
    """Return the first variable whose value is meant, empty where there is none or no notebook."""
    shell = running_shell()
    variables = {} if shell is None else dict(shell.user_ns)
    names = (name for name, value in variables.items() if is_meant(value))
    return next((name for name in names if name.isidentifier() and name[0] != "_"), "")
