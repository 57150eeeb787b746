"""Programs that run a notebook without a person."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import nbformat
import pytest

from tests.frontends.conftest import Program, pictures

pytestmark = [pytest.mark.kernel, pytest.mark.long]
WIDGET = "application/vnd.jupyter.widget-view+json"


def _needs(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")


def test_papermill_runs_a_sweep_over_its_parameters(program: Program, written: Path) -> None:
    """The values of the tagged cell are replaced, the grid has one image for each of them."""
    _needs("papermill")
    program(
        "-m",
        "papermill",
        written,
        "out.ipynb",
        "-y",
        "time: [dawn, noon, night]",
        "--no-progress-bar",
    )
    out = written.with_name("out.ipynb").read_text()
    whole = nbformat.reads(out, 4)
    grid = next(cell for cell in whole.cells if "%%nanobanana" in cell.source)
    assert pictures(grid.outputs[-1].data["text/html"]) == 3
    assert WIDGET not in out
    frame = whole.cells[-1].outputs[-1].data["text/plain"]
    assert all(word in frame for word in ("dawn", "noon", "night", "4.0"))
    again = written.with_name("again.ipynb")
    program(
        "-m", "papermill", written, again, "-y", "time: [dawn, noon, night]", "--no-progress-bar"
    )
    assert "3 from the ledger" in again.read_text()


def test_nbconvert_runs_it_and_every_form_shows_its_pictures(
    program: Program, written: Path
) -> None:
    """Run with nbclient it keeps no widget; page, slides and Markdown have each picture."""
    program("-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", written)
    assert pictures(written.read_text()) >= 2
    assert WIDGET not in written.read_text()
    for form in ("html", "slides", "markdown"):
        program("-m", "nbconvert", "--to", form, written, "--output", f"out_{form}")
        (out,) = (p for p in written.parent.glob(f"out_{form}.*") if p.is_file())
        beside = list(written.parent.glob(f"out_{form}_files/*.jp*g"))
        assert pictures(out.read_text()) >= 2 or len(beside) >= 1, form
        assert "A heron at" in out.read_text()


def test_jupytext_brings_a_notebook_back(program: Program, written: Path) -> None:
    """Text and back: the cells are the same, and run."""
    _needs("jupytext")
    before = [(cell.cell_type, cell.source) for cell in nbformat.read(written, 4).cells]
    for form in ("Rmd", "md", "md:myst"):
        text = f"text.{form.partition(':')[0]}"
        program("-m", "jupytext", "--to", form, written, "-o", text)
        program("-m", "jupytext", "--to", "ipynb", text, "-o", "back.ipynb")
        back = nbformat.read(written.with_name("back.ipynb"), 4)
        assert [(cell.cell_type, cell.source) for cell in back.cells] == before, form
    program("-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "back.ipynb")
    assert pictures(written.with_name("back.ipynb").read_text()) >= 2


def test_myst_nb_executes_it_into_a_site(program: Program, written: Path) -> None:
    """Sphinx with MyST-NB runs the notebook and shows its pictures in the page."""
    _needs("myst_nb")
    folder = written.parent
    (folder / "conf.py").write_text(
        "extensions = ['myst_nb']\nroot_doc = 'herons'\n"
        "nb_execution_mode = 'force'\nnb_execution_raise_on_error = True\n"
        "include_patterns = ['herons.ipynb']\n"
    )
    program("-m", "sphinx", "-q", "-b", "html", folder, folder / "site")
    assert pictures((folder / "site" / "herons.html").read_text()) >= 2


def test_marimo_shows_a_grid_an_image_and_a_bill(program: Program, tmp_path: Path) -> None:
    """`generate` in a notebook of marimo: no magic, and results as they are elsewhere."""
    _needs("marimo")
    (tmp_path / "herons.py").write_text(MARIMO)
    program("-m", "marimo", "-q", "export", "html", "herons.py", "-o", "out.html")
    out = (tmp_path / "out.html").read_text()
    assert pictures(out) >= 3
    assert "credits" in out


MARIMO = """
import marimo

app = marimo.App()


@app.cell
def _():
    import nanobanana_nb as nb
    grid = nb.sweep("A {style} heron [square]", {"style": ["ink", "oil"]})
    grid
    return grid, nb


@app.cell
def _(grid):
    grid[0]
    return


@app.cell
def _(nb):
    nb.plan("A {style} owl", {"style": ["ink", "oil"]}).bill()
    return
"""
