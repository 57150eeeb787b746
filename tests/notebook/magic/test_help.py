"""What a person can read before the first image."""

from __future__ import annotations

import pytest

from nanobanana_nb.notebook.commands.registry import COMMANDS
from nanobanana_nb.notebook.magic import option_parser
from tests.notebook.bench import Bench

OPTIONS = [name for a in option_parser.cell_parser()._actions for name in a.option_strings]


def paged(bench: Bench, cell: str) -> str:
    """Return what a `?` cell shows in the pager."""
    pages: list[str] = []
    bench.shell.set_hook("show_in_pager", lambda _, data, **how: pages.append(str(data)))
    ran = bench.run(cell)
    assert ran.error is None, ran.told
    return "\n".join([*pages, ran.text])


def test_cell_magic_explains_itself(bench: Bench) -> None:
    """`%%nanobanana?` names every option, the placeholders and what is free."""
    text = paged(bench, "%%nanobanana?")
    for name in OPTIONS:
        assert name in text
    for said in ("{animal}", "list", "free", "ledger"):
        assert said in text


def test_line_magic_explains_itself(bench: Bench) -> None:
    """`%nanobanana?` names every command."""
    text = paged(bench, "%nanobanana?")
    for command in COMMANDS:
        assert f"%nanobanana {command}" in text


@pytest.mark.parametrize("cell", ["%nanobanana", "%nanobanana help", "%%nanobanana -h\nx"])
def test_help_names_everything(bench: Bench, cell: str) -> None:
    """Every way to help names the commands and the options."""
    text = bench.run(cell).text
    for command in COMMANDS:
        assert f"%nanobanana {command}" in text
    for name in OPTIONS:
        assert name in text


@pytest.mark.parametrize("cell", ["%nanobanana help", "%%nanobanana?"])
def test_help_is_free_of_markup(bench: Bench, cell: str) -> None:
    """The usage begins with the magic as it is typed, without markup meant for a manual."""
    text = paged(bench, cell)
    assert "%%%nanobanana" not in text
    assert "::" not in text
    assert "<W:H>" not in text


def test_help_begins_with_how_to_make_an_image(bench: Bench) -> None:
    """The first lines show a whole cell: that is what a beginner looks for."""
    first = "\n".join(bench.run("%nanobanana help").text.splitlines()[:8])
    assert "\n    %%nanobanana" in first


def test_options_are_explained(bench: Bench) -> None:
    """No option stands there without words."""
    assert all(action.help for action in option_parser.cell_parser()._actions)
