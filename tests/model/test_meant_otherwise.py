"""What a prompt is plainly meant to say, and would be paid as other words."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan import Plan, make_plan


def _plan(prompt: str, **options: Any) -> Plan:
    how = {"provider": "crun", "model": "nano-banana", "namespace": {}, **options}
    return make_plan(prompt, **how)


@pytest.mark.parametrize(
    "prompt",
    [
        "A wombat\nstyle: ink | oil",
        "A wombat\n\nStyle: ink | oil | tempera\n",
        "A wombat\nlight: day\nstyle: ink｜oil",
        "A wombat\nstyle: [ink, oil]",
        "A wombat\na: 1 | 2\nb: 3 | 4",
    ],
)
def test_an_axis_line_without_a_rule_is_refused_whoever_knows_its_name(prompt: str) -> None:
    """A last line `name: a | b` is no part of the picture."""
    with pytest.raises(InputError, match="An axis would be sent as words"):
        _plan(prompt)
    assert len(_plan(prompt, namespace=None).cells) == 1


@pytest.mark.parametrize(
    "prompt", ["Logo: cats | dogs", "A wombat\nTitle: Ink", "Style: ink | oil\nof a heron"]
)
def test_other_lines_with_a_colon_are_text(prompt: str) -> None:
    """A whole prompt, one value, and a line in the midst of the text stay."""
    assert _plan(prompt).cells[0].request.prompt == prompt


@pytest.mark.parametrize("text", ["{1..3}", "{ 1..3 }", "{-2..2}", "{10..1}"])
def test_a_range_without_a_name_is_refused(text: str) -> None:
    """It is plainly a range; the error shows how to write it."""
    with pytest.raises(InputError, match="needs a name") as caught:
        _plan(f"A photo of {text}")
    assert "{n: " in str(caught.value)
    assert _plan(f"A photo of {{{text}}}")


@pytest.mark.parametrize(
    "written",
    ["{ style }", "{style!r}", "{style:>10}", "{style[0]}", "{style.name}", "{style: ink, oil}"],
)
def test_a_known_name_with_more_than_itself_is_refused(written: str) -> None:
    """As no f-string fills it in, it is not paid as braces; an unknown one stays text."""
    with pytest.raises(InputError, match="Not filled in") as caught:
        _plan(f"A {written} heron", namespace={"style": "ink"})
    assert "{style}" in str(caught.value)
    assert _plan(f"A {written} heron").cells[0].request.prompt == f"A {written} heron"
