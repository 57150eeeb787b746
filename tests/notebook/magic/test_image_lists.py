"""A list of images as the value of a cell: their pictures; every other list as ever."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebook.bench import Bench

CELL = "%%nanobanana -m nano-banana-2-lite -o grid\nA cat, {style: ink|oil}"


@pytest.mark.parametrize(
    "code",
    [
        *("[grid[0], grid[1]]", "[image for image in grid if image.ok]", "grid[0], grid[1]"),
        *("list(grid)", "sorted(grid, key=lambda image: image.task_id)"),
    ],
)
def test_images_of_a_list_are_shown(bench: Bench, code: str) -> None:
    """As a grid of them shows, once; `display` does the same, and the value stays a list."""
    bench.run(CELL)
    ran = bench.run(code)
    assert [image.ok for image in ran.value] == [True, True]
    assert ran.html.count("data:image/jpeg") == 2
    assert len(ran.all("image/jpeg")) == 1
    assert ran.text.count("done: A cat, ") == 2
    assert "originals" not in ran.text, "a saved notebook tells no path of the home folder"
    assert bench.run(f"display({code})").html.count("data:image/jpeg") == 2


@pytest.mark.parametrize("code", ["grid[0]", "one = grid[0]; one", "display(grid[0])"])
def test_one_image_is_its_picture_and_caption(bench: Bench, code: str) -> None:
    """Whatever it is called, and however it is shown."""
    bench.run(CELL)
    ran = bench.run(code)
    assert ran.html.count("data:image/jpeg") == 1
    assert "A cat, ink" in ran.html
    assert "2.5 credits" in ran.html


@pytest.mark.parametrize("code", ["grid[0]", "[grid[0]]", "grid[0], grid[1]"])
def test_original_is_linked(bench: Bench, code: str) -> None:
    """To its copy beside the notebook, as a grid's are; no path of the home folder is told."""
    bench.run(CELL)
    bench.like_a_kernel()
    ran = bench.run(code)
    assert 'href="nanobanana_images/a-cat-ink-' in ran.html
    assert "originals" not in ran.html


@pytest.mark.parametrize("code", ["[]", "()", "[1, 2]", "[grid[0], None]", "[None, grid[0]]"])
def test_every_other_list_is_as_ever(bench: Bench, code: str) -> None:
    """A list that holds anything else is IPython's affair."""
    bench.run(CELL)
    (data,) = bench.run(code).outputs
    assert set(data) == {"text/plain"}


def test_what_a_person_registered_goes_first(bench: Bench) -> None:
    """A formatter for lists that is there stays, after the extension is loaded anew too."""

    def mine(values: Any, **_: Any) -> dict[str, str]:
        return {"text/html": "mine"}

    bundles = bench.shell.display_formatter.mimebundle_formatter
    bench.shell.run_line_magic("unload_ext", "nanobanana_nb")
    bundles.for_type(list, mine)
    bench.shell.run_line_magic("load_ext", "nanobanana_nb")
    bench.run(CELL)
    assert "mine" in bench.run("list(grid)").html
    bench.shell.run_line_magic("unload_ext", "nanobanana_nb")
    assert bundles.type_printers[list] is mine
    bench.shell.run_line_magic("load_ext", "nanobanana_nb")


def test_lists_are_given_back(bench: Bench) -> None:
    """Without the extension nothing is left that looks at lists."""
    bundles = bench.shell.display_formatter.mimebundle_formatter
    assert list in bundles.type_printers
    bench.shell.run_line_magic("unload_ext", "nanobanana_nb")
    assert not {list, tuple} & bundles.type_printers.keys()
    assert "nanobanana" not in str([*bundles.type_printers, *bundles.deferred_printers])
    bench.shell.run_line_magic("load_ext", "nanobanana_nb")
