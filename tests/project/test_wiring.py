"""What is registered in one place is wired through in all: derived from the product's own tables.

Each table here names an exception and why it is one. A new option, command or export ending that
stands in its own table alone breaks a test.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from argparse import Action
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Self

import pytest

import nanobanana_nb as nb
from nanobanana_nb.model import arguments, field_names
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.limits import Terms
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.notebook.commands.command import Command
from nanobanana_nb.notebook.commands.registry import COMMANDS, help_text
from nanobanana_nb.notebook.magic import cell_plan, cell_run, options
from nanobanana_nb.notebook.panel.draft import AxisDraft, Draft, as_line_and_body
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.export import ENDINGS
from tests.project.sources import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PARSER = options.cell_parser()
ACTIONS = {action.dest: action for action in PARSER._actions}
GIVEN = {  # an option line that gives each option a value that is not its default
    "model": "-m nano-banana-pro",
    "aspect_ratio": "-a 16:9",
    "output_format": "-f png",
    "resolution": "-r 2K",
    "image": "-i https://example.org/a.png",
    "repeats": "-n 3",
    "vary": "--vary style=ink|oil",
    "sample": "--sample 2",
    "sample_seed": "--sample-seed 7 --sample 2",
    "scout": "--scout",
    "rows": "--rows animal",
    "cols": "--cols animal",
    "private": "--private",
    "callback_url": "--callback-url https://example.org/cb",
    "raw": "--raw --vary aspect_ratio=1:1|3:2",
    "set": "--set tone=soft",
    "fresh": "--fresh",
    "yes": "--yes",
    "strict": "--strict",
    "max_credits": "--max-credits 5",
}
IN_PYTHON = {"image": "images", "vary": "axes"}  # the same under Python's name
NOT_IN_PYTHON = {
    "out": "a function returns its result",
    "no_wait": "`submit` does that",
    "dry_run": "`plan(...).bill()` does that",
    "set": "further fields are keywords of their own",
    "help": "Python has its own",
}
RUNS = {"fresh", "yes", "strict", "max_credits"}  # what goes into `Terms`, and into no plan
HERE = {"out", "no_wait", "dry_run", "help", "provider"}  # what the cell itself does with it
GENERATE_HAS_NOT = {"vary", "sample", "sample_seed", "scout", "rows", "cols"}  # grids have
NOT_IN_JSON = {"callback_url": "it may hold a secret"}
OF_THE_PANEL = {
    "model": "model",
    "repeats": "repeats",
    "image": "images",
    "vary": "axes",
    "rows": "axes",
    "cols": "axes",
    "fresh": "fresh",
    "raw": "raw",
    **dict.fromkeys(("aspect_ratio", "output_format", "resolution", "set"), "fields"),
}
NOT_IN_THE_PANEL = {
    **dict.fromkeys(("sample", "sample_seed", "scout"), "a grid by mouse is made whole"),
    **dict.fromkeys(("yes", "max_credits"), "the button names its price, and allows that much"),
    **dict.fromkeys(("strict", "no_wait", "out", "dry_run"), "the panel shows results and bill"),
    **dict.fromkeys(("provider", "callback_url", "private", "help"), "the settings, or a cell"),
}


def keywords(*faces: Callable[..., Any]) -> set[str]:
    """The named parameters of functions."""
    return {name for face in faces for name in inspect.signature(face).parameters}


def test_every_option_is_a_keyword() -> None:
    """Each option of the cell is one of `generate` and of `plan` or `sweep`, or is listed."""
    named = {IN_PYTHON.get(dest, dest) for dest in ACTIONS if dest not in NOT_IN_PYTHON}
    parameters = {"aspect_ratio", "output_format", "resolution"}  # `plan` takes these as fields
    assert named - keywords(nb.plan, nb.sweep) == parameters
    grids = {IN_PYTHON.get(dest, dest) for dest in GENERATE_HAS_NOT}
    assert named - keywords(nb.generate) == grids
    assert keywords(nb.generate) == keywords(nb.agenerate) == keywords(nb.submit)
    assert keywords(nb.sweep) == keywords(nb.asweep)


def test_every_option_is_refused_as_a_field() -> None:
    """What one door lacks is told where it goes, and never sent as a field of a paid model."""
    assert set(ACTIONS) <= set(field_names.PLACES)
    assert keywords(nb.generate, nb.plan, nb.sweep) - set(field_names.PLACES) == {
        *("input", "template", "fixed", "options"),  # the text itself, and what has no name
    }


def test_every_switch_and_number_has_its_kind() -> None:
    """Each option that is no free text is checked for its kind at every door."""
    typed = {d for d, a in ACTIONS.items() if a.type is not None or a.const is True}
    parameters = {"aspect_ratio", "output_format", "resolution"}  # the model's, with its own rules
    assert typed - set(NOT_IN_PYTHON) - parameters <= set(arguments._KINDS)


def asked(line: str) -> Any:
    """The options of a line, with a prompt that has what they name."""
    return options.parse(PARSER, line)


class Silent:
    """What `plan_of` needs of a session, with no service and nothing paid behind it."""

    provider = type("Provider", (), {"name": "crun"})
    settings = type("Settings", (), {"model": "google/nano-banana-2"})

    @property
    def ledger(self) -> Self:
        """Stand for a ledger, too."""
        return self

    def schema(self, model: str) -> dict[str, Any]:
        """Say nothing of any model."""
        return {}

    def alike(self, requests: list[Any]) -> list[int]:
        """Know no request that only looks the same."""
        return []


class Shell:
    """What `plan_of` needs of a shell."""

    user_ns = {"animal": ["cat", "owl", "hare"]}  # noqa: RUF012
    user_ns_hidden: dict[str, Any] = {}  # noqa: RUF012


def planned(line: str) -> Plan:
    """The plan of a cell with this option line."""
    prompt = "A {animal}{style}" if "style" in line else "A {animal}"
    return cell_plan.plan_of(asked(line), prompt, Silent(), Shell())  # type: ignore[arg-type]


@pytest.mark.parametrize("dest", ACTIONS)
def test_every_option_does_something(dest: str) -> None:
    """With it the plan or the terms are others than without; else the cell itself uses it."""
    if dest in HERE:
        assert f"options.{dest}" in inspect.getsource(cell_run)
        return
    line = GIVEN[dest]
    if dest in RUNS:
        assert cell_run._terms(asked(line)) != cell_run._terms(asked("")) == Terms()
    else:
        plain = line.replace("--sample-seed 7 ", "").replace("--raw ", "")
        base = "" if plain == line else plain
        assert _record(planned(line)) != _record(planned(base))


def _record(plan: Plan) -> tuple[Any, ...]:
    return (*(getattr(plan, field.name) for field in fields(Plan)),)


@pytest.mark.parametrize("dest", [dest for dest in ACTIONS if dest not in HERE | RUNS])
def test_every_option_of_a_plan_survives_json(dest: str) -> None:
    """A plan that is kept and read again is the same, but for what is listed."""
    plan = planned(GIVEN[dest])
    read = Plan.from_json(plan.to_json())
    bare = replace(read, **{name: getattr(plan, name) for name in NOT_IN_JSON})
    if dest == "private":
        assert all(cell.request.private for cell in read.cells)
    else:
        assert _record(bare) == _record(plan)


def test_every_field_of_a_plan_is_in_its_json() -> None:
    """A new field of the record is written, or listed with its reason."""
    written = set(json.loads(planned("").to_json()))
    assert {field.name for field in fields(Plan)} - written == set(NOT_IN_JSON)


def test_every_keyword_of_a_plan_is_taken_by_every_way_to_it() -> None:
    """What makes a plan is given by `plan`, `generate` and the cell, or left out for a reason."""
    makes = keywords(make_plan) - {"prompt", "provider", "namespace", "parameters", "axes"}
    passed = _passed(cell_plan.plan_of) | set(cell_plan._OF_THE_PLAN)
    assert makes - passed == {"zipped", "fields"}  # a line below the prompt; `plan_for` asks
    assert makes - _passed(nb.plan) == {"vary", "fields"}  # Python has `axes` for it


def _passed(function: Callable[..., Any]) -> set[str]:
    """The keywords that a function passes on to what it calls."""
    tree = ast.parse(inspect.getsource(function))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}


def test_every_option_is_in_the_panel() -> None:
    """Each option has its place in the panel's record, or is listed with its reason."""
    assert set(ACTIONS) == set(OF_THE_PANEL) | set(NOT_IN_THE_PANEL)
    assert set(OF_THE_PANEL) & set(NOT_IN_THE_PANEL) == set()
    assert set(OF_THE_PANEL.values()) | {"prompt"} == {field.name for field in fields(Draft)}


