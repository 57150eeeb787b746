"""Axis lines at the end of a prompt, and texts that only look like them."""

from __future__ import annotations

import time

import pytest

from nanobanana_nb.model import axis_lines, checks
from nanobanana_nb.model.axis_lines import AxisLine


def test_lines_of_both_forms_are_read() -> None:
    """Values stand between bars, or one a line, indented; blank lines do not count."""
    prompt = "A cat\n\n---\nstyle: woodcut | 35 mm photo\n\nlight:\n  dawn, cold\n\tnoon\n"
    body, lines, notes = axis_lines.split(prompt)
    assert body == "A cat"
    assert lines.axes == (
        AxisLine("style", ("woodcut", "35 mm photo")),
        AxisLine("light", ("dawn, cold", "noon")),
    )
    assert notes == ()


def test_zip_names_what_goes_side_by_side() -> None:
    """Commas separate the names, which may be places without a name."""
    _, lines, _ = axis_lines.split("x\n---\nzip: style, aspect-ratio\nzip: choice 1, light")
    assert lines.zipped == (("style", "aspect_ratio"), ("choice 1", "light"))


def test_an_axis_may_be_called_zip() -> None:
    """With a bar it is an axis like any other."""
    _, lines, _ = axis_lines.split("{zip}\n---\nzip: 10115 | 20095")
    assert lines.axes == (AxisLine("zip", ("10115", "20095")),)


def test_the_last_rule_counts() -> None:
    """An earlier `---` stays in the prompt."""
    body, lines, _ = axis_lines.split("a\n---\nb\n---\nx: 1 | 2")
    assert body == "a\n---\nb"
    assert lines.axes[0].name == "x"


@pytest.mark.parametrize(
    "below",
    ["x: a | b", "x: 1..3", "x:\n  a", "zip: a, b", "aspect_ratio: 16:9", "model: nano-banana-pro"],
)
def test_what_makes_lines_an_axis(below: str) -> None:
    """A bar, a range, indented values, a coupling or a parameter."""
    assert axis_lines.split(f"A cat\n---\n{below}")[0] == "A cat"


@pytest.mark.parametrize(
    "prompt",
    [
        "A cat\n---",
        "A cat\n---\nAuthor: me",
        "# Title\n---\nSome text\nMore: text",
        "a\n---\n| a | b |\n| --- | --- |",
        "a\n----\nx: a | b",
        "a --- b\nx: a | b",
        "a\n---\nhttp://x | y",
        "a\n ---\nx: a | b",
        "---\ntitle: a\n---\nThe body.",
        "a\n---\nx: a\n  b",
    ],
)
def test_markdown_stays_text(prompt: str) -> None:
    """A rule over lines that are not all axes is text."""
    body, lines, _ = axis_lines.split(prompt)
    assert body == prompt
    assert lines.render() == ""


def test_a_line_that_spoils_the_others_is_noted() -> None:
    """Axes that are read as text because of another line are told."""
    _, _, notes = axis_lines.split("a\n---\nstyle: a | b\nand so on")
    assert len(notes) == 1
    assert "and so on" in notes[0]


def test_values_are_not_expanded() -> None:
    """Braces and colons in a value are text."""
    _, lines, _ = axis_lines.split("a\n---\nx: {y} | 16:9 | a\\|b")
    assert lines.axes[0].values == ("{y}", "16:9", "a|b")


@pytest.mark.parametrize("sign", ["鹭", "é", "กี่", "a·", "ß-", "日本 ", "é: ", "é|"])
@pytest.mark.parametrize("around", ["{}", "A\n---\n{}", "- {}", "zip: {}", "{{{}}}"])
def test_a_long_line_without_blanks_is_read_at_once(sign: str, around: str) -> None:
    """What no name ends is seen in one pass: with two ways for a letter it takes 2ⁿ steps."""
    begun = time.process_time()
    checks.is_clear(around.format(sign * 2_000))
    assert time.process_time() - begun < 5
