"""A folder with everything of a grid: what a ZIP has, as files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from nanobanana_nb.show.export.file_writer import make_folder, replacing


def write(folder: Path, files: Iterable[tuple[str, bytes | Path]]) -> None:
    """Write files into a folder, each as a whole; others that are there stay.

    Raises:
        InputError: one cannot be written there.
    """
    for name, data in files:
        make_folder((folder / name).parent)
        with replacing(folder / name) as out:
            if isinstance(data, bytes):
                out.write(data)
            else:
                with data.open("rb") as original:
                    shutil.copyfileobj(original, out)
