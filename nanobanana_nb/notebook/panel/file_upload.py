"""Files that came into a panel as bytes, kept beside the notebook so that a cell can name them."""

from __future__ import annotations

from pathlib import Path

from nanobanana_nb.errors import LedgerError, ReferenceImageError
from nanobanana_nb.images.containers import container_of
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page.image_copies import Originals
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.text.file_names import file_name

_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


def keep(name: str, data: bytes, settings: Settings) -> str:
    """Write an uploaded image into the notebook's folder of images and return its path.

    Raises:
        ReferenceImageError: it is no image, or cannot be written.
    """
    image = reference(data, name)
    assert image.sha256 is not None
    container = container_of(data)
    extension = Path(name).suffix.lower()
    extension = extension if extension[1:].isalnum() else ""
    suffix = _SUFFIXES[container.media_type] if container else extension
    folder = Path(settings.images_dir) if settings.images_dir else settings.home / "uploads"
    path = folder / file_name(Path(name).stem, image.sha256, suffix)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ReferenceImageError(
            f"{name} cannot be kept in {folder}", why=error.strerror or "", action=""
        ) from None
    return path.as_posix()


def path_of(generation: Generation, settings: Settings) -> str:
    """Return a path to an image of the ledger: of its copy beside the notebook, if it may be.

    Raises:
        LedgerError: its file is not there.
    """
    from urllib.parse import unquote

    if generation.path is None or not generation.path.exists():
        raise LedgerError(f"The file of the image with id {generation.id} is not there", action="")
    return unquote(Originals(settings.images_dir).link(generation) or "") or str(generation.path)
