"""The notebook about edits in JupyterLab: its trees and bills, and what is saved of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenNotebook
from tests.browser.test_quickstart import WIDGET_VIEW, _code_cells, _natural_widths, _ours

pytestmark = pytest.mark.browser

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "04_edit_and_lineage.ipynb"
TREE = "%nanobanana tree {sunset.id}"
BILL = 'boat.replay({"night": "sunset"}, dry_run=True)'


def test_edits_run_and_show(open_notebook: OpenNotebook, screenshots: Path) -> None:
    """Run All comes to its end: the tree has its pictures and marked words, the bill its steps."""
    notebook = open_notebook(NOTEBOOK)
    notebook.call("notebook:clear-all-cell-outputs")
    notebook.run_all()
    tree, bill = notebook.code_cell_with(TREE), notebook.code_cell_with(BILL)
    widths = _natural_widths(tree.locator("img"))
    assert len(widths) == 6
    assert all(widths)
    assert tree.locator("del", has_text="night").count() > 0
    assert "this one" in tree.inner_text()
    assert "Step 2: A heron and a boat" in bill.inner_text()
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        notebook.picture(screenshots / f"tree-{theme}.png", of=tree)
        notebook.picture(screenshots / f"bill-{theme}.png", of=bill)
    outputs = [output for cell in _code_cells(notebook.save()) for output in cell["outputs"]]
    assert [o for o in outputs if o["output_type"] == "error"] == []
    assert [o for o in outputs if WIDGET_VIEW in o.get("data", {})] == []
    assert _ours(notebook) == []
