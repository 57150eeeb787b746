"""What is registered in one place is wired through in all: derived from the product's own tables.

Each table here names an exception and why it is one. A new option, command or export ending that
stands in its own table alone breaks a test.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.entry import generate, launch, sweep
from nanobanana_nb.model import arguments, field_names
from nanobanana_nb.model.options import OPTIONS, Part, names_of
from nanobanana_nb.model.plan.limits import SAMPLE_BY_OPTION, RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.notebook.commands.command import Command
from nanobanana_nb.notebook.commands.registry import COMMANDS, help_text
from nanobanana_nb.notebook.magic import cell_run, cell_spec, option_parser
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.export import ENDINGS, endings, export
from tests.notebook.cells import Shell, SilentSession
from tests.project.sources import CHECKOUT, PACKAGE

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
GIVEN = {  # an option line that gives each option a value that is not its default
    "model": "-m nano-banana-pro",
    "aspect_ratio": "-a 16:9",
    "output_format": "-f png",
    "resolution": "-r 2K",
    "images": "-i https://example.org/a.png",
    "repeats": "-n 3",
    "vary": "--vary style=ink|oil",
    "data": "--data sizes",
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
HERE = {  # what the cell itself does with it
    *("library", "out", "no_wait", "dry_run", "help", "provider"),
}
OF_A_PLAN = [name for name in OPTIONS if name not in HERE and name not in names_of("run")]
NOT_IN_JSON = {"callback_url": "it may hold a secret"}
IN_PANEL = {
    *("library", "data", "model", "repeats", "images", "vary", "rows", "cols", "fresh", "raw"),
    *("set", *names_of("parameter")),
}
NOT_IN_THE_PANEL = {
    **dict.fromkeys(("sample", "sample_seed", "scout"), "a grid by mouse is made whole"),
    **dict.fromkeys(("yes", "max_credits"), "the button names its price, and allows that much"),
    **dict.fromkeys(("strict", "no_wait", "out", "dry_run"), "the panel shows results and bill"),
    **dict.fromkeys(("provider", "callback_url", "private", "help"), "the settings, or a cell"),
}


def keywords(*faces: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The named parameters of functions."""
    return {n: p for face in faces for n, p in inspect.signature(face).parameters.items()}


def _of(*parts: Part) -> set[str]:
    """What Python calls the options that go there."""
    return {OPTIONS[name].keyword or "" for name in names_of(*parts)} - {""}


def test_every_option_is_a_keyword() -> None:
    """Each option is one of `generate` and of `plan` or `sweep`, as the table says, or has a word
    of its own for those who look for it."""
    both = {"raw", "provider", *_of("request")}
    assert both | _of("parameter", "run") == set(keywords(nb.generate)) - {"prompt", "input"}
    assert both | _of("grid") | {"axes", "zipped"} == set(keywords(nb.plan)) - {"template", "fixed"}
    assert set(keywords(nb.sweep)) == set(keywords(nb.plan)) | _of("run")
    assert keywords(nb.generate) == keywords(nb.agenerate) == keywords(nb.submit)
    assert keywords(nb.sweep) == keywords(nb.asweep)
    assert all(option.keyword or option.instead for option in OPTIONS.values())


@pytest.mark.parametrize("face", [nb.generate, nb.plan, nb.sweep])
def test_every_keyword_has_the_default_of_the_table(face: Callable[..., Any]) -> None:
    """An option that is not given means the same at every door."""
    given = {option.keyword: option.default for option in OPTIONS.values()}
    for name, parameter in keywords(face).items():
        if name in given:
            assert parameter.default == given[name], name


@pytest.mark.parametrize("face", [nb.generate, nb.plan, nb.sweep])
def test_every_keyword_is_in_the_docstring(face: Callable[..., Any]) -> None:
    """The options stand there in the words of the table, and no line stands for them."""
    doc = " ".join(str(face.__doc__).split())
    for option in OPTIONS.values():
        if option.keyword in keywords(face):
            assert f"{option.keyword}: {option.python or option.does}." in doc
    assert "options:" not in doc


def test_every_option_is_refused_as_a_field() -> None:
    """What one door lacks is told where it goes, and never sent as a field of a paid model."""
    assert set(OPTIONS) <= set(field_names.NAMES)
    assert set(keywords(nb.generate, nb.plan, nb.sweep)) - set(field_names.NAMES) == {
        *("input", "template", "fixed"),  # the text itself, and what has no name
    }


def test_every_option_of_the_panel_has_its_label() -> None:
    """An error of the panel names each field as it is called there; the model's own have theirs."""
    assert {option.name for option in OPTIONS.values() if option.label} == IN_PANEL - {"set"}


def test_every_switch_and_number_has_its_kind() -> None:
    """Each option that holds no list is checked for its kind at every door."""
    single = {option.name for option in OPTIONS.values() if option.kind != "texts"}
    assert single - set(names_of("parameter")) <= set(arguments._KINDS)


def spec(line: str, prompt: str = "") -> CellSpec:
    """What a cell with this option line asks for."""
    return cell_spec.read(line, prompt, SHELL)


SHELL = Shell(animal=["cat", "owl", "hare"], sizes=[{"aspect_ratio": "1:1"}, {"model": "x"}])


def planned(line: str) -> Plan:
    """The plan of a cell with this option line."""
    prompt = "A {animal}{style}" if "style" in line else "A {animal}"
    return cell_spec.plan_of(spec(line, prompt), SilentSession(), SHELL)  # type: ignore[arg-type]


