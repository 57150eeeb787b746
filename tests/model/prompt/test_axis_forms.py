"""Axis lines as people write them: understood where they are plain, else told before it is paid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from tests.model.plans import plan_of, prompts_of

BODY = "A {style} heron"
BOTH = ["A ink heron", "A oil heron"]


def _plan(prompt: str, **options: object) -> Plan:
    return plan_of(prompt, **{"namespace": {"style": "wax"}, **options})


@pytest.mark.parametrize(
    "lines",
    [
        *("style: ink | oil", "style: ink|oil", "style: ink ｜ oil", "style： ink | oil"),
        *("style: [ink, oil]", "style: [\"ink\", 'oil']", "style = ink | oil", "Style: ink | oil"),
        *("style:\n  - ink\n  - oil", "style:\n- ink\n- oil", "style:\n\tink\n\toil"),
        *("style:\n  * ink\n  • oil", "- style: ink | oil", "  style: ink | oil"),
        *("style:\n\n  - ink\n\n  - oil\n", "style :ink| oil", "{style}: ink | oil"),
        *("**style**: ink | oil", '"style": ["ink", "oil"]', "`style` = ink|oil"),
    ],
)
def test_plain_axes_are_understood(lines: str) -> None:
    """Bars, lists in brackets, one value a line: whatever names a place of the prompt."""
    assert prompts_of(_plan(f"{BODY}\n---\n{lines}")) == BOTH


@pytest.mark.parametrize(
    "rule", ["---", "----", " ---", "--- ", "\t---", "--", "- - -", "—", "–––", "***", "___", "==="]
)
def test_a_rule_of_any_kind_is_one_above_plain_axes(rule: str) -> None:
    """Under any rule the lines are axes if everything in them is known."""
    assert prompts_of(_plan(f"{BODY}\n{rule}\nstyle: ink | oil")) == BOTH


@pytest.mark.parametrize("name", ["aspect ratio", "Aspect Ratio", "aspect-ratio", "ASPECT_RATIO"])
def test_a_parameter_is_known_by_any_spelling(name: str) -> None:
    """Blanks, hyphens and capitals do not count in the name of a parameter."""
    plan = _plan(f"A heron\n---\n{name}: 1:1 | 16:9")
    assert [cell.request.parameter("aspect_ratio") for cell in plan.cells] == ["1:1", "16:9"]
    coupled = _plan(f"{BODY}\n---\nstyle: ink | oil\n{name}: 1:1 | 16:9\nzip: style, {name}")
    assert len(coupled.cells) == 2


@pytest.mark.parametrize(
    "prompt",
    [
        f"{BODY}\n---\nstyle: ink | oil\nand so on",
        f"{BODY}\n---\nand so on\nstyle: ink | oil",
        f"{BODY}\n---\nstyle: ink | oil\n---",
        f"{BODY}\n\nstyle: ink | oil",
        f"---\nstyle: ink | oil\n---\n{BODY}",
        f"---\nstyle:\n  - ink\n  - oil\n---\n{BODY}",
        f"{BODY}\n---\n# styles\nstyle: ink | oil",
        f"{BODY}\n----\nstyle: ink | oil\nmood: calm | wild",
        "A heron\naspect_ratio: 1:1 | 16:9",
        "A heron\n---\nresolution: [1K, 2K]\n...",
        f"{BODY}\n---\nstyle: ink | oil\n----\naspect ratio: 1:1 | 4:3",
    ],
)
def test_axes_that_would_be_words_are_refused(prompt: str) -> None:
    """What is plainly an axis and stands where none is read is never paid as a part of the text."""
    with pytest.raises(InputError, match="words of the prompt") as caught:
        _plan(prompt)
    assert "---" in str(caught.value)
    assert prompts_of(_plan(prompt, namespace=None)) == [prompt], "--raw sends it"


@pytest.mark.parametrize(
    "lines", ["style: ink, oil", "style: [ink]", "Author: me", "a: b\nc: d", "mood = calm | wild"]
)
@pytest.mark.parametrize("rule", ["---", "----"])
def test_text_that_has_the_form_of_an_axis_is_noted_or_told(rule: str, lines: str) -> None:
    """Names that nothing knows are no axes, as in Markdown; a note says so."""
    prompt = f"A heron\n{rule}\n{lines}"
    plan = _plan(prompt)
    assert prompts_of(plan) == [prompt]
    assert bool(plan.notes) == (":" in lines)


@pytest.mark.parametrize("line", ["Style: soft", "style: {style}", "Style: {style}, soft"])
def test_a_heading_is_no_axis(line: str) -> None:
    """One value under a name in capitals, or one that holds the place itself, stays text."""
    plan = _plan(f"{BODY}\n---\n{line}")
    assert prompts_of(plan) == [f"A wax heron\n---\n{line.replace('{style}', 'wax')}"]
    assert len(plan.notes) == 1


@pytest.mark.parametrize(
    "prompt",
    [
        "A poster\n---\nSome text",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "A poster with style: ink | oil on it",
        "A heron\n***\nand an owl",
        "The end —\n—\nof it",
        "Text\n---",
        "image: left | right",
        "model: T | S",
    ],
)
def test_prompts_with_rules_and_bars_are_sent_without_a_word(prompt: str) -> None:
    """Nothing is said of a text that nobody would write for axes."""
    plan = _plan(prompt)
    assert prompts_of(plan) == [prompt]
    assert plan.notes == ()


def test_a_comment_behind_a_value_is_asked_about() -> None:
    """It would be sent as a part of the value, which nobody would guess."""
    with pytest.raises(InputError, match="Not clear what style is") as caught:
        _plan(BODY, vary=["style=ink|oil # or wax"])
    assert "--vary 'style=ink | oil'" in str(caught.value)
    quoted = _plan(BODY, vary=['style=ink|"oil # or wax"'])
    assert prompts_of(quoted) == ["A ink heron", "A oil # or wax heron"]


def test_a_place_in_a_value_is_asked_about() -> None:
    """Nothing is filled into a value; who expects otherwise reads it before paying."""
    with pytest.raises(InputError, match="nothing is filled into a value"):
        _plan(f"{BODY}\n---\nstyle: {{style}} | oil")
    quoted = _plan(f'{BODY}\n---\nstyle: "{{style}}" | oil')
    assert prompts_of(quoted) == ["A {style} heron", "A oil heron"]


LINES = st.lists(
    st.sampled_from(
        [
            *(
                "---",
                "----",
                " ---",
                "—",
                "style: ink | oil",
                "style: ink, oil",
                "style:",
                "  - ink",
            ),
            *("aspect ratio: 1:1 | 4:3", "resolution = 1K|2K", "zip: style, aspect ratio", "", "x"),
            *("Author: me", "mood: a | b", "{style}", "{a|b}", "- oil", "style: [ink, oil]"),
        ]
    ),
    max_size=6,
)


@given(LINES)
def test_axes_are_never_words_in_silence(lines: list[str]) -> None:
    """Below a rule, several values of a known name vary, are told, or end in an error."""
    prompt = "\n".join([BODY, *lines])
    try:
        plan = _plan(prompt)
    except InputError:
        return
    kept = plan.prompt.split("\n")
    rules = [n for n, line in enumerate(kept) if line.strip() in ("---", "----", "—")]
    below = kept[rules[0] + 1 :] if rules else kept[-1:]
    strong = [line for line in below if "ink | oil" in line or "1:1 |" in line or "1K|" in line]
    assert strong == []
