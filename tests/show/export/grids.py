"""Grids to be exported, their requests those of the plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import planned_grid


def bought_grid(
    photos: list[Path], prompt: str, /, repeats: int = 1, **names: list[str]
) -> ImageGrid:
    """Return a finished grid whose images have the plan's own requests, repeats included."""
    grid = planned_grid(photos, prompt, repeats, **names)
    cells = grid.plan.cells if grid.plan else ()
    images = [replace(g, request=c.request) for g, c in zip(grid, cells, strict=True)]
    return ImageGrid(images, grid.plan)
