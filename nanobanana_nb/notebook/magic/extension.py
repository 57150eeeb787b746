"""Loading into IPython and out of it, any number of times."""

from __future__ import annotations

import re
import sys
from typing import Any

from nanobanana_nb.notebook.commands.notices import show_left_over, show_stray_settings
from nanobanana_nb.notebook.completion import completer
from nanobanana_nb.notebook.magic.await_cells import AwaitOutermost
from nanobanana_nb.notebook.magic.magics import NanobananaMagics
from nanobanana_nb.notebook.status import stop, terminal_pictures

NAME = "nanobanana"
_MAGIC_LINE = re.compile(rf"%%{NAME}(\s|$)")


def load(shell: Any) -> None:
    """Register the magics and the transforms. Doing it again changes nothing."""
    unload(shell)
    shell.register_magics(NanobananaMagics(shell))
    shell.input_transformers_cleanup.extend(_TRANSFORMS)
    AwaitOutermost(shell, _waits).install()
    bundles = shell.display_formatter.mimebundle_formatter
    for kind in (list, tuple):  # what a person has registered goes first
        bundles.type_printers.setdefault(kind, _images_bundle)
    bundles.deferred_printers.setdefault(("nanobanana_nb", "Generation"), _images_bundle)
    stop.install(shell)
    completer.install(shell)
    terminal_pictures.install(shell)
    show_stray_settings()
    show_left_over()


def unload(shell: Any) -> None:
    """Take everything back that `load` registered."""
    stop.remove(shell)
    completer.remove(shell)
    terminal_pictures.remove(shell)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)
    # IPython keeps every magics object for `%config`, and would keep one for each reload.
    shell.configurables[:] = [c for c in shell.configurables if not isinstance(c, NanobananaMagics)]
    bundles = shell.display_formatter.mimebundle_formatter
    for printers in (bundles.type_printers, bundles.deferred_printers):
        for key in [key for key, printer in printers.items() if printer is _images_bundle]:
            del printers[key]
    cleanup = shell.input_transformers_cleanup
    cleanup[:] = [transform for transform in cleanup if transform not in _TRANSFORMS]
    for transform in list(shell.input_transformers_post):
        if isinstance(transform, AwaitOutermost):
            transform.remove()


def _waits(line: str) -> bool:
    """Whether a `%nanobanana` line waits for a job."""
    from nanobanana_nb.notebook.commands import registry

    return registry.waits(line)


def _images_bundle(value: Any, include: Any = None, exclude: Any = None) -> Any:
    """Return what shows an image or a list of images; None for any other list, shown as ever."""
    if "nanobanana_nb.model.result" not in sys.modules:  # there is no image yet
        return None
    from nanobanana_nb.model.result import Generation

    first = value[0] if value and isinstance(value, list | tuple) else value
    if not isinstance(first, Generation):
        return None
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.settings import config
    from nanobanana_nb.show.mimebundle import bundle_of_value

    links = front().links(config.load(None, config.CONFIGURED).settings)
    return bundle_of_value(value, include, exclude, links)


def without_comments_above(lines: list[str]) -> list[str]:
    """Drop comments and blank lines above `%%nanobanana`, where IPython allows none."""
    for number, line in enumerate(lines):
        if _MAGIC_LINE.match(line):
            return lines[number:]
        if line.strip() and not line.lstrip().startswith("#"):
            break
    return lines


def with_body(lines: list[str]) -> list[str]:
    """Give a magic line without a body an empty one: the magic itself says what is missing."""
    if len(lines) == 1 and _MAGIC_LINE.match(lines[0]):
        return [lines[0].rstrip("\n") + "\n", "\n"]
    return lines


# IPython leaves such a transform out while it judges whether a cell is typed to its end.
with_body.has_side_effects = True  # type: ignore[attr-defined]
_TRANSFORMS = (without_comments_above, with_body)