def test_every_field_of_the_panel_becomes_an_option() -> None:
    """A panel in which all is set asks by the options that are said to be its own."""
    axes = (AxisDraft("animal", "cat|owl", "rows"), AxisDraft("aspect_ratio", "1:1|3:2", "cols"))
    own = (("aspect_ratio", "16:9"), ("output_format", "png"), ("resolution", "2K"), ("tone", 1))
    model, image = "google/nano-banana-pro", "https://example.org/a.png"
    line, _ = as_line_and_body(Draft("A {animal}", model, own, 3, axes, (image,), True, True))
    full, bare = vars(asked(line)), vars(asked(""))
    differing = {dest for dest in ACTIONS if full.get(dest) != bare.get(dest)}
    assert differing == set(OF_THE_PANEL)


def _table(head: str) -> list[tuple[str, str]]:
    """The rows of a table of the README."""
    lines = README.split(f"| {head} | what it does |\n|---|---|\n")[1].split("\n\n")[0]
    rows = (re.split(r"(?<!\\)\|", line)[1:3] for line in lines.splitlines())
    return [(first.strip(), second.strip()) for first, second in rows]


def _written(action: Action) -> str:
    return ", ".join(action.option_strings) + (f" {action.metavar}" if action.metavar else "")


def test_table_of_options_is_the_parsers() -> None:
    """Each option with its short form and its value, both ways."""
    told = {o for first, _ in _table("option") for o in re.findall(r"(?<![\w-])--?[a-z-]+", first)}
    assert told == {name for action in ACTIONS.values() for name in action.option_strings}
    cells = " ".join(first for first, _ in _table("option")).replace("`", "").replace("\\|", "|")
    for action in ACTIONS.values():
        assert _written(action) in cells


