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


OPTIONS = [
    *(("repeats: 2", "-n 2"), ("n = 3", "-n 3"), ("Repeats: 2", "-n 2"), ("batch_size: 4", "-n 4")),
    *(
        ("sample: 5", "--sample 5"),
        ("scout: true", "--scout"),
        ("max-credits: 9", "--max-credits 9"),
    ),
    *(("fresh: yes", "--fresh"), ("no_wait: on", "--no-wait"), ("dry-run: true", "--dry-run")),
]


@pytest.mark.parametrize(("line", "option"), OPTIONS)
@pytest.mark.parametrize("axes", ["", "s: ink | oil\n"])
def test_option_below_the_rule_is_told_as_it_is_written(line: str, option: str, axes: str) -> None:
    """`repeats: 2` is told `-n 2`, alone or beside axes, and nothing is planned without it."""
    if not axes and line.startswith("batch"):
        return  # may be words of a prompt
    with pytest.raises(InputError) as caught:
        _plan(f"{BODY}\n---\n{axes}{line}")
    assert f"`{option}`" in str(caught.value)
    assert "%%nanobanana line" in str(caught.value)


@pytest.mark.parametrize("line", ["scout: false", "fresh: no"])
def test_option_that_is_switched_off_is_left_out(line: str) -> None:
    """A switch has no value: who writes it says yes."""
    with pytest.raises(InputError, match="Leave it out"):
        _plan(f"{BODY}\n---\ns: ink | oil\n{line}")


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
