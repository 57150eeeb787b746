"""Files and folders that go on from the beginning of a path, written as an option line has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from nanobanana_nb.notebook.completion.suggestion import Suggestion

_ESCAPED = r"""[\s'"\\]"""
MOST = 500  # entries of a folder that are looked at
PICTURES = (
    *(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".avif", ".heic", ".heif"),
)


def paths(word: str, endings: Collection[str] = ()) -> list[Suggestion]:
    """Return what may stand for a word that is the beginning of a path.

    Args:
        word: as it was written, with a quotation mark in front of it or none.
        endings: of the files that count; without them all do. Folders always count.
    """
    mark = word[:1] if word[:1] in ("'", '"') else ""
    path = word[1:] if mark else re.sub(rf"\\({_ESCAPED})", r"\1", word)
    folder, slash, beginning = path.rpartition("/")
    names = _names(Path(f"{folder}{slash}" or "."), beginning, endings)
    texts = [f"{folder}{slash}{name}" for name in names]
    return [Suggestion(_written(text, mark), len(word), "path") for text in texts]


def _names(folder: Path, beginning: str, endings: Collection[str]) -> list[str]:
    """Return the entries of a folder, folders with a slash; hidden ones where asked for."""
    names: list[str] = []
    for entry in _entries(folder):
        hidden = entry.name.startswith(".") and not beginning.startswith(".")
        if hidden or not entry.name.casefold().startswith(beginning.casefold()):
            continue
        if entry.is_dir():
            names.append(f"{entry.name}/")
        elif not endings or entry.suffix.casefold() in endings:
            names.append(entry.name)
    return sorted(names)


def _entries(folder: Path) -> Iterator[Path]:
    try:
        yield from islice(folder.expanduser().iterdir(), MOST)
    except (OSError, RuntimeError, ValueError):  # nobody's home, or no path at all
        return


def _written(path: str, mark: str) -> str:
    """Return a path as a word of a line; a quotation stays open behind a folder."""
    if mark:
        return f"{mark}{path}{'' if path.endswith('/') else mark}"
    return re.sub(f"({_ESCAPED})", r"\\\1", path)
