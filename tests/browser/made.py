"""Notebooks that tests make, and what a person finds in the saved file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from .notebook_page import NotebookPage

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
_OF_THE_PAGE = re.compile(r"/lab/api/|/api/(kernels|sessions|contents)|favicon|/static/")


def notebook_of(folder: Path, *sources: str) -> Path:
    """Write a notebook with a code cell for each source, and return its file."""
    notebook = v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[v4.new_code_cell(source) for source in sources],  # type: ignore[no-untyped-call]
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    file = folder / "made.ipynb"
    nbformat.write(notebook, file)  # type: ignore[no-untyped-call]
    return file


def outputs_of(saved: Any) -> list[Any]:
    """Return the outputs of all cells of a saved notebook."""
    return [output for cell in saved["cells"] for output in cell.get("outputs", [])]


def widgets_in(saved: Any) -> list[Any]:
    """Return the outputs that are widgets, and the models of widgets in the metadata."""
    views = [output for output in outputs_of(saved) if WIDGET_VIEW in output.get("data", {})]
    kept = saved["metadata"].get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    return views + [json.dumps(model) for model in kept.values()]


def problems_of_ours(page: NotebookPage) -> list[str]:
    """Return what the page reports as errors, but for what Jupyter reports about itself."""
    return [problem for problem in page.problems if not _OF_THE_PAGE.search(problem)]
