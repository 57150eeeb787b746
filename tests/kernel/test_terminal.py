"""The magic typed in a terminal, line by line, from `%load_ext` to the result."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.kernel.environments import Environment

if sys.platform == "win32":
    pytest.skip("pexpect needs a pseudo-terminal", allow_module_level=True)

from tests.kernel.terminal import Terminal, terminal

pytestmark = pytest.mark.kernel


def _type_a_cell(shell: Terminal) -> None:
    """Type a cell as IPython has it: a blank line, and Enter once more, end it."""
    shell.read_until("In [1]:")
    shell.type("%load_ext nanobanana_nb")
    shell.read_until("In [2]:")
    shell.type("%%nanobanana -o g")
    for line in ("a heron at dawn", "", ""):
        assert shell.read_until("...:", "Error", "In [3]:") == 0
        shell.type(line)


def test_typed_in_ipython(environment: Environment, tmp_path: Path) -> None:
    """In a terminal the shell asks for the prompt, and a blank line makes the image."""
    with terminal(environment.python, "IPython", tmp_path) as shell:
        _type_a_cell(shell)
        shell.read_until("1 image")
        shell.read_until("In [3]:")
        shell.type("g[0].image.size")
        shell.read_until("(1024, 1024)")
        assert shell.leave() == 0


def test_typed_in_jupyter_console(colab_environment: Environment, tmp_path: Path) -> None:
    """A console asks its kernel whether a cell is complete, and goes the same way."""
    with terminal(colab_environment.python, "jupyter_console", tmp_path) as shell:
        _type_a_cell(shell)
        shell.read_until("In [3]:")
        shell.type("g[0].image.size")
        shell.read_until("(1024, 1024)")
        assert shell.leave() == 0
