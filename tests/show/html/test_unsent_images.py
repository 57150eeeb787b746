"""Images that were never sent: one line that says how many and why, and no empty boxes."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from nanobanana_nb.errors import InsufficientCreditsError
from nanobanana_nb.model.result import State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.live.status_line import status_html, status_text
from tests.show.conftest import generation, planned, waiting


def stopped(photos: list[Path], done: int, count: int, prompt: str = "A cat") -> ImageGrid:
    """Return a grid whose first images came about before the account ran dry."""
    axes = {} if prompt == "A cat" else {"n": [str(n) for n in range(count)]}
    plan = planned(prompt, 1 if axes else count, **axes)
    images = []
    for n, cell in enumerate(plan.cells):
        error = InsufficientCreditsError("The account has too few credits (402)")
        unsent = waiting(State.PLANNED, request=cell.request, error=error)
        picture = photos[n % len(photos)]
        images.append(generation(picture, n, request=cell.request) if n < done else unsent)
    return ImageGrid(images, plan)


@pytest.mark.long
@pytest.mark.parametrize("prompt", ["A cat", "A cat {n}"])
@pytest.mark.parametrize(("done", "count"), [(0, 2), (0, 200), (3, 40), (130, 140)])
def test_one_line_for_all(photos: list[Path], prompt: str, done: int, count: int) -> None:
    """Output, text and status say it once; what was sent is drawn or counted as ever."""
    grid = stopped(photos, done, count, prompt)
    told = {"elapsed_s": 1.0, "plan": grid.plan}
    line = f"{count - done} images were not sent"
    bundle = grid._repr_mimebundle_(include=["text/plain", "text/html"])
    status = status_html(grid.generations, **told)  # type: ignore[arg-type]
    for text in (bundle["text/plain"], status_text(grid.generations, **told)):  # type: ignore[arg-type]
        assert text.count(line) == 1
    for page in (bundle["text/html"], status):
        read = html.unescape(re.sub("<[^>]*>", "\n", page))
        assert read.count(line) == 1
        assert read.count("too few credits") == 1
        assert "\nplanned\n" not in read
    assert bundle["text/html"].count("<img") == min(done, 120)
    assert len(bundle["text/plain"].splitlines()) < min(done, 120) + 8
    assert ("more" in bundle["text/plain"]) is (done > 120)
