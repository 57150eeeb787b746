"""What Tab offers: at each place of a magic what may stand there, and nothing of Python's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter

from nanobanana_nb.model.catalog import LONG_RATIOS, MODELS, RATIOS, SIZES, short_name
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.notebook.commands.registry import COMMANDS
from tests.notebook.bench import Bench

LONG = {option.flags[-1] for option in OPTIONS.values()}
TAB = "¦"  # where the cursor stands


def tab(bench: Bench, cell: str) -> list[str]:
    """Return the cells that Tab makes of this one."""
    position, code = cell.index(TAB), cell.replace(TAB, "")
    with provisionalcompleter():
        offers = list(bench.shell.Completer.completions(code, position))
    return [code[: offer.start] + offer.text + code[offer.end :] for offer in offers]


def words(bench: Bench, cell: str) -> set[str]:
    """Return what Tab writes where the cursor stands behind a blank."""
    before, _, after = cell.partition(TAB)
    return {made.removeprefix(before).removesuffix(after) for made in tab(bench, cell)}


def test_options(bench: Bench) -> None:
    """Every option of the table; those that are there once are not offered twice."""
    assert words(bench, "%%nanobanana ¦\nA cat") == LONG
    assert tab(bench, "%%nanobanana --sample¦") == [
        *("%%nanobanana --sample", "%%nanobanana --sample-seed")
    ]
    assert words(bench, "%%nanobanana -a 1:1 --yes --vary a=1 ¦\nA cat") == LONG - {
        *("--aspect-ratio", "--yes")
    }
    assert words(bench, "%%nanobanana -¦") >= {"a", "-aspect-ratio"}


@pytest.mark.parametrize("option", [o for o in OPTIONS.values() if o.kind != "flag"])
def test_values_are_no_options_and_no_python(bench: Bench, option: object) -> None:
    """Behind an option that takes a value stands a value, if any is known."""
    bench.names["a_variable"] = "x"
    for flag in option.flags:  # type: ignore[attr-defined]
        assert not words(bench, f"%%nanobanana {flag} ¦\nA cat") & {*LONG, "print", "abs"}


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("%%nanobanana -m ¦\nA cat", {*map(short_name, MODELS)}),
        ("%%nanobanana --model=¦\nA cat", {*map(short_name, MODELS)}),
        ("%%nanobanana -a ¦\nA cat", {*RATIOS}),
        ("%%nanobanana -a ¦ -m nano-banana-2\nA cat", {*LONG_RATIOS}),
        ("%%nanobanana -r ¦\nA cat", set()),  # the default model has no sizes
        ("%%nanobanana -m google/nano-banana-pro -r ¦\nA cat", {*SIZES}),
        ("%%nanobanana -m nano-banana-2 --set ¦\nA cat", {"google_search="}),
        ("%%nanobanana --provider ¦\nA cat", {"crun", "simulator"}),
        ("%%nanobanana -n ¦\nA cat", set()),
        ("%%nanobanana --rows ¦\n{x: a|b}\n---\nratio: 1|2", {"x", "ratio"}),
        ("%%nanobanana --vary aspect_ratio=1:1|¦\nA cat", {*RATIOS}),
        ("%%nanobanana\nA cat\n---\naspect_ratio: 1:1 | ¦", {*RATIOS}),
        ("%%nanobanana\nA cat\n---\naspect-ratio: ¦", {*RATIOS}),
        ("%%nanobanana\nA cat\n---\nmodel: ¦", {*map(short_name, MODELS)}),
        ("%%nanobanana\nA cat\n---\nstyle: ¦", set()),
        ("%nanobanana ¦", {*COMMANDS}),
        ("%nanobanana balance ¦", set()),
        ("%nanobanana nonsense ¦", set()),
        ("%nanobanana resolve 1 --¦", {"resend", "forget", "yes"}),
    ],
)
def test_values(bench: Bench, cell: str, values: set[str]) -> None:
    """What an option, an axis or a command takes."""
    assert words(bench, cell) == values


def test_names_of_axes(bench: Bench) -> None:
    """Below the rule the places of the prompt come first, then the parameters."""
    offers = tab(bench, "%%nanobanana\nA {bird}, {style}\n---\n¦")
    assert [offer.rpartition("\n")[2] for offer in offers][:3] == [
        *("bird: ", "style: ", "aspect_ratio: ")
    ]
    assert tab(bench, "%%nanobanana\nA {style}\n---\nst¦")[0].endswith("\nstyle: ")


def test_names_in_braces(bench: Bench) -> None:
    """The variables that may stand in a prompt, in option values as well; no function, no image."""
    bench.names.update(bird="heron", birds=["heron"], count=3, draw=len, photo=b"1", here=Path())
    assert words(bench, "%%nanobanana\nA {¦") == {"bird}", "birds}", "count}", "here}"}
    assert tab(bench, "%%nanobanana\nA {bi¦} on a pond")[0] == ("%%nanobanana\nA {bird} on a pond")
    assert tab(bench, "%%nanobanana -n {cou¦") == ["%%nanobanana -n {count}"]
    assert tab(bench, "%%nanobanana\nA {{bi¦") == []
    assert tab(bench, "%%nanobanana\nA bi¦") == []


def test_paths(bench: Bench, folder: Path) -> None:
    """Pictures and folders after -i, every file after export; blanks as a line has them."""
    (folder / "pics").mkdir()
    for name in ("a cat.png", "pics/dog.JPG", "notes.txt", ".hidden.png"):
        (folder / name).write_bytes(b"x")
    bench.names["photo"] = b"x"
    assert words(bench, "%%nanobanana -i ¦") == {"photo", r"a\ cat.png", "pics/"}
    assert tab(bench, "%%nanobanana -i pics/d¦") == ["%%nanobanana -i pics/dog.JPG"]
    assert tab(bench, "%%nanobanana -i 'a ¦") == ["%%nanobanana -i 'a cat.png'"]
    assert tab(bench, r"%%nanobanana -i a\ ¦") == [r"%%nanobanana -i a\ cat.png"]
    assert tab(bench, '%%nanobanana -i "pi¦') == ['%%nanobanana -i "pics/']
    assert tab(bench, "%%nanobanana -i .h¦") == ["%%nanobanana -i .hidden.png"]
    assert words(bench, "%nanobanana export g1 ¦") == {r"a\ cat.png", "notes.txt", "pics/"}
    assert tab(bench, "%%nanobanana -i no/such/folder/¦") == []


def test_grids_and_images_of_the_ledger(bench: Bench) -> None:
    """The numbers that a command takes, the newest first."""
    bench.run("%%nanobanana --provider simulator\nA {cat|dog} [fail]")
    assert words(bench, "%nanobanana grid ¦") == {"g1"}
    assert words(bench, "g = %nanobanana export ¦") == {"g1", "1", "2"}
    assert words(bench, "%nanobanana tree ¦") == {"1", "2"}
    assert words(bench, "%nanobanana resume ¦") == set()


def test_python_stays_python(bench: Bench) -> None:
    """Outside our magics Tab is IPython's, and so it is again without the extension."""
    bench.shell.Completer.use_jedi = False
    assert "prin" + "t" in {made.strip("(") for made in tab(bench, "prin¦")}
    assert "%%nanobanana" in tab(bench, "%%nanob¦")
    assert tab(bench, "x = 1\nprin¦\n%nanobanana balance")
    bench.shell.run_line_magic("unload_ext", "nanobanana_nb")
    assert "completions" not in vars(bench.shell.Completer)
    bench.shell.run_line_magic("load_ext", "nanobanana_nb")
    assert words(bench, "%nanobanana bala¦") == {"nce"}


