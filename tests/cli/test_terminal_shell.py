"""The command at a real terminal: it asks before it pays, and shows how far it is."""

from __future__ import annotations

import re
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("pexpect needs a pseudo-terminal", allow_module_level=True)

import pexpect

from tests.cli.shell import COMMAND, Shell
from tests.fixtures import until

pytestmark = pytest.mark.long


def _typed(shell: Shell, *words: str, **environ: str) -> pexpect.spawn:
    """A command that was typed at a terminal of 60 columns."""
    return pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], *words],
        cwd=str(shell.folder),
        env={**shell.environ(), "TERM": "xterm", **environ},
        encoding="utf-8",
        timeout=60,
        dimensions=(30, 60),
    )


def _code(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


@pytest.mark.parametrize(("typed", "code", "count"), [("y", 0, 1), ("", 3, 0), ("n", 3, 0)])
def test_it_asks_before_it_pays(shell: Shell, typed: str, code: int, count: int) -> None:
    """Only a yes pays; the bill stands above the question."""
    child = _typed(shell, "make", "A heron", "-o", "heron.png")
    child.expect("4 credits")
    child.expect(re.escape("Pay 4 credits? [y/N] "))
    child.sendline(typed)
    assert _code(child) == code
    assert len(shell.service.creates()) == count
    assert (shell.folder / "heron.png").exists() == bool(count)


def test_an_interrupt_at_the_question_pays_nothing(shell: Shell) -> None:
    """Ctrl-C ends it as everywhere."""
    child = _typed(shell, "make", "A heron")
    child.expect(re.escape("[y/N] "))
    child.sendcontrol("c")
    assert _code(child) == 130
    assert shell.service.creates() == []


def test_what_is_here_is_not_asked_about(shell: Shell) -> None:
    """The ledger's images cost nothing, and an amount that was allowed is a yes."""
    for words in (("--max-credits", "4"), ()):
        child = _typed(shell, "make", "A heron", *words)
        child.expect(pexpect.EOF)
        assert "[y/N]" not in child.before
        child.close()
        assert child.exitstatus == 0
    assert len(shell.service.creates()) == 1


@pytest.mark.parametrize("without", [{}, {"TEST_WITHOUT": "rich"}], ids=["bar", "line"])
def test_progress_is_drawn_in_its_place(slow_shell: Shell, without: dict[str, str]) -> None:
    """A bar where rich is installed, else a line; it is never wider than the terminal."""
    (slow_shell.folder / "sitecustomize.py").write_text(
        "import os, sys\nsys.modules.update(dict.fromkeys("
        "os.environ.get('TEST_WITHOUT', '').split()))\n"
    )
    path = f"{slow_shell.folder}:{slow_shell.environ()['PYTHONPATH']}"
    child = _typed(slow_shell, "make", "A {a|b|c} heron", "--yes", PYTHONPATH=path, **without)
    child.expect(re.escape("0 of 3"))
    child.expect(re.escape("0 of 3"))
    assert ("━" in child.before + child.buffer) == (not without)
    until(lambda: len(slow_shell.service.creates()) == 3, 60)
    slow_shell.service.advance(10_000)
    child.expect("3 images")
    assert _code(child) == 0
