"""Originals beside the notebook, so that one click opens them from its result.

The ledger's own folder lies outside what a Jupyter server serves. A copy, not a link: an
editor that writes into it must not touch the ledger's original.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from nanobanana_nb.images import disk
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page.frontend import in_colab
from nanobanana_nb.settings.origin import start_folder
from nanobanana_nb.text.file_names import file_name


class Originals:
    """A folder under the notebook's own that holds a copy of each image shown.

    Args:
        folder: relative to the notebook, wherever `%cd` goes; empty for no copies and no links.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def link(self, generation: Generation) -> str | None:
        """Return the relative link to the image's copy, made if it is missing, or None."""
        if not self._folder or generation.path is None or generation.sha256 is None:
            return None
        # Colab keeps them in its list of files; its page leads to none of them.
        beside = start_folder()
        copy = beside / self._folder / _name(generation)
        try:
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                _copy_whole(generation.path, copy)
            relative = os.path.relpath(copy, beside)
        except (OSError, ValueError):  # not to be written, or on another drive: no link then
            return None
        return None if in_colab() else quote(Path(relative).as_posix())

    def remove(self, generation: Generation) -> None:
        """Delete the copy of an image beside this notebook, if it is one of what came."""
        if not self._folder or generation.path is None or generation.sha256 is None:
            return
        copy = start_folder() / self._folder / _name(generation)
        with suppress(OSError):
            if hashlib.sha256(disk.read_regular(copy)).hexdigest() == generation.sha256:
                copy.unlink()


def _name(generation: Generation) -> str:
    assert generation.path is not None
    words = "" if generation.request.private else generation.request.prompt
    return file_name(words, generation.sha256 or "", generation.path.suffix)


def _copy_whole(original: Path, copy: Path) -> None:
    part = copy.with_name(f".{copy.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(original, part)
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
