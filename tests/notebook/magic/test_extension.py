"""Loading and unloading, and the transforms that let comments stand above the magic."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.error import UsageError

from nanobanana_nb.notebook.magic.extension import without_comments_above
from tests.notebook.bench import Bench
from tests.service import Service

MAKE = "%%nanobanana --no-wait\n[fail]"
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)
LINES = st.one_of(
    WORDS,
    WORDS.map("# {}".format),
    st.sampled_from(["", "%time x", "%%time", "%%nanobanan", "%nanobanana help", "if x:", '"""']),
)


@pytest.mark.parametrize(
    "lines",
    [
        ["load_ext", "load_ext"],
        ["reload_ext", "reload_ext", "reload_ext"],
        ["unload_ext", "load_ext", "unload_ext", "load_ext"],
        ["unload_ext", "unload_ext", "reload_ext"],
    ],
)
def test_loading_any_number_of_times(bench: Bench, service: Service, lines: list[str]) -> None:
    """After each of these the magic is there once and works once."""
    for line in lines:
        assert bench.run(f"%{line} nanobanana_nb").error is None
    assert bench.run(f"# a comment\n{MAKE}").error is None
    bench.run("%nanobanana wait")
    assert len(service.creates()) == 1
    cleanup = bench.shell.input_transformers_cleanup
    assert cleanup.count(without_comments_above) == 1


def test_unloading_takes_everything_back(bench: Bench) -> None:
    """Magics, transform and the class that `%config` lists are gone."""
    before = bench.run("%unload_ext nanobanana_nb")
    assert before.error is None
    for cell in (MAKE, "%nanobanana help"):
        assert isinstance(bench.run(cell).error, UsageError)
    assert without_comments_above not in bench.shell.input_transformers_cleanup
    assert "NanobananaMagics" not in bench.run("%config").text


def test_reloading_keeps_one_class_to_configure(bench: Bench) -> None:
    """`%config` lists the class once, however often the extension was loaded."""
    bench.run("%reload_ext nanobanana_nb")
    assert bench.run("%config").text.count("NanobananaMagics") == 1
    kept = [one for one in bench.shell.configurables if type(one).__name__ == "NanobananaMagics"]
    assert len(kept) == 1


def test_loads_whatever_the_home_folder_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder that cannot be looked at is told in one line, and the magics are there."""
    monkeypatch.setenv("NANOBANANA_HOME", "/" + "long" * 100)
    ran = bench.run("%reload_ext nanobanana_nb")
    assert ran.error is None
    assert "cannot be used" in ran.told
    assert bench.run("%nanobanana help").error is None


@pytest.mark.parametrize("above", ["# a note\n", "\n\n# one\n   # two\n\n", "#%% cell\n", "\n"])
def test_comments_above_the_magic(bench: Bench, above: str) -> None:
    """Comments and blank lines may stand above `%%nanobanana`."""
    ran = bench.run(above + MAKE)
    assert ran.error is None, ran.told
    assert ran.value.plan.prompt == "[fail]"


def test_comments_in_the_prompt_stay(bench: Bench) -> None:
    """Only what stands above the magic is dropped."""
    plan = bench.plan("--raw", "# a heading [fail]\n%%nanobanana\n# more")
    assert plan.prompt == "# a heading [fail]\n%%nanobanana\n# more"


def test_code_above_the_magic_is_not_dropped(bench: Bench, service: Service) -> None:
    """Where something else stands above, the cell is an error of IPython's, and nothing is sent."""
    lines = ["import os\n", "%%nanobanana\n", "a cat\n"]
    assert without_comments_above(list(lines)) == lines
    assert isinstance(bench.run("".join(lines)).error, SyntaxError)
    assert service.creates() == []


@given(st.lists(LINES, max_size=6))
def test_other_cells_are_not_touched(lines: list[str]) -> None:
    """A cell without the magic is the same before and after, line by line."""
    cell = [f"{line}\n" for line in lines if not line.startswith("%%nanobanana")]
    assert without_comments_above(list(cell)) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "# a note\n%%nanobanana_other\nx\n",
        "# a note\n%%nanobananas\nx\n",
        '"""\n# a note\n%%nanobanana\n"""\n',
        "%%writefile notes.md\n# a note\n%%nanobanana\n",
        "# a note\n  %%nanobanana\n",
    ],
)
def test_cells_that_look_alike_are_not_touched(cell: str) -> None:
    """Another magic's name, a string, another magic's body, an indented line: not ours."""
    lines = cell.splitlines(keepends=True)
    assert without_comments_above(list(lines)) == lines


@given(
    name=st.from_regex(r"[a-z_]{1,8}", fullmatch=True).filter(lambda n: not keyword.iskeyword(n))
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_usual_cells_run_as_ever(bench: Bench, name: str) -> None:
    """With the extension loaded, Python cells under comments do what they did."""
    ran = bench.run(f"# a note\n\n{name} = 41\n# more\n{name} + 1")
    assert ran.value == 42
