"""A kernel whose folder changes: one home, one notebook, one folder of copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernel.conftest import StartKernel

pytestmark = pytest.mark.kernel

CELL = "%%nanobanana -o grid\na heron"
STATE = "print(grid[0].path.exists(), grid[0].cached)"


@pytest.mark.parametrize("told", [{}, {"JPY_SESSION_NAME": "/elsewhere/herons.ipynb"}])
@pytest.mark.parametrize("by", ["environment", "%config"])
def test_relative_home_is_one_ledger_wherever_the_notebook_goes(
    start_kernel: StartKernel, tmp_path: Path, by: str, told: dict[str, str]
) -> None:
    """The same cell after `%cd` is free, its image is there, and `spend` knows the notebook."""
    (tmp_path / "sub").mkdir()
    environ = {"NANOBANANA_HOME": "nbhome" if by == "environment" else "", **told}
    notebook = start_kernel(environ)
    notebook.run("%load_ext nanobanana_nb")
    if by == "%config":
        notebook.run("%config NanobananaMagics.home = 'nbhome'")
    cells = [CELL, STATE, "%cd -q sub", CELL, STATE, "%nanobanana spend"]
    first, paid, _, again, free, spend = notebook.queue(cells)
    assert (paid.text, free.text) == ("True False\n", "True True\n")
    assert [file.parent for file in tmp_path.rglob("ledger.sqlite")] == [tmp_path / "nbhome"]
    assert [path.parent for path in tmp_path.rglob("nanobanana_images")] == [tmp_path]
    assert all('href="nanobanana_images/' in cell.all("text/html")[-1] for cell in (first, again))
    assert "this notebook 4." in spend.all("text/plain")[0]
