"""What Shift-Tab says: of each option and command what the help says, of a name its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.notebook.commands.registry import COMMANDS
from nanobanana_nb.notebook.completion.explanation import explanation
from tests.notebook.bench import Bench

AT = "¦"


def explained(bench: Bench, cell: str) -> str:
    """Return what is said where the cursor stands."""
    return explanation(bench.shell, cell.replace(AT, ""), cell.index(AT))


@pytest.mark.parametrize("name", OPTIONS)
def test_options(bench: Bench, name: str) -> None:
    """Within its name, at its end, and at its value, in every form."""
    option = OPTIONS[name]
    for flag in option.flags:
        for cell in (f"%%nanobanana {flag}¦\nA cat", f"%%nanobanana {flag[:2]}¦{flag[2:]}\nA cat"):
            assert option.does.replace("`", "") in explained(bench, cell)
            assert option.flags[-1] in explained(bench, cell)


def test_values(bench: Bench) -> None:
    """What the model takes, and that it takes none."""
    said = explained(bench, "%%nanobanana -m nano-banana-2 -a 1¦6:9\nA cat")
    assert "nano-banana-2 takes" in said
    assert "8:1" in said
    assert "nano-banana does not take it" in explained(bench, "%%nanobanana -r¦\nA cat")


@pytest.mark.parametrize("name", COMMANDS)
def test_commands(bench: Bench, name: str) -> None:
    """How a command is written, at its name and behind it."""
    for cell in (
        f"%nanobanana {name}¦",
        f"%nanobanana {name[:2]}¦{name[2:]}",
        f"%nanobanana {name} ¦",
    ):
        assert COMMANDS[name].sentence.replace("`", "") in explained(bench, cell)


def test_names_in_braces(bench: Bench) -> None:
    """The value of a variable, a long one cut."""
    bench.names.update(bird="heron", birds=["heron"] * 10_000)
    assert explained(bench, "%%nanobanana\nA {bi¦rd}") == "bird = 'heron'"
    assert len(explained(bench, "%%nanobanana\nA {birds¦}")) < 1_100


@pytest.mark.parametrize(
    "cell", ["pri¦nt", "%%nanobanana\nA c¦at", "%%nanobanana\nA {no¦ne}", "%%nan¦obanana"]
)
def test_nothing_else(bench: Bench, cell: str) -> None:
    """What is no word of ours is IPython's to explain."""
    assert explained(bench, cell) == ""


def test_prompts_and_lists(bench: Bench, folder: Path) -> None:
    """The text of the prompt that is named, and the values of a list."""
    text = '[prompts.poster]\nprompt = "A {bird}"\naspect_ratio = "3:4"\n[lists]\nst = ["a", "b"]\n'
    (folder / "prompts.toml").write_text(text, encoding="utf-8")
    for cell in ("%%nanobanana --prompt pos¦ter\n", "%%nanobanana --prompt poster¦\n"):
        assert explained(bench, cell) == "A {bird}\n\naspect_ratio: 3:4"
    assert explained(bench, "%%nanobanana\nA {style: @s¦t}") == "@st = a | b"
    assert "prompts.toml" in explained(bench, "%%nanobanana --prompt no¦ne\n")
