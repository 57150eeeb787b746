"""The viewer inside a panel: on its images and on the history, and what its messages do."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.model.opinion import Rating
from tests.notebook.bench import Bench
from tests.notebook.panel.opened_panel import Opened, on_loop, send, until, widgets_alive


def _says(opened: Opened, **message: Any) -> None:
    """Let the viewer that is open send a message."""
    send(opened.open.viewer.box.children[0], **message)


async def _looked(opened: Opened) -> Any:
    """Look closer at the first image of the run and return the viewer's data."""
    wall = opened.open.run_tab.wall
    send(wall.widget, kind="look", key=wall.tiles[0].key)
    await until(lambda: opened.open.viewer.box.children)
    return opened.open.viewer.box.children[0].data


@pytest.mark.long
def test_images_are_looked_at_and_used(bench: Bench) -> None:
    """Stars are kept, the reference is in the form, and it closes."""
    before = widgets_alive()

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A [square] cat, {ink|oil}", "8 credits")
        await opened.generate()
        data = await _looked(opened)
        assert data["start"] == {"image": 0}
        assert [bool(image["full"]) for image in data["images"]] == [True, True]
        _says(opened, kind="rate", id="1", rating={"stars": 5, "favourite": False, "note": ""})
        assert opened.panel.grid is not None
        assert opened.panel.grid.ratings() == [Rating(), Rating(5)]
        _says(opened, kind="use", id="0")
        assert "-i nanobanana_images/a-square-cat-ink-" in opened.panel.cell
        _says(opened, kind="close")
        assert opened.open.viewer.box.children == ()
        await _looked(opened)
        opened.panel.close()

    on_loop(story)
    assert widgets_alive() == before, "it goes with the panel"


@pytest.mark.long
def test_images_are_looked_at_while_others_come(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tile of the board opens the viewer as soon as its image is here."""
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0.2")

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A [square] cat, {ink|oil|woodcut|photo|comic}", "20 credits")
        opened.go.click()
        run = opened.open.generate.run
        await until(lambda: run.job and any(image.ok for image in run.job.generations))
        await until(lambda: opened.open.run_tab._holder.children)
        assert opened.busy
        assert run.job is not None
        position = [image.ok for image in run.job.generations].index(True)
        (board,) = opened.open.run_tab._holder.children
        listener = next(part for part in board.children if hasattr(part, "_hear"))
        send(listener, kind="look", position=position)
        await until(lambda: opened.open.viewer.box.children)
        data = opened.open.viewer.box.children[0].data
        assert data["images"][position]["src"]
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_history_opens_at_its_image(bench: Bench) -> None:
    """All images that the history shows can be walked through, this one first."""
    bench.run("%%nanobanana\nA cat, {ink|oil}")

    async def story() -> None:
        opened = Opened(bench)
        wall = opened.history().wall
        await until(lambda: len(wall.tiles) == 2)
        send(wall.widget, kind="look", key=wall.tiles[1].key)
        await until(lambda: opened.open.viewer.box.children)
        data = opened.open.viewer.box.children[0].data
        assert data["start"] == {"image": 1}
        assert data["ratings"] == {}
        assert data["images"][1]["prompt"] == wall.tiles[1].prompt
        _says(opened, kind="use", id="1")
        assert len(opened.form.images.values) == 1
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_newest_click_counts(bench: Bench) -> None:
    """Two clicks one after the other open one viewer, and closing it leaves none on its way."""
    bench.run("%%nanobanana\nA cat, {ink|oil}")

    async def story() -> None:
        opened = Opened(bench)
        wall = opened.history().wall
        await until(lambda: len(wall.tiles) == 2)
        for tile in wall.tiles:
            send(wall.widget, kind="look", key=tile.key)
        await until(lambda: opened.open.viewer.box.children)
        assert len(opened.open.viewer.box.children) == 1
        assert opened.open.viewer.box.children[0].data["start"] == {"image": 1}
        opened.panel.close()

    on_loop(story)
