"""Whatever draws tracebacks: our errors are a line or two, and the wire's values are in none."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from nanobanana_nb.errors import NanobananaError, NotSentError
from tests.notebook.bench import Bench
from tests.notebook.conftest import KEY

CELLS = [
    "%%nanobanana -x\nA cat",
    "%%nanobanana\nA {cat}",
    "%%nanobanana\nA cat [fail]",
    "%nanobanana nothing",
    "nb.generate('a cat', images=3)",
    "nb.generate('a cat [fail]')",
    "nb.submit('a cat [fail]').result()",
    "await nb.agenerate('a cat [fail]')",
    "nb.sweep('a {x} cat [fail]', x=['red', 'blue'])",
    "nb.submit('a cat [fail]').grid[0].image",
]
BOX = "Traceback (most recent call last)"  # what rich draws above frames
MODES = ["Plain", "Context", "Verbose", "Minimal", "Docs"]


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """A shell with the extension, and the package by a short name."""
    bench.run("import nanobanana_nb as nb")
    return bench


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_shows_the_message_alone(bench: Bench, mode: str) -> None:
    """`%xmode` decides how much of other errors is shown, and never of ours."""
    bench.run(f"%xmode {mode}")
    for cell in CELLS:
        error = bench.fails(cell, NanobananaError).error
        assert bench.run(cell).traceback[0].startswith(f"{type(error).__name__}: "), cell
        assert bench.run("%tb").short


@pytest.mark.long
@pytest.mark.parametrize("first", ["rich", "nanobanana_nb"])
def test_rich_draws_the_message_alone(bench: Bench, first: str) -> None:
    """rich puts its own drawing in the place of IPython's, whichever is loaded first."""
    bench.run("%unload_ext nanobanana_nb")
    for extension in sorted(["rich", "nanobanana_nb"], key=first.__ne__):
        assert bench.run(f"%load_ext {extension}").error is None
    for cell in CELLS:
        drawn = bench.run(cell).printed
        assert "Error: " in drawn
        assert BOX not in drawn
        assert len(drawn) < 400, cell
    assert BOX in bench.run("1/0").printed
    stop = bench.run("from nanobanana_nb.notebook.status.stop import Stopped\nraise Stopped()")
    assert "resume" in stop.text
    assert BOX not in stop.told


@pytest.mark.parametrize("cell", ["%%nanobanana\nA cat", "nb.generate('A cat')"])
def test_frames_have_no_values_of_the_wire(bench: Bench, unreachable: str, cell: str) -> None:
    """A handler of one's own that draws all frames, causes and variables finds no key in them."""
    drawn: list[str] = []

    def draw(shell: Any, kind: Any, error: Any, frames: Any, tb_offset: Any = None) -> None:
        whole = traceback.TracebackException(kind, error, frames, capture_locals=True)
        drawn.append("".join(whole.format()))

    bench.shell.set_custom_exc((Exception,), draw)
    error = bench.run(cell).error
    bench.shell.set_custom_exc((), None)
    assert isinstance(error, NotSentError)
    assert error.__cause__ is error.__context__ is None
    assert unreachable in drawn[0]
    for hidden in (KEY, "httpx", "nanobanana_nb/api/"):
        assert hidden not in drawn[0]
