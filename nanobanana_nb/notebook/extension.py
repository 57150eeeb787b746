"""Loading into IPython and out of it, any number of times."""

from __future__ import annotations

import re
from typing import Any

from nanobanana_nb.notebook.awaited import AwaitOutermost
from nanobanana_nb.notebook.left_over import tell_left_over
from nanobanana_nb.notebook.magics import NanobananaMagics
from nanobanana_nb.notebook.strays import tell_strays

NAME = "nanobanana"


def load(shell: Any) -> None:
    """Register the magics and the transforms. Doing it again changes nothing."""
    unload(shell)
    shell.register_magics(NanobananaMagics(shell))
    if without_comments_above not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(without_comments_above)
    AwaitOutermost(shell).install()
    tell_strays()
    tell_left_over()


def unload(shell: Any) -> None:
    """Take everything back that `load` registered."""
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)
    # IPython keeps every magics object for `%config`, and would keep one for each reload.
    shell.configurables[:] = [c for c in shell.configurables if not isinstance(c, NanobananaMagics)]
    if without_comments_above in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(without_comments_above)
    for transform in list(shell.input_transformers_post):
        if isinstance(transform, AwaitOutermost):
            transform.remove()


def without_comments_above(lines: list[str]) -> list[str]:
    """Drop comments and blank lines above `%%nanobanana`, where IPython allows none.

    A magic line without a body gets an empty one, so that the magic itself can say what is
    missing, or show its help.
    """
    for number, line in enumerate(lines):
        if re.match(rf"%%{NAME}(\s|$)", line):
            kept = lines[number:]
            return kept if len(kept) > 1 else [kept[0].rstrip("\n") + "\n", "\n"]
        if line.strip() and not line.lstrip().startswith("#"):
            break
    return lines