@pytest.mark.parametrize("dest", OPTIONS)
def test_every_option_does_something(dest: str) -> None:
    """With it the plan or the limits are others than without; else the cell itself uses it."""
    if dest in HERE:
        assert f'spec["{dest}"]' in inspect.getsource(cell_run)
        return
    line = GIVEN[dest]
    if dest in names_of("run"):
        plain = RunLimits(to_sample=SAMPLE_BY_OPTION)
        assert cell_spec.limits_of(spec(line)) != cell_spec.limits_of(spec("")) == plain
        assert any(
            f".{dest}" in file.read_text() for file in (CHECKOUT / PACKAGE / "run").rglob("*.py")
        )
    else:
        plain = line.replace("--sample-seed 7 ", "").replace("--raw ", "")
        base = "" if plain == line else plain
        assert _record(planned(line)) != _record(planned(base))


def _record(plan: Plan) -> tuple[Any, ...]:
    return (*(getattr(plan, field.name) for field in fields(Plan)),)


@pytest.mark.parametrize(
    "dest", [name for name in OPTIONS if name not in HERE and name not in names_of("run")]
)
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


@pytest.mark.parametrize("name", [n for n in names_of("request", "grid") if n in GIVEN])
def test_every_option_of_a_plan_does_something_in_python(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a cell can ask of a plan, `plan` can, and `generate` where it is no grid's."""
    monkeypatch.setattr(launch, "session_for", lambda *_, **__: SilentSession())
    option, value = OPTIONS[name], spec(GIVEN[name])
    given: Any = value.references if name == "images" else value[name]
    faces = [(sweep.plan, "A {animal}", {"animal": ("cat", "owl", "hare")})]
    if option.part == "request":
        faces.append((lambda *args, **how: generate.planned(args[0], **how)[1], "A cat", {}))
    for face, prompt, axes in faces:
        beside = {"sample": 2} if name == "sample_seed" else {}
        if name == "vary":
            changed = face(prompt, {**axes, "aspect_ratio": ["1:1", "3:2"]})
        else:
            changed = face(prompt, axes, **{str(option.keyword): given}, **beside)
        assert _record(changed) != _record(face(prompt, axes, **beside))


def test_every_option_is_in_the_panel() -> None:
    """Each option has its place in the panel's record, or is listed with its reason."""
    assert set(OPTIONS) == IN_PANEL | set(NOT_IN_THE_PANEL)
    assert IN_PANEL & set(NOT_IN_THE_PANEL) == set()


def _table(head: str) -> list[tuple[str, str]]:
    """The rows of a table of the README."""
    lines = README.split(f"| {head} | what it does |\n|---|---|\n")[1].split("\n\n")[0]
    rows = (re.split(r"(?<!\\)\|", line)[1:3] for line in lines.splitlines())
    return [(first.strip(), second.strip()) for first, second in rows]


def test_table_of_options_is_the_readmes() -> None:
    """Each option with its flags, its value and its sentence, in order."""
    rows = [
        (
            ", ".join(f"`{flag}`" for flag in option.flags[:-1])
            + ", " * (len(option.flags) > 1)
            + f"`{option.flags[-1]} {option.metavar}".rstrip().replace("|", "\\|")
            + "`",
            option.does,
        )
        for option in OPTIONS.values()
    ]
    assert _table("option") == rows


@pytest.mark.parametrize("name", OPTIONS)
def test_parser_has_the_options_of_the_table(name: str) -> None:
    """Every flag is read, and where nothing is written the table's default stands."""
    option = OPTIONS[name]
    (action,) = (a for a in option_parser.cell_parser()._actions if a.dest == name)
    assert tuple(action.option_strings) == option.flags
    assert (tuple(action.default) if option.kind == "texts" else action.default) == option.default


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


JUDGING = (
    "rate",
    "compare",
    "vote",
    "ranks",
    "score",
    "best",
    "sort",
    "chance",
    "plot",
    "agreement",
)


@pytest.mark.parametrize("verb", JUDGING)
def test_help_names_what_judges(verb: str) -> None:
    """With a call that is a method of a grid, in lines that fit."""
    assert f"grid.{verb}(" in help_text()
    assert callable(getattr(nb.ImageGrid, verb))


@pytest.mark.parametrize("suffix", ENDINGS)
def test_every_export_ending_is_told(suffix: str) -> None:
    """The README, the help and the docstrings name each ending of an export and what it is."""
    ending = ENDINGS[suffix]
    for function in (export, nb.ImageGrid.export):
        assert f"`{suffix}`: {ending.sentence}." in str(function.__doc__)
    if ending.is_alias:
        return
    (example,) = (line for line in README.splitlines() if line.startswith("grid.export("))
    command = dict(_table("command"))["`%nanobanana export ID FILE`"]
    for text in (command, help_text(), example):
        assert re.search(rf"\b{ending.name}\b", text)


def test_every_writer_of_an_export_has_its_ending() -> None:
    """A writer that no row names is written in vain."""
    writers = {name for name in vars(endings) if name.startswith("write_")}
    assert writers == {ending.writer.__name__ for ending in ENDINGS.values()}


def test_every_setting_of_money_reaches_the_run() -> None:
    """The ceilings and what is asked above come from the settings, for each session."""
    source = inspect.getsource(Session)
    for name in ("confirm_above", "max_credits_day", "max_credits_notebook"):
        assert f"settings.{name}" in source
