"""`%nanobanana grid`, `export`, `retry` and `rerun`: what was made before, gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb.errors import BudgetError, GenerationFailedError, InputError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.show.grid import ImageGrid
from tests.notebook.bench import Bench

CELL = "%%nanobanana -o grid\nA [square] cat, {style: ink|oil}"
FAILING = "%%nanobanana -o grid\nA cat, {style: ink|oil [fail]}"


@pytest.mark.long
def test_grid_is_listed_and_shown(bench: Bench) -> None:
    """The list says what each grid is; its number shows it as it was."""
    bench.run(CELL)
    listed = bench.run("%nanobanana grid")
    assert "g1" in listed.text
    assert "2 styles = 2 images" in listed.text
    for name in ("g1", "1"):
        found = bench.run(f"%nanobanana grid {name}").value
        assert isinstance(found, ImageGrid)
        assert [one.sha256 for one in found] == [one.sha256 for one in bench.names["grid"]]
    assert bench.run("%nanobanana show g1").value == found


def test_no_grid_yet(bench: Bench) -> None:
    """An empty list says how to get one."""
    assert "list" in bench.run("%nanobanana grid").text


@pytest.mark.long
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("grid g9", "no grid"),
        ("grid a b", "one grid"),
        ("export g1", "a file"),
        ("export g1 x.pdf", ".pdf"),
        ("retry", "one grid"),
        ("retry 99", "no task"),
        ("rerun g1 g2", "one grid"),
    ],
)
def test_wrong_words_are_told(bench: Bench, line: str, told: str) -> None:
    """What cannot be meant is one short error."""
    bench.run(CELL)
    assert told in bench.fails(f"%nanobanana {line}", InputError).told


@pytest.mark.long
@pytest.mark.parametrize("ending", ["png", "html", "csv", "json", "zip"])
def test_export_writes_the_file(bench: Bench, tmp_path: Path, ending: str) -> None:
    """The file is there, and its name and size are told."""
    bench.run(CELL)
    path = tmp_path / f"cats.{ending}"
    told = bench.run(f"%nanobanana export g1 {path}").text
    assert path.stat().st_size > 0
    assert path.name in told
    assert "B" in told


@pytest.mark.long
def test_export_of_one_image(bench: Bench, tmp_path: Path) -> None:
    """An image goes by its number."""
    bench.run(CELL)
    bench.run(f"%nanobanana export 1 {tmp_path / 'one.json'}")
    assert (tmp_path / "one.json").exists()


def test_retry_asks_for_the_failed_alone(bench: Bench, tmp_path: Path) -> None:
    """Of two images one failed: one more is asked for, the failed place says why again."""
    bench.run(FAILING)
    before = Ledger(tmp_path / "home").count()
    grid = bench.run("%nanobanana retry g1").value
    assert [image.ok for image in grid] == [True, False]
    assert isinstance(grid[1].error, GenerationFailedError)
    assert Ledger(tmp_path / "home").count() == before + 1


@pytest.mark.long
def test_retry_of_what_did_not_fail(bench: Bench) -> None:
    """There is nothing to do, and it names what pays for new ones."""
    bench.run(CELL)
    assert "rerun" in bench.fails("%nanobanana retry g1", InputError).told


@pytest.mark.long
def test_rerun_pays_for_new_images(bench: Bench, tmp_path: Path) -> None:
    """As many as the grid has, with `--yes` where the bill is above the threshold."""
    bench.run(CELL)
    bench.run("%config NanobananaMagics.confirm_above = 5")
    assert "--yes" in bench.fails("%nanobanana rerun g1", BudgetError).told
    assert Ledger(tmp_path / "home").count() == 2
    again = bench.run("%nanobanana rerun g1 --yes").value
    assert [one.cached for one in again] == [False, False]
    assert Ledger(tmp_path / "home").count() == 4
    assert bench.run("%nanobanana rerun 1").value.one.ok


@pytest.mark.long
def test_tree_of_an_image(bench: Bench) -> None:
    """What an edit was made from stands above it, with pictures; it wants no key."""
    bench.run(CELL)
    bench.run('made = grid[0].edit("make it night")')
    found = bench.run("%nanobanana tree 3")
    assert found.text.splitlines()[1].startswith("  id 3 · this one · make it night")
    assert found.html.count("<img") == 2
    for wrong in ("tree", "tree g1", "tree 1 2", "tree 99"):
        assert bench.fails(f"%nanobanana {wrong}", InputError)


@pytest.mark.long
def test_history_finds_words(bench: Bench) -> None:
    """Words choose among the prompts, a number says how many."""
    bench.run(CELL)
    found = bench.run("%nanobanana history cat oil").text
    assert "oil" in found
    assert "ink" not in found
    assert "all of these words" in bench.run("%nanobanana history heron").text
    assert bench.run("%nanobanana history 1 cat").text.count("cat") == 1


def test_strict_is_an_error(bench: Bench) -> None:
    """With `--strict` one failure fails the cell, and the grid has its name all the same."""
    bench.fails(FAILING.replace("-o grid", "-o grid --strict"), GenerationFailedError)
    assert len(bench.names["grid"]) == 2
    assert bench.run(FAILING.replace("ink", "etching")).error is None
