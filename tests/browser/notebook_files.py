"""Notebooks that tests make, and what a person finds in the saved file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.browser.notebook_page import NotebookPage
from tests.service import Service

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
_OF_THE_PAGE = re.compile(r"/lab/api/|/api/(kernels|sessions|contents)|favicon|/static/")


def notebook_of(folder: Path, *sources: str) -> Path:
    """Write a notebook with a code cell for each source, and return its file."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    file = folder / "made.ipynb"
    file.write_text(json.dumps(notebook), encoding="utf-8")
    return file


def notebook_with(service: Service, folder: Path, *sources: str) -> Path:
    """Write a notebook whose first cell lets its kernel ask `service`, with a home of its own."""
    environ = {**service.environ, "NANOBANANA_HOME": str(folder / "home")}
    begin = f"import os\nos.environ.update({environ!r})\n%load_ext nanobanana_nb"
    return notebook_of(folder, begin, *sources)


def exported(saved: Any) -> str:
    """Return the page that nbconvert makes of a saved notebook."""
    import nbformat  # both take seconds that only few tests need
    from nbconvert import HTMLExporter

    notebook = nbformat.reads(json.dumps(saved), as_version=4)  # type: ignore[no-untyped-call]
    page, _ = HTMLExporter().from_notebook_node(notebook)  # type: ignore[no-untyped-call]
    return str(page)


def outputs_of(saved: Any) -> list[Any]:
    """Return the outputs of all cells of a saved notebook."""
    return [output for cell in saved["cells"] for output in cell.get("outputs", [])]


def widgets_in(saved: Any) -> list[Any]:
    """Return the outputs that are widgets, and the models of widgets in the metadata."""
    views = [output for output in outputs_of(saved) if WIDGET_VIEW in output.get("data", {})]
    kept = saved["metadata"].get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    return views + [json.dumps(model) for model in kept.values()]


def github_takes(saved: Any) -> bool:
    """Return whether GitHub draws it: it refuses widgets in the metadata without their `state`."""
    return all("state" in kept for kept in saved["metadata"].get("widgets", {}).values())


def problems_of_ours(page: NotebookPage) -> list[str]:
    """Return what the page reports as errors, but for what Jupyter reports about itself."""
    return [problem for problem in page.problems if not _OF_THE_PAGE.search(problem)]
