"""The notebooks: they run, they are saved with their results, and they stay small.

What Jupyter reads them with is imported where it is used: it takes seconds.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.project.sources import CHECKOUT, NOTEBOOKS

pytestmark = pytest.mark.long

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PRIVATE = re.compile(r"\bak_[A-Za-z0-9]{32}\b|/(?:tmp|root|work|home|Users)/\w")

each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: str(file.name))


def _read(file: Path) -> Any:
    import nbformat

    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


def _outputs(saved: Any) -> list[dict[str, Any]]:
    return [output for cell in saved.cells for output in cell.get("outputs", [])]


def _pictures(saved: Any) -> int:
    """How many pictures stand in the HTML of the outputs."""
    html = ["".join(output.get("data", {}).get("text/html", "")) for output in _outputs(saved)]
    return sum(text.count("data:image/") for text in html)


def _execute(file: Path, folder: Path) -> Any:
    """The notebook after all its cells were run, with nobody there to type."""
    from nbclient import NotebookClient

    saved = _read(file)
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(saved, timeout=120, kernel_name="python3", resources=resources).execute()


def test_quickstart_is_there() -> None:
    """The first notebook is the quickstart that the README opens."""
    assert "01_quickstart.ipynb" in [file.name for file in NOTEBOOKS]


@each_notebook
def test_notebook_runs(
    notebook: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """All cells run without an error, and the page made of them shows every picture."""
    from nbconvert import HTMLExporter

    executed = _execute(notebook, tmp_path)
    assert _pictures(executed) > 0
    assert [o for o in _outputs(executed) if WIDGET_VIEW in o.get("data", {})] == []
    assert "widgets" not in executed.metadata
    page, _ = HTMLExporter().from_notebook_node(executed)  # type: ignore[no-untyped-call]
    assert page.count("data:image/") >= _pictures(executed)


@each_notebook
def test_saved_notebook_shows_its_results(notebook: Path) -> None:
    """Every code cell was run before saving, in order, and the pictures are in the file."""
    import nbformat

    saved = _read(notebook)
    counts = [cell.execution_count for cell in saved.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert _pictures(saved) > 0
    assert all('alt="' in "".join(o["data"]["text/html"]) for o in _results(saved))
    nbformat.validate(saved)


@each_notebook
def test_saved_notebook_holds_no_widget(notebook: Path) -> None:
    """No output is a widget and the file keeps no widget state."""
    saved = _read(notebook)
    assert [o for o in _outputs(saved) if WIDGET_VIEW in o.get("data", {})] == []
    assert "widgets" not in saved.metadata


@each_notebook
def test_saved_notebook_is_public_and_small(notebook: Path) -> None:
    """The file holds no key and no path of a machine, and is under 2 MB."""
    raw = notebook.read_text(encoding="utf-8")
    pictures_out = re.sub(r"data:image/[^\"]+|\"image/jpeg\": \"[^\"]+\"", "", raw)
    assert PRIVATE.findall(pictures_out) == []
    assert notebook.stat().st_size < 2_000_000
    assert json.loads(raw)["nbformat"] == 4


def _results(saved: Any) -> list[dict[str, Any]]:
    return [o for o in _outputs(saved) if "data:image/" in str(o.get("data", {}).get("text/html"))]


def test_notebooks_are_numbered() -> None:
    """The names begin with two digits, so that people see where to start."""
    assert NOTEBOOKS
    assert all(re.match(r"\d\d_", file.name) for file in NOTEBOOKS)
    assert all(file.parent == CHECKOUT / "notebooks" for file in NOTEBOOKS)
