"""Where this kernel or script began, and the one name of the notebook that it belongs to."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

try:
    _IMPORTED_IN = Path.cwd()
except OSError:  # it was deleted
    _IMPORTED_IN = Path(os.sep)
_FOLDERS: WeakKeyDictionary[Any, Path] = WeakKeyDictionary()


def start_folder() -> Path:
    """Return the folder in which the kernel began, or a script imported this package.

    It stays the same wherever `%cd` goes: relative settings count from it.
    """
    shell = running_shell()
    if shell is None:
        return _IMPORTED_IN
    folders = shell.user_ns.get("_dh") or [_IMPORTED_IN]  # %reset begins it anew
    return _FOLDERS.setdefault(shell, Path(folders[0]))


def notebook() -> str:
    """Return what names the notebook or script whose spending this is, or else its folder.

    Jupyter servers set `JPY_SESSION_NAME` for a kernel, VS Code a variable in it. The name is
    the one that the notebook had when its kernel began. A terminal goes by its folder.
    """
    shell = running_shell()
    if shell is None:
        return str(_IMPORTED_IN / (sys.argv[0] if sys.argv else ""))
    session_name = os.environ.get("JPY_SESSION_NAME") if in_kernel() else None
    return str(session_name or shell.user_ns.get("__vsc_ipynb_file__") or start_folder())


def in_kernel() -> bool:
    """Whether this runs in a Jupyter kernel."""
    return getattr(running_shell(), "kernel", None) is not None


def running_shell() -> Any:
    """Return the IPython shell that this runs in. Looks without importing what is not there yet."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
