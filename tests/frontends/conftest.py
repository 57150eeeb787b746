"""Programs that run or read notebooks, each called as a person calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.project.sources import CHECKOUT

Program = Callable[..., str]
HERON = "%%nanobanana -o herons\nA heron at {time} [square]"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Calls a module of this Python in the test's folder, with the simulator and its own home."""
    environ = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "NANOBANANA_HOME": str(tmp_path / "home"),
        "NANOBANANA_PROVIDER": "simulator",
        "NANOBANANA_SIMULATOR_SPEED": "0",
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
    }

    def call(*words: str | Path) -> str:
        command = [sys.executable, *map(str, words)]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return call


def notebook(cells: Sequence[str]) -> NotebookNode:
    """Return a notebook of these cells that nobody has run, with the extension loaded."""
    code = [new_code_cell(source) for source in ("%load_ext nanobanana_nb", *cells)]
    whole = new_notebook(cells=[new_markdown_cell("# Herons"), *code])
    whole.metadata["kernelspec"] = KERNEL
    return whole


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A notebook that makes two herons, in the test's folder."""
    path = tmp_path / "herons.ipynb"
    whole = notebook(['time = ["dawn", "dusk"]', HERON, "herons.to_frame()[['time', 'credits']]"])
    whole.cells[2].metadata["tags"] = ["parameters"]
    nbformat.write(whole, path)
    return path


def pictures(text: str) -> int:
    """How many pictures stand in a page or a notebook, each as a JPEG of its own."""
    return text.count("data:image/jpeg;base64,")
