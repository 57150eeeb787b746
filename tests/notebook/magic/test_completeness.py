"""When a shell takes a cell for typed to its end: as it does without the extension."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from tests.notebook.bench import Bench

MAGIC_LINES = [
    "%%nanobanana",
    "%%nanobanana -o g",
    "%%nanobanana -a 16:9 -n 2 --yes",
]
LINES = st.sampled_from(
    [
        *MAGIC_LINES,
        *(
            "%%nanobanana?",
            "%%nanobananas",
            "%nanobanana wait",
            "%nanobanana",
            "g = %nanobanana history",
        ),
        *("%%time", "%%capture kept", "%time x", "x = 1", "if x:", "    y = (", ")", '"""'),
        *("a heron at dawn", "---", "colour: red | blue", "# a note", "", "    ", "a \\"),
    ]
)


def _judged_alone(cell: str) -> tuple[str, str]:
    """Return what a shell without the extension says."""
    status, spaces = TransformerManager().check_complete(cell)
    return status, " " * (spaces or 0)


@pytest.mark.parametrize("line", MAGIC_LINES)
@pytest.mark.parametrize("above", ["", "%%time\n", "%%capture kept\n", "# a note\n\n", "\n\n"])
def test_magic_is_typed_until_a_blank_line(bench: Bench, line: str, above: str) -> None:
    """Below the magic line goes the prompt; what ends it is a blank line, as for any cell magic."""
    typed = above + line
    assert bench.shell.check_complete(typed)[0] == "incomplete"
    assert bench.shell.check_complete(f"{typed}\na heron at dawn")[0] == "incomplete"
    assert bench.shell.check_complete(f"{typed}\na heron at dawn\n\n")[0] == "complete"


@pytest.mark.long
@given(st.lists(LINES, max_size=5), st.sampled_from(["", "\n", "\n\n"]))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_extension_changes_no_judgement(bench: Bench, lines: list[str], end: str) -> None:
    """Any cell is judged as without the extension; comments above our magic count for nothing."""
    first = next((i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), 0)
    ours = first < len(lines) and lines[first] in MAGIC_LINES
    alone = "\n".join(lines[first:] if ours else lines) + end
    assert bench.shell.check_complete("\n".join(lines) + end) == _judged_alone(alone)


def test_magic_line_alone_still_runs(bench: Bench) -> None:
    """Run without a body, the cell shows its help or says what is missing, in our own words."""
    assert bench.run("%%nanobanana -h").error is None
    assert "prompt" in bench.run("%%nanobanana -o g").told
