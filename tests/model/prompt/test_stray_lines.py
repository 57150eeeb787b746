"""Lines that would be paid as words: lists, axes that are not read, options and magics."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.prompt import checks
from tests.model.plans import plan_of

BODY = "A {s} heron"


def _plan(prompt: str, **options: Any) -> Plan:
    return plan_of(prompt, **{"namespace": {"s": "wax"}, **options})


@pytest.mark.parametrize(
    "lines",
    [
        *("1. ink\n2. oil", "1) ink\n2) oil", "(1) ink\n(2) oil", "a) ink\nb) oil"),
        *("+ ink\n+ oil", "– ink\n– oil", "· ink\n· oil", "| ink\n| oil", "| ink |\n| oil |"),
        *("ink,\noil,", "ink,\noil", '"ink",\n"oil"', "- ink;\n- oil", "ink |\noil", "ink | oil"),
    ],
)
@pytest.mark.parametrize("indent", ["  ", ""])
def test_marks_of_every_list_are_none_of_the_values(lines: str, indent: str) -> None:
    """Numbers that count, bars and commas at the ends separate values as dashes do."""
    if indent or lines[0] not in 'i"':
        below = "\n".join(indent + line for line in lines.split("\n"))
        assert _plan(f"{BODY}\n---\ns:\n{below}").axes[0].values == ("ink", "oil")


@pytest.mark.parametrize("lines", ["1. FC\n3. FC", "ink,\noil;\nwax", "1. ink\noil"])
def test_what_makes_no_list_is_part_of_the_values(lines: str) -> None:
    """Numbers that do not count, and ends that differ, are words."""
    below = "\n".join(f"  {line}" for line in lines.split("\n"))
    assert _plan(f"{BODY}\n---\ns:\n{below}").axes[0].values == tuple(lines.split("\n"))


@pytest.mark.parametrize(
    "lines",
    [
        *("s: [ink,\n oil]", "s: >\n  ink\n  oil", "s: (ink,\n oil)", "s: ink,\n  oil"),
        *("art style: ink | oil", "art-style: ink | oil", "mood: calm / wild", "s: ink\nand so on"),
    ],
)
def test_an_axis_below_a_rule_is_never_words(lines: str) -> None:
    """Values over several lines, a name of several words, and lines that are mixed are refused."""
    prompt = f"{BODY}\n---\n{lines}"
    with pytest.raises(InputError, match=r"words of the prompt|names nothing"):
        _plan(prompt)
    assert _plan(prompt, namespace=None).cells[0].request.prompt == prompt


ELSEWHERE = [
    *("-n 2 -a 16:9\nA heron", "A heron\n-n 4", "A heron\n-a 16:9 --dry-run", "A heron\n–n 2"),
    *("A heron\n--repeats=2", "A heron\n—dry-run", "A heron\n---\n-a 16:9", "-a '16:9' -o x\nA"),
    *("A heron\n---\n--vary style=ink|oil", "A heron\n---\naspect_ratio 16:9", "---"),
    *("A heron\n---\n16:9 | 1:1", "A heron\n---\nn: 2", "A heron\n---\nscout: true"),
    *("%%nanobanana -n 2\nA heron", "A heron\n%%time\nA crane", "%nanobanana balance"),
]


@pytest.mark.parametrize("prompt", ELSEWHERE)
def test_lines_that_belong_elsewhere_are_refused(prompt: str) -> None:
    """Options, magics and settings are told where they go, in a cell and from Python alike."""
    with pytest.raises(InputError, match="No part of a picture") as caught:
        _plan(prompt)
    assert "--raw" in caught.value.action
    with pytest.raises(InputError, match="Not sent"):
        checks.check_text(prompt)
    assert _plan(prompt, namespace=None).cells[0].request.prompt == prompt


@pytest.mark.parametrize(
    "prompt",
    [
        *("A cat --ar 16:9", "A cat\n--ar 16:9 --v 6", "- a cat\n- n birds", "-a man, -a woman"),
        *("A terminal with `ls -n 2`", "%% Section\n\\begin{x}", "%%EOF", "100 %\n%comment"),
        *("Psalm\n---\n3:16", "Score\n---\nyes: 5\nno: 3", "n: 2", "— he said —", "--help me out"),
        *("Menu\n---\nSoup: tomato / leek\nTea: black / green", "-i love you", "aspect_ratio 16:9"),
    ],
)
def test_lines_of_other_kinds_are_text(prompt: str) -> None:
    """Flags of others, lists, dialogue, comments of LaTeX and verses are sent as they are."""
    assert _plan(prompt).cells[0].request.prompt == prompt
