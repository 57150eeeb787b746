"""Originals as files of a person's own, byte for byte, under the names of the images folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export.file_writer import is_folder, make_folder, named_file, replacing
from nanobanana_nb.text.file_names import file_name

_EXAMPLE = 'For example: grid.save("herons")'
_SPELLINGS = {".jpeg": ".jpg", ".tiff": ".tif"}


def save(images: Sequence[Generation], path: str | Path) -> list[Path]:
    """Write the originals to a file or into a folder and return where each is.

    Several of which some are no image are those that are. A folder is made.

    Args:
        path: a name with an ending is a file, unless there is a folder of that name.

    Raises:
        NanobananaError: the only one is no image; likewise DownloadError for a lost original.
        InputError: there is none, it cannot be written there, several are to go into one file,
            or the ending is that of another format.
    """
    target = named_file(path, _EXAMPLE)
    originals = list(images) if len(images) == 1 else [image for image in images if image.ok]
    if not originals:
        raise InputError("There is no image to save", action="")
    first = originals[0].bytes  # before anything is made: there may be none
    if not is_file(path, target):
        make_folder(target)
        files = [target / _name(image) for image in originals]
    elif len(originals) > 1:
        what = f"{len(originals)} images do not go into one file"
        raise InputError(what, action=f"Name a folder. {_EXAMPLE}")
    else:
        _check_ending(target, originals[0])
        files = [target]
    for n, file in enumerate(files):
        data = originals[n].bytes if n else first
        with replacing(file) as out:
            out.write(data)
    return files


def is_file(path: str | Path, target: Path) -> bool:
    """Whether a name is that of a file: by its ending, unless there is a folder of that name."""
    return bool(target.suffix) and not is_folder(path, target)


def _name(image: Generation) -> str:
    assert image.path is not None
    words = "" if image.request.private else image.request.prompt
    return file_name(words, image.sha256 or "", image.path.suffix)


def _check_ending(file: Path, image: Generation) -> None:
    """Refuse a name that says another format than the bytes are."""
    assert image.path is not None
    ending, kind = file.suffix.lower(), image.path.suffix
    if _SPELLINGS.get(ending, ending) != _SPELLINGS.get(kind, kind):
        raise InputError(
            f"{file.name} would not be what its name says",
            why=f"the original is a {kind.removeprefix('.')}",
            action=f"Name it {file.with_suffix(kind).name}; `.image.save(...)` makes others of it.",
        )
