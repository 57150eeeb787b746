"""Files that were uploaded in a panel, kept beside the notebook so that a cell can name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import LedgerError, ReferenceImageError
from nanobanana_nb.images.containers import container_of
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page.image_copies import Originals, file_name
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.settings.record import Settings

_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


def uploaded(value: Any) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file in the value of a `FileUpload`, of ipywidgets 7 and 8."""
    if isinstance(value, Mapping):
        value = [{"name": name, "content": one["content"]} for name, one in value.items()]
    for one in value:
        yield str(one["name"]), bytes(one["content"])


def forget(upload: Any) -> None:
    """Empty a `FileUpload`, so that neither page nor kernel keeps a copy of the files."""
    if isinstance(upload.value, Mapping):  # ipywidgets 7: the counter makes the value anew
        upload.data, upload.metadata = [], []
        upload._counter = 0
    else:
        upload.value = ()


def keep(name: str, data: bytes, settings: Settings) -> str:
    """Write an uploaded image into the notebook's folder of images and return its path.

    Raises:
        ReferenceImageError: it is no image, or cannot be written.
    """
    found = reference(data, name)
    assert found.sha256 is not None
    container = container_of(data)
    suffix = _SUFFIXES[container.media_type] if container else _suffix_of(name)
    folder = Path(settings.images_dir) if settings.images_dir else settings.home / "uploads"
    path = folder / file_name(Path(name).stem, found.sha256, suffix)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ReferenceImageError(
            f"{name} cannot be kept in {folder}", why=error.strerror or "", action=""
        ) from None
    return path.as_posix()


def _suffix_of(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return suffix if suffix[1:].isalnum() else ""


def path_of(made: Generation, settings: Settings) -> str:
    """Return a path to an image of the ledger: of its copy beside the notebook, if it may be.

    Raises:
        LedgerError: its file is not there.
    """
    from urllib.parse import unquote

    if made.path is None or not made.path.exists():
        raise LedgerError(f"The file of image {made.id} is not there", action="")
    return unquote(Originals(settings.images_dir).link(made) or "") or str(made.path)
