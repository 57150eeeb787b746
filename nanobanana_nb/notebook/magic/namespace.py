"""The variables that a person has made: what a name in braces may stand for."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

KEPT_BY_IPYTHON = re.compile(r"_+|_i{1,3}|_i?\d+|_[dio]h|__\w+__|__vsc_\w+|In|Out")


def variables(shell: Any) -> dict[str, Any]:
    """Return the names of the notebook without what Python and IPython put there.

    Modules, functions and classes are left out as well: they have no text.
    """
    hidden = shell.user_ns_hidden
    return {
        name: value
        for name, value in shell.user_ns.items()
        if not (name in hidden and value is hidden[name])
        and not KEPT_BY_IPYTHON.fullmatch(name)
        and not (isinstance(value, ModuleType) or callable(value))
    }
