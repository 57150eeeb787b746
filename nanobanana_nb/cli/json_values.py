"""Images, grids and bills as plain JSON data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nanobanana_nb.privacy.redaction import redacted

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.bill import Bill
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.model.result import Generation
    from nanobanana_nb.show.grid import ImageGrid

_PLAIN = (
    *("credits", "seconds", "cached", "simulated"),
    *("sha256", "media_type", "width", "height"),
)


def image_value(image: Generation) -> dict[str, Any]:
    """Return one image; its state is the wire's word, its times are in UTC."""
    request = image.request
    return {
        "id": image.id,
        "task_id": None if image.task_id is None else redacted(image.task_id),
        "state": str(image.state),
        "provider": request.provider,
        "model": request.model,
        "prompt": None if request.private else request.prompt,
        "parameters": dict(request.parameters),
        "repeat": request.repeat,
        **{name: getattr(image, name) for name in _PLAIN},
        "path": None if image.path is None else str(image.path),
        "differences": list(image.differences),
        "created_at": _time(image.created_at),
        "finished_at": _time(image.finished_at),
        "error": None if image.error is None else image.error.to_record(),
    }


def image_values(images: Sequence[Generation]) -> list[dict[str, Any]]:
    """Return several images."""
    return [image_value(image) for image in images]


def grid_value(grid: ImageGrid, files: Sequence[Path | str] = ()) -> dict[str, Any]:
    """Return the images of a grid, its number in the ledger, and the files that were written."""
    return {
        "grid": None if grid.number is None else f"g{grid.number}",
        "credits": sum(image.credits or 0 for image in grid),
        "images": image_values(list(grid)),
        "files": [str(file) for file in files],
    }


def bill_value(plan: Plan, bill: Bill) -> dict[str, Any]:
    """Return what a plan would cost."""
    return {
        "plan": plan.in_words(),
        "images": bill.images,
        "cached": bill.cached,
        "new": bill.new,
        "credits": bill.credits,
        "exact": bill.exact,
        "balance": bill.balance,
        "notes": list(plan.notes),
    }


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
