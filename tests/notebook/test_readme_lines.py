"""The README's code as a person types it: each line runs on the grid that the README shows."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.notebook.bench import Bench

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def _block(heading: str) -> list[str]:
    """Return the lines of the first Python block under a heading."""
    section = README.partition(f"\n## {heading}\n")[2]
    block = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert block
    return block[1].splitlines()


def _cell(sign: str) -> str:
    """Return the first cell of the README that has `sign` in it."""
    cells = re.findall(r"```\n(%%nanobanana.*?)```", README, re.DOTALL)
    return next(cell for cell in cells if sign in cell)


@pytest.mark.long
def test_lines_of_comparing_run_on_the_grid_of_the_readme(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six images of two axes, of which one is two side by side: no line of the section fails."""
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0")
    cell = _cell("zip:").replace("--dry-run", "-o grid")
    assert bench.run(cell).error is None
    monkeypatch.setattr(bench.shell, "kernel", SimpleNamespace(_allow_stdin=True), raising=False)
    lines = _block("Comparing")
    larger = []
    for line in lines:
        assert bench.run(line).error is None, line
        if line.startswith("more = "):
            larger.append(len(bench.names["more"]))
    assert (Path.cwd() / "herons.html").is_file()
    assert len(bench.run("grid").value) == 6, "a grid stays as long as it was"
    assert larger == [9, 18, 6], "a third colour, three of each, and nothing that was left out"
    assert len(lines) > 10
