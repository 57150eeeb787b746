"""Prompts of `generate`, `submit` and `edit`, which are sent as they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import nanobanana_nb
from nanobanana_nb.entry.launch import session_for
from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt import checks

SEVERAL = [
    "A {red|blue} heron",
    "A {mood: calm|wild} heron",
    "A {n: 1..3} heron",
    "A {a|{b|c}} heron",
    "A heron {style}\n---\nstyle: ink | oil",
    "A heron\n---\naspect_ratio: 1:1 | 16:9",
    "A heron\n---\naspect_ratio: 16:9",
    "A heron\naspect_ratio: 1:1 | 16:9",
    "A {style} heron\nstyle: ink | oil",
]
TEXT = [
    "A heron, {name}",
    '{"scene": {"bird": "heron|crane"}}',
    r"\frac{a}{b} and x_{i|j} on a board",
    "{% if a|b %}",
    "A heron {{ink|oil}}",
    "Rock & roll\n---\nA second part",
    "Title: a heron",
    "{x | x > 0}",
]
FACES: list[Callable[[str], Any]] = [
    nanobanana_nb.generate,
    nanobanana_nb.submit,
    lambda prompt: asyncio.run(nanobanana_nb.agenerate(prompt)),
]


@pytest.fixture(autouse=True)
def simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the simulator answer at once."""
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulator")
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0")


@pytest.mark.parametrize("prompt", SEVERAL)
@pytest.mark.parametrize("face", FACES)
def test_a_prompt_for_several_images_is_not_paid_as_words(
    face: Callable[[str], Any], prompt: str
) -> None:
    """A choice or an axis is refused before anything is sent, with both ways to go on."""
    with pytest.raises(InputError, match="Not sent") as caught:
        face(prompt)
    assert "sweep(...)" in str(caught.value)
    assert "raw=True" in str(caught.value)


@pytest.mark.parametrize("prompt", TEXT)
def test_other_braces_and_lines_stay_text(prompt: str) -> None:
    """Names alone, JSON, LaTeX, tags and Markdown are sent as they are."""
    checks.check_text(prompt)


def test_an_edit_refuses_and_raw_sends_as_it_is() -> None:
    """An edit is a prompt like any other; `raw=True` is the way out in each."""
    grid = nanobanana_nb.generate("A {red|blue} heron", raw=True)
    assert grid.one.request.prompt == "A {red|blue} heron"
    with pytest.raises(InputError, match="Not sent"):
        grid[0].edit("make it {night|day}")
    edited = grid[0].edit("make it {night|day}", raw=True)
    assert edited.one.request.prompt == "make it {night|day}"
    assert session_for().provider.simulated
