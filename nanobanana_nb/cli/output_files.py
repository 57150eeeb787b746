"""The files that `-o` names: one image, a folder of them, or an export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export.endings import ENDINGS, ending_names
from nanobanana_nb.show.export.file_writer import named_file, replacing
from nanobanana_nb.show.export.saving import is_file, save

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.show.grid import ImageGrid

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif")
_PLAN = "For example: --dry-run -o herons.json"


def check_target(name: str | None, images: int) -> None:
    """Refuse what could not be written, before anything is paid.

    Raises:
        InputError: the ending is not known, or the folder is not there.
    """
    if name is None or not is_file(name, Path(name)):
        return
    path = Path(name)
    known = {*ENDINGS, *(_PICTURES if images == 1 else ())}
    if path.suffix.lower() not in known:
        what = f"{images} images do not go into {name}" if images > 1 else f"No image is {name}"
        action = f"Name a folder, as in -o herons/, or an export: {ending_names()}."
        raise InputError(what, action=action)
    if not path.expanduser().absolute().parent.is_dir():
        raise InputError(f"There is no folder for {name}", action="Make it first.")


def save_plan(plan: Plan, name: str | None) -> None:
    """Write a plan to the file of that name, for `nanobanana run`; None writes nothing.

    Raises:
        InputError: it cannot be written there.
    """
    if name is None:
        return
    path = named_file(name, _PLAN)
    if path.suffix.lower() != ".json":
        raise InputError(f"A plan does not go into {name}", action=_PLAN)
    with replacing(path) as out:
        out.write(plan.to_json().encode())


def written(grid: ImageGrid, name: str) -> list[Path | str]:
    """Write the images to the file or the folder of that name, and return what was written.

    Raises:
        InputError: it cannot be written there, or has the ending of another format.
    """
    path = Path(name)
    if not any(image.ok for image in grid):
        return []
    ending = path.suffix.lower()
    picture = len(grid) == 1 and ending in _PICTURES
    if picture or not is_file(name, path):
        return [*save([image for image in grid if image.ok], name)]
    return [grid.export(name)]
