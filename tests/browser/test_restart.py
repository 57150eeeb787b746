"""A kernel that is restarted, and a notebook that is opened again without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from nanobanana_nb.ledger.ledger import Ledger
from tests.browser.conftest import OpenNotebook
from tests.browser.lab import Lab
from tests.browser.notebook_files import (
    exported,
    notebook_of,
    outputs_of,
    problems_of_ours,
    widgets_in,
)
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_panel import Seen

pytestmark = pytest.mark.browser

SETUP = """%load_ext nanobanana_nb
%config NanobananaMagics.simulator_speed = {speed}"""
SECRET = "words that were only typed"


def _made(lab: Lab, word: str) -> int:
    """Return how many images with this word in their prompt were ever asked for."""
    return len(Ledger(lab.folder.parent / "home").search([word], 99))


def test_a_restart_pays_for_nothing_twice(
    open_notebook: OpenNotebook, lab: Lab, tmp_path: Path, screenshots: Path
) -> None:
    """What was made is there for nothing; what the panel had begun is fetched by resume."""
    plan = f"%%nanobanana -n 2\nA [square] kite, {tmp_path.name}"
    cells = (SETUP.format(speed=0.5), "%nanobanana panel", plan, "%nanobanana resume")
    notebook = open_notebook(notebook_of(tmp_path, *cells))
    notebook.run_all()
    seen = Seen(notebook)
    _begin(seen, tmp_path.name)
    seen.cell.locator(".nanobanana-runs").first.wait_for()
    notebook.restart_kernel()
    notebook.run_all()
    assert "paid task" in " ".join(notebook.outputs(0))
    assert "2 from the ledger · 0 credits" in " ".join(notebook.outputs(2))
    expect(notebook.code_cell(3).locator("img")).to_have_count(1)
    seen.field("Prompt").fill(f"a [square] heron, {tmp_path.name}")
    seen.says("1 already in the ledger")
    notebook.picture(screenshots / "restarted.png")
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(1)
    assert _made(lab, tmp_path.name) == 3
    assert problems_of_ours(notebook) == []


def _begin(seen: Seen, word: str) -> None:
    seen.field("Prompt").fill(f"a [square] heron, {word}")
    seen.says("4 credits")
    seen.button("Generate").click()


def test_saved_file_shows_everything_without_a_kernel(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path
) -> None:
    """No widget and nothing typed is saved; reopened and as a page of its own it has each image."""
    plan = f"%%nanobanana -o found\nA [square] {{cat|kite}}, {tmp_path.name}"
    cells = (SETUP.format(speed=0), "%nanobanana panel", plan, "found.compare()", "found.vote()")
    notebook = open_notebook(notebook_of(tmp_path, *cells))
    notebook.run_all()
    _use_and_close(notebook, tmp_path.name)
    saved = notebook.save()
    assert widgets_in(saved) == []
    assert SECRET not in json.dumps(saved)
    assert tmp_path.name not in json.dumps(saved["metadata"])
    count = notebook.pictures().count()
    assert count >= 1 + 2 + 2
    notebook.call("kernelmenu:shutdown")
    notebook.reload()
    expect(notebook.pictures()).to_have_count(count)
    notebook.picture(screenshots / "reopened.png")
    page = exported(saved)
    assert page.count("data:image/") >= count
    assert [o for o in outputs_of(saved) if o["output_type"] == "error"] == []
    assert problems_of_ours(notebook) == []


def _use_and_close(notebook: NotebookPage, word: str) -> None:
    """Make an image in the panel, type what is not sent, and close panel, viewer and vote."""
    seen = Seen(notebook)
    _begin(seen, word)
    expect(seen.results.locator("img")).to_have_count(1)
    seen.says("1 already in the ledger")
    seen.field("Prompt").fill(SECRET)
    seen.field("Image").fill(f"https://images.example/{SECRET.replace(' ', '-')}.png")
    seen.tab("Images")
    seen.field("Search").fill(SECRET)
    seen.button("Close").click()
    seen.says("The panel is closed")
    for index, name in ((3, "Close the viewer"), (4, "Show the ranks")):
        notebook.code_cell(index).get_by_role("button", name=name).click()
        expect(notebook.code_cell(index).locator(".nb-viewer")).to_have_count(0)
