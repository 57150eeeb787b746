"""Prompts of the library in a panel: chosen with one click, kept with another."""

from __future__ import annotations

import tomllib
from pathlib import Path

from nanobanana_nb import prompts
from nanobanana_nb.notebook.magic.cell_text import as_cell
from nanobanana_nb.notebook.panel.workbench import RUN
from tests.notebook.bench import Bench
from tests.notebook.panel.opened_panel import Opened, on_loop, send, until

FILE = """[prompts.poster]
prompt = "A poster of {bird}, {style: @styles}"
aspect_ratio = "3:4"
images = { Mia = "mia.png" }
[lists]
styles = ["woodcut", "oil"]
"""


def test_a_choice_fills_the_fields(bench: Bench, folder: Path) -> None:
    """Text, settings and images; the model stays where the file names none."""
    (folder / "prompts.toml").write_text(FILE, encoding="utf-8")
    bench.names["bird"] = "heron"

    async def story() -> None:
        opened = Opened(bench)
        opened.form.choose("nano-banana-2")
        opened.open.shelf.box.value = "poster"
        spec = opened.form.read()
        assert spec.prompt == "A poster of {bird}, {style: @styles}"
        assert dict(spec.parameters) == {"aspect_ratio": "3:4"}
        assert spec.references == (f"Mia={folder / 'mia.png'}",)
        assert spec["model"] == "google/nano-banana-2"
        assert opened.open.shelf.box.value == ""  # ready for the next
        opened.form.images.write(())
        await until(lambda: "2 images" in opened.bill)
        assert "{style: @styles}" in as_cell(opened.form.read())
        assert opened.open.form.highlight.value
        opened.panel.close()

    on_loop(story)


def test_an_image_is_kept(bench: Bench, folder: Path) -> None:
    """With its settings, under its first words, each time under a free name."""

    async def story() -> None:
        opened = Opened(bench)
        assert opened.open.shelf.box.layout.display == "none"
        await opened.type("A heron's nest, in spring & rain", "4 credits")
        await opened.generate()
        opened.open._tabs.selected_index = RUN
        wall = opened.open.run_tab.wall.widget
        for _ in range(2):
            send(wall, kind="keep", key="run-0")
        assert "Kept as a-heron-s-nest-2 in prompts.toml" in opened.said
        assert opened.open.shelf.box.layout.display is None
        assert [name for name, _ in opened.open.shelf.box.options][1:] == list(prompts)
        opened.panel.close()

    on_loop(story)
    kept = tomllib.loads((folder / "prompts.toml").read_text())["prompts"]
    assert list(kept) == ["a-heron-s-nest", "a-heron-s-nest-2"]
    assert kept["a-heron-s-nest"]["prompt"] == "A heron's nest, in spring & rain"


def test_a_file_that_came_or_broke(bench: Bench, folder: Path) -> None:
    """It is looked for after each cell; a broken one has no prompts, and the bill says why."""

    async def story() -> None:
        opened = Opened(bench)
        shelf = opened.open.shelf
        (folder / "prompts.toml").write_text(FILE, encoding="utf-8")
        opened.open._after_cell()
        assert shelf.box.layout.display is None
        (folder / "prompts.toml").write_text(FILE + "[", encoding="utf-8")
        shelf.box.value = "poster"
        assert "is no TOML" in opened.said
        opened.open._after_cell()
        assert shelf.box.layout.display == "none"
        opened.panel.close()

    on_loop(story)


def test_a_name_beside_a_reference(bench: Bench, folder: Path) -> None:
    """It is told to the model; without a text it is not."""
    bench.names["portrait"] = bench.run("%%nanobanana -o grid\nA girl").value.one

    async def story() -> None:
        opened = Opened(bench)
        images = opened.form.images
        images.write(["portrait"])
        assert images.strip.items[0]["shows"] == ""
        send(images.strip, kind="name", position=0, text=" Mia = x ")
        assert images.values == ("Mia x=portrait",)
        send(images.strip, kind="name", position=0, text="Mia")
        assert images.values == ("Mia=portrait",)
        assert images.strip.items[0] == {"shows": "Mia", "name": "portrait", "picture": ""}
        await opened.type("She runs", "4 credits")
        assert "Image 1 shows Mia." in opened.bill
        send(images.strip, kind="name", position=0, text="")
        assert images.values == ("portrait",)
        send(images.strip, kind="name", position=7, text="x")
        send(images.strip, kind="name", position=0, text=7)
        assert images.values == ("portrait",)
        opened.panel.close()

    on_loop(story)
