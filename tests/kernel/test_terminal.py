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


def test_progress_is_a_line_and_a_stop_is_quiet(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it runs one line is drawn again in its place; Ctrl-C says how it goes on."""
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "100")
    with terminal(environment.python, "IPython", tmp_path) as shell:
        _type_a_cell(shell)
        shell.read_until("\rwaiting")
        shell.interrupt()
        shell.read_until("Stopped waiting.")
        shell.read_until("In [3]:")
        assert shell.leave() == 0


@pytest.mark.parametrize(
    ("environ", "mark"),
    [
        ({"TERM_PROGRAM": "ghostty"}, "\x1b_G"),
        ({"TERM_PROGRAM": "WezTerm"}, "\x1bP"),
        ({"TERM_PROGRAM": "WezTerm", "NANOBANANA_TERMINAL_PICTURES": "off"}, ""),
        ({"TERM_PROGRAM": "WezTerm", "TMUX": "/tmp/tmux"}, ""),
        ({}, ""),
    ],
    ids=["kitty's", "sixel", "off", "in tmux", "plain"],
)
def test_a_picture_stands_under_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], mark: str
) -> None:
    """In a terminal that can; it is asked for nothing, so nothing is left on the next line."""
    for name in ("TMUX", "STY", "TERM_PROGRAM", "KITTY_WINDOW_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with terminal(Path(sys.executable), "IPython", tmp_path) as shell:
        shell.measure(1200, 800)
        _type_a_cell(shell)
        shell.read_until("Made by the built-in simulator")
        shell.read_until("In [3]:")
        shown = shell.before
        assert (mark in shown) == bool(mark) if mark else "\x1b_G" not in shown
        assert mark or "\x1bP" not in shown
        assert "\x1b[16t" not in shown
        assert "\x1b[c" not in shown
        assert shown.count("\n") < 30
        shell.type("g[0].image.size")
        shell.read_until("(1024, 1024)")
        assert shell.leave() == 0