def test_a_ledger_that_cannot_be_read_offers_nothing(bench: Bench, folder: Path) -> None:
    """Tab raises nothing, whatever is wrong with the settings."""
    bench.run(f"%config NanobananaMagics.home = '{folder / 'file'}'")
    (folder / "file").write_text("no folder")
    assert words(bench, "%nanobanana grid ¦") == set()


@pytest.mark.parametrize("path", ["~nobody-of-that-name/¦", "a\0b/¦", "/root/¦¦", "'¦", '"a\\¦'])
def test_odd_paths(bench: Bench, path: str) -> None:
    """What is no folder has nothing in it, and raises nothing."""
    before, _, _ = f"%%nanobanana -i {path}".partition(TAB)
    assert isinstance(tab(bench, before + TAB), list)


LIBRARY = '[prompts.poster]\nprompt = "A {bird}"\n[lists]\nstyles = ["ink", "oil"]\n'


@pytest.mark.parametrize(
    ("cell", "offered"),
    [
        ("%%nanobanana --prompt po¦", ["poster"]),
        ("%%nanobanana --prompt=¦", ["poster"]),
        ("%%nanobanana --vary style=@¦", ["@styles"]),
        ("%%nanobanana\nA {style: @st¦", ["@styles"]),
        ("%%nanobanana\nA {ink|@¦", ["@styles"]),
        ("%%nanobanana\nA {style}\n---\nstyle: ink | @¦", ["@styles"]),
        ("%%nanobanana\nmail @st¦", []),
    ],
)
def test_names_of_the_library(bench: Bench, folder: Path, cell: str, offered: list[str]) -> None:
    """Prompts behind `--prompt`, lists behind `@` where a value stands."""
    (folder / "prompts.toml").write_text(LIBRARY, encoding="utf-8")
    before = re.split(r"[\s=|]", cell.removesuffix(TAB))[-1]
    whole = cell.removesuffix(TAB).removesuffix(before)
    assert tab(bench, cell) == [whole + text for text in offered]