def test_table_of_commands_is_theirs() -> None:
    """Each command with its words and its sentence, as the table of commands has them."""
    rows = [(c.usage.replace("|", r"\|"), c.sentence) for c in COMMANDS.values()]
    assert _table("command") == [(f"`%nanobanana {usage}`", text) for usage, text in rows]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=str)
def test_words_of_a_command_are_its_parameters(command: Command) -> None:
    """What the table says that a command takes is what its function takes, by these names."""
    parameters = [*inspect.signature(command.function).parameters]
    words = ["words"] if command.literal else [word.parameter for word in command.words]
    assert parameters == words


@pytest.mark.parametrize("command", COMMANDS.values(), ids=str)
def test_help_has_each_command_whole(command: Command) -> None:
    """The help has usage and sentence of each command, without markup, in lines that fit."""
    assert command.help in help_text()
    assert f"    %nanobanana {command.usage}" in command.help
    assert "`" not in command.help
    assert max(map(len, command.help.splitlines())) <= 110


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_export_ending_is_told(ending: str) -> None:
    """The README, the help and the docstrings name each ending of an export."""
    if ending == ".jpeg":  # the same as .jpg
        return
    bare = ending.removeprefix(".")
    texts = [dict(_table("command"))["`%nanobanana export ID FILE`"], help_text()]
    for text in (*texts, str(nb.ImageGrid.export.__doc__)):
        assert re.search(rf"\b{bare}\b", text)


def test_every_setting_of_money_reaches_the_run() -> None:
    """The ceilings and what is asked above come from the settings, for each session."""
    source = inspect.getsource(Session)
    for name in ("confirm_above", "max_credits_day", "max_credits_notebook"):
        assert f"settings.{name}" in source
