"""Which notebook this kernel belongs to, for the sums and the ceiling of each notebook."""

from __future__ import annotations

import os
from pathlib import Path

from IPython.core.getipython import get_ipython


def notebook_name() -> str:
    """Return the notebook's path as the front end tells it, or else the working directory.

    Jupyter servers set `JPY_SESSION_NAME` for the kernel, VS Code a variable in it. The name is
    the one that the notebook had when its kernel started.
    """
    told = os.environ.get("JPY_SESSION_NAME")
    told = told or getattr(get_ipython(), "user_ns", {}).get("__vsc_ipynb_file__")
    return str(told or Path.cwd())
