"""Pictures of every state, in both themes and three widths: `python -m tests.browser.pictures DIR`.

A service of the tests' own stands still while it is photographed. With `--film FILE` it makes the
short animation of the README as well: a cell, its board as it fills, and the viewer.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Locator, sync_playwright

from tests.browser.conftest import ARGUMENTS, ENVIRON, WINDOW, _chromium
from tests.browser.lab import Lab, running_lab
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import _IDLE, NotebookPage
from tests.service import Service, serving

THEMES, WIDTHS = ("light", "dark"), (600, 900, 1400)
GRID = """%%nanobanana -n 2 -o g
A {animal} reading a newspaper by a lake, {style}
---
animal: heron | cat | fox | hare
style: woodcut | watercolour | oil"""
BLOCKED = """%%nanobanana -o h
A {animal} with a hat, {style}
---
animal: heron | cat [fail] | fox
style: woodcut | oil"""
ONE = "%%nanobanana -a 16:9\nA heron reading a newspaper by a lake at dawn, watercolour"
FILM = """%%nanobanana -o g
A {animal} reading a newspaper by a lake, {style}
---
animal: heron | cat | fox | hare
style: woodcut | watercolour"""
_PATIENCE = 120
_EVERY_MS, _MOST_FRAMES = 250, 90
_QUALITY = 60  # of the animation, which has at most 2 MB


class Studio:
    """A notebook at a service that stands still, photographed in every theme and width."""

    def __init__(self, notebook: NotebookPage, service: Service, folder: Path) -> None:
        self.notebook, self.service = notebook, service
        self._folder = folder

    def start(self, index: int) -> None:
        """Run one cell, and do not wait for its end."""
        self.notebook.code_cell(index).locator(".jp-InputArea-editor").click()
        page = self.notebook.page
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell') && undefined")

    def run(self, index: int) -> None:
        """Run one cell to its end."""
        self.start(index)
        self.notebook.wait_until_idle()

    def board(self, index: int) -> Locator:
        """The board under a cell, once it has tiles."""
        board = self.notebook.code_cell(index).locator(".nanobanana-board")
        board.get_by_role("button", name="Stop").wait_for()
        return board

    def fill(self, board: Locator, count: int) -> None:
        """Let time go by at the service until so many images are on the board."""
        for _ in range(_PATIENCE):
            if board.locator("[data-look]").count() >= count:
                return
            self.service.advance(10.0)
            self.notebook.page.wait_for_timeout(1000)
        raise AssertionError("no images come")

    def end(self) -> None:
        """Let time go by at the service until no cell runs."""
        for _ in range(_PATIENCE):
            if self.notebook.page.evaluate(_IDLE):
                return
            self.service.advance(30.0)
            self.notebook.page.wait_for_timeout(1000)
        raise AssertionError("the cell does not end")

    def take(self, name: str, part: Locator) -> None:
        """Photograph one part of the page in every theme and width."""
        for theme in THEMES:
            self.notebook.set_theme(theme)
            for width in WIDTHS:
                self.notebook.page.set_viewport_size({"width": width, "height": 1300})
                self.notebook.page.wait_for_timeout(400)
                self.notebook.picture(self._folder / f"{name}-{theme}-{width}.png", of=part)
        self.notebook.set_theme("light")


def photograph(studio: Studio) -> None:
    """Go through the states of a run, the viewer, the panel and the tables."""
    notebook = studio.notebook
    cell = notebook.code_cell
    studio.run(0)
    studio.start(1)
    studio.board(1)
    studio.take("one-running", cell(1))
    studio.end()
    studio.take("one-done", cell(1))
    studio.start(2)
    board = studio.board(2)
    board.get_by_text("0 of 24").wait_for()
    studio.fill(board, 9)
    studio.take("grid-running", cell(2))
    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()
    studio.take("grid-stopped", cell(2))
    studio.start(2)
    studio.end()
    studio.take("grid-done", cell(2))
    studio.start(3)
    studio.board(3)
    studio.end()
    studio.take("grid-failed", cell(3))
    studio.run(4)
    studio.take("viewer", cell(4))
    for index, name in ((5, "history"), (6, "models"), (7, "bill"), (8, "spend")):
        studio.run(index)
        studio.take(name, cell(index))
    studio.run(9)
    cell(9).get_by_label("Prompt").first.wait_for()
    studio.take("panel", cell(9))


CELLS = (
    ONE,
    GRID,
    BLOCKED,
    "import nanobanana_nb as nb\ng.compare()",
    "%nanobanana history",
    "%nanobanana models",
    "%%nanobanana --dry-run -n 3\nA {owl|raven} on a branch, ink",
    "%nanobanana spend",
    "%nanobanana panel",
)


def film(notebook: NotebookPage, file: Path) -> None:
    """Write the animation: the cell while its images come, then the viewer on one of them."""
    notebook.page.set_viewport_size({"width": 1000, "height": 860})
    frames: list[Image.Image] = []
    notebook.start_all()
    while len(frames) < _MOST_FRAMES:
        frames.append(_frame(notebook))
        if notebook.page.evaluate("window.cellsEnded") and len(frames) > 12:
            break
        notebook.page.wait_for_timeout(_EVERY_MS)
    notebook.page.wait_for_timeout(1500)
    frames += [_frame(notebook)] * 6
    file.parent.mkdir(parents=True, exist_ok=True)
    looks = {"duration": _EVERY_MS, "loop": 0, "quality": _QUALITY, "method": 4}
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], **looks)


def _frame(notebook: NotebookPage) -> Image.Image:
    data = notebook.page.screenshot()
    return Image.open(io.BytesIO(data)).convert("RGB").resize((800, 688))


@contextmanager
def studio_in(
    context: BrowserContext, lab: Lab, service: Service, scratch: Path, folder: Path
) -> Iterator[Studio]:
    """Open the notebook of all states, whose kernel asks the service."""
    environ = {**service.environ, "NANOBANANA_HOME": str(scratch / "home")}
    begin = f"import os\nos.environ.update({environ!r})\n%load_ext nanobanana_nb"
    yield Studio(opened(context, lab, notebook_of(scratch, begin, *CELLS)), service, folder)


def opened(context: BrowserContext, lab: Lab, notebook: Path) -> NotebookPage:
    """Open a copy of a notebook in a tab of its own."""
    name = f"pictures-{len(list(lab.folder.iterdir()))}.ipynb"
    shutil.copy(notebook, lab.folder / name)
    return NotebookPage(context.new_page(), lab, name)


def main(arguments: Sequence[str] | None = None) -> None:
    """Take all pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where the pictures go")
    parser.add_argument("--film", type=Path, help="write the animation of the README here")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        context = browser.new_context(viewport=WINDOW, device_scale_factor=1)  # type: ignore[arg-type]
        home = {"NANOBANANA_HOME": str(scratch / "film")}
        lab = stack.enter_context(running_lab(scratch, {**ENVIRON, **home}))
        if options.film:
            begin = "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 0.5"
            notebook = notebook_of(scratch, begin, FILM, "g.compare(2)")
            film(opened(context, lab, notebook), options.film)
        if options.folder:
            service = stack.enter_context(serving(speed=1.0, median_s=60.0, sigma=0.6))
            with studio_in(context, lab, service, scratch, options.folder) as studio:
                photograph(studio)
        browser.close()


if __name__ == "__main__":
    main()
