"""`--prompt` fills a cell's blanks, and no cell without it reads a prompt file."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb.library import library
from nanobanana_nb.model.plan.plan import Plan
from tests.notebook.bench import Bench

FILE = """[prompts.poster]
prompt = "A poster of {bird}, {style: @styles}"
aspect_ratio = "3:4"
model = "nano-banana-2"
[prompts.pair]
prompt = \"\"\"{bird} and {beast}
---
bird: heron | owl
beast: fox | hare
zip: bird, beast\"\"\"
[prompts.braces]
prompt = "A {x|y} sign"
raw = true
[lists]
styles = ["woodcut", "oil"]
"""


@pytest.fixture(autouse=True)
def prompts(folder: Path) -> None:
    """A file beside the notebook."""
    (folder / "prompts.toml").write_text(FILE, encoding="utf-8")


def planned(bench: Bench, line: str, body: str = "") -> Plan:
    """The plan of a cell."""
    ran = bench.run(f"%%nanobanana {line} --dry-run -o plan\n{body}")
    assert ran.error is None, ran.error
    plan: Plan = bench.names["plan"]
    return plan


def sent(plan: Plan) -> list[str]:
    """What it sends."""
    return [cell.request.prompt for cell in plan.cells]


BOTH = ["A poster of heron, woodcut", "A poster of heron, oil"]


def test_blanks_come_from_the_file(bench: Bench) -> None:
    """Text, parameters and model; names of the notebook as in any prompt."""
    bench.names["bird"] = "heron"
    plan = planned(bench, "--prompt poster")
    assert sent(plan) == BOTH
    request = plan.cells[0].request
    assert (request.model, request.parameter("aspect_ratio")) == ("google/nano-banana-2", "3:4")


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("", "---\nbird: heron"),
        ("", "---\nbird: heron\n"),
        ("--vary bird=heron", ""),
    ],
)
def test_axes_of_the_cell(bench: Bench, line: str, body: str) -> None:
    """Below the rule of an empty prompt, or in the line."""
    assert sent(planned(bench, f"--prompt poster {line}", body)) == BOTH


def test_what_the_cell_has_goes_before(bench: Bench) -> None:
    """Its text, its options, and an axis where the file has one value or other values."""
    bench.names["bird"] = "heron"
    plan = planned(bench, "--prompt poster -a 1:1 -m nano-banana", "An owl")
    assert sent(plan) == ["An owl"]
    assert plan.cells[0].request.parameter("aspect_ratio") == "1:1"
    assert plan.cells[0].request.model == "google/nano-banana"
    shapes = planned(bench, "--prompt poster", "---\naspect_ratio: 1:1 | 16:9")
    assert len(shapes.cells) == 4
    for line, body in (("", "---\nbird: kite"), ("--vary bird=kite", "")):
        assert sent(planned(bench, f"--prompt pair {line}", body)) == [
            "kite and fox",
            "kite and hare",
        ]


def test_lines_of_the_file(bench: Bench) -> None:
    """With axes that go together."""
    assert sent(planned(bench, "--prompt pair")) == ["heron and fox", "owl and hare"]


def test_a_raw_prompt(bench: Bench) -> None:
    """It is taken as it is; lines that would vary it are refused."""
    assert sent(planned(bench, "--prompt braces")) == ["A {x|y} sign"]
    error = bench.run("%%nanobanana --prompt braces --dry-run\n---\nx: a | b").error
    assert "nothing varies in it" in str(error)


def test_lines_that_are_no_axes(bench: Bench) -> None:
    """They are no words of a prompt that somebody else wrote."""
    for body in ("---\nA heron", "---\nstyl: ink"):
        error = bench.run(f"%%nanobanana --prompt pair --dry-run\n{body}").error
        assert "Nothing below --- is an axis of the prompt pair" in str(error)


def test_what_is_not_there(bench: Bench) -> None:
    """One sentence with the nearest name; nothing is sent."""
    assert "did you mean poster" in str(bench.run("%%nanobanana --prompt postr\n").error)
    assert "did you mean @styles" in str(bench.run("%%nanobanana\nA {s: @styls}").error)


def test_a_plain_cell_reads_no_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is there, nor broken, nor slow for who does not use it."""
    monkeypatch.setattr(library, "places", lambda: pytest.fail("it was looked for"))
    assert sent(planned(bench, "", "A heron {red|blue} a@b.example")) != []
