"""A grid of five by four by three: watched, retried, turned, extended, exported, opened again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.simulator import pictures
from nanobanana_nb.simulator.painting.painter import paint
from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import exported, notebook_of
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_quickstart import STATUS, WIDGET_VIEW, _ours
from tests.service import KEY, Service, serving

pytestmark = pytest.mark.browser

PROMPT = """%%nanobanana --yes -o grid
A {animal} by the sea, {style}
---
animal: cat | owl | hare | heron | octopus
style: woodcut | watercolour | pixel art | oil painting
aspect_ratio: 1:1 | 3:2 | 2:3"""
CELLS = (
    PROMPT,
    "again = grid.retry()",
    'again.pivot(rows="style", cols="animal", pages="aspect_ratio")',
    'more = again.extend(animal=["fox"])',
    'print(more.export("grid.html").name, more.counts()["success"])',
    "%nanobanana grid",
)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service over TCP whose tasks take about two seconds and whose pictures are small."""
    monkeypatch.setattr(pictures, "paint", _painted_small)
    with serving(speed=0.15) as found:
        yield found


def _painted_small(picture: Any, references: Any) -> bytes:
    side = max(picture.width, picture.height)
    small = replace(picture, width=256 * picture.width // side, height=256 * picture.height // side)
    return paint(small, references)


@pytest.fixture
def notebook(open_notebook: OpenNotebook, service: Service, tmp_path: Path) -> NotebookPage:
    """A notebook whose kernel asks that service."""
    begin = (
        f"import os\nos.environ['CRUN_API_KEY'] = '{KEY}'\n"
        f"os.environ['NANOBANANA_BASE_URL'] = '{service.url}'\n"
        f"os.environ['NANOBANANA_PROVIDER'] = 'crun'\n"
        f"os.environ['NANOBANANA_HOME'] = '{tmp_path / 'home'}'\n"
        "os.environ['NANOBANANA_RATE_LIMIT'] = '1000/1'"
    )
    sources = (begin, "%load_ext nanobanana_nb", *CELLS)
    return open_notebook(notebook_of(tmp_path, *sources))


@pytest.mark.timeout(400)
def test_grid_from_the_first_tile_to_the_export(
    notebook: NotebookPage, service: Service, screenshots: Path
) -> None:
    """Tiles fill in their places; one fails and is asked for alone; what is new alone is paid."""
    service.fault("create", skip=17, status=422)
    notebook.start_all()
    _fills_in_place(notebook, screenshots)
    notebook.wait_until_idle()
    assert len(service.creates()) == 60 + 1 + 12
    _reads_well(notebook)
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        for index in (2, 4):
            file = screenshots / f"compare-{index}-{theme}.png"
            notebook.picture(file, of=notebook.code_cell(index))
    _is_saved_clean(notebook)
    notebook.reload()
    notebook.pictures().first.wait_for()
    assert notebook.pictures().count() == 59 + 60
    assert _ours(notebook) == []


TILE = "td > div:has(small)"  # what has its number below it


def _fills_in_place(notebook: NotebookPage, screenshots: Path) -> None:
    """While it runs there is a tile for each image, some of them pictures already."""
    status = notebook.code_cell(2).locator(STATUS)
    status.locator("img").nth(3).wait_for()
    placed = notebook.code_cell(2).locator(".nanobanana-tiles table").last
    assert {"cat", "octopus"} <= set(re.findall(r"\w+", placed.inner_text()))
    shown = status.locator(TILE).count()
    assert shown == 60, "one tile for each image from the start"
    assert status.locator("td img").count() < 60
    notebook.picture(screenshots / "compare-running.png", of=notebook.code_cell(2))


def _reads_well(notebook: NotebookPage) -> None:
    """The failure is told with what it cost; the exported file and the list are there."""
    (result,) = notebook.outputs(2)
    assert "59 done" in result
    assert "1 failed" in result
    assert "no credits were taken" in result
    assert "retry" in result
    assert "1 image" in notebook.outputs(3)[0]
    assert "60 images" in notebook.outputs(4)[0]
    assert notebook.outputs(6) == ["grid.html 72"]
    assert (notebook.file.parent / "grid.html").stat().st_size > 100_000
    assert "g2" in notebook.outputs(7)[0]


def _is_saved_clean(notebook: NotebookPage) -> None:
    """No widget and no error is saved, and the page that nbconvert makes shows every picture."""
    saved = notebook.save()
    outputs = [output for cell in saved["cells"] for output in cell.get("outputs", [])]
    assert [o for o in outputs if WIDGET_VIEW in o.get("data", {})] == []
    assert [o for o in outputs if o["output_type"] == "error"] == []
    assert all(len(str(o)) < 1_500_000 for o in outputs)
    page = exported(saved)
    assert page.count("data:image/jpeg") >= 59 + 60
