"""The viewer inside a panel: on its images and on the history, and what its messages do."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.notebook.panel.workbench import MAKE
from tests.notebook.bench import Bench
from tests.notebook.panel.opened_panel import Opened, button, on_loop, until, widgets_alive


def _says(opened: Opened, **message: Any) -> None:
    """Let the viewer that is open send a message."""
    opened.open.viewer.box.children[0]._handle_custom_msg(message, [])


async def _looked(opened: Opened) -> Any:
    """Press Look closer and return the viewer's data."""
    opened.press("Look closer")
    await until(lambda: opened.open.viewer.box.children)
    return opened.open.viewer.box.children[0].data


@pytest.mark.long
def test_images_are_looked_at_and_used(bench: Bench) -> None:
    """The button waits for an image; stars are kept, the reference is in the form, it closes."""
    before = widgets_alive()

    async def story() -> None:
        opened = Opened(bench)
        assert opened.open.viewer.button.disabled
        await opened.type("A [square] cat, {ink|oil}", "8 credits")
        await opened.generate()
        assert not opened.open.viewer.button.disabled
        data = await _looked(opened)
        assert [bool(image["full"]) for image in data["images"]] == [True, True]
        _says(opened, kind="rate", id="2", rating={"stars": 5, "favourite": False, "note": ""})
        assert opened.panel.grid is not None
        assert opened.panel.grid.ratings() == [Rating(), Rating(5)]
        _says(opened, kind="use", id="1")
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
    """The button can be pressed as soon as one image is here."""
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0.2")

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A [square] cat, {ink|oil|woodcut|photo|comic}", "20 credits")
        opened.go.click()
        await until(lambda: not opened.open.viewer.button.disabled)
        assert opened.busy
        data = await _looked(opened)
        assert any(image["src"] for image in data["images"])
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_history_opens_at_its_image(bench: Bench) -> None:
    """All images that the history shows can be walked through, this one first."""
    bench.run("%%nanobanana\nA cat, {ink|oil}")

    async def story() -> None:
        opened = Opened(bench)
        history = opened.history()
        await until(lambda: len(history._list.children) == 2)
        row = history._list.children[1]
        button("Look closer", row).click()
        await until(lambda: opened.open.viewer.box.children)
        data = opened.open.viewer.box.children[0].data
        assert data["start"] == {"image": 1}
        assert data["ratings"] == {}
        assert data["images"][1]["prompt"] in row.children[0].value
        _says(opened, kind="use", id="2")
        assert opened.open._tabs.selected_index == MAKE
        assert len(opened.form.images.values) == 1
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_newest_click_counts(bench: Bench) -> None:
    """Two clicks one after the other open one viewer, and closing it leaves none on its way."""
    bench.run("%%nanobanana\nA cat, {ink|oil}")

    async def story() -> None:
        opened = Opened(bench)
        rows = opened.history()._list
        await until(lambda: len(rows.children) == 2)
        for row in rows.children:
            button("Look closer", row).click()
        await until(lambda: opened.open.viewer.box.children)
        assert len(opened.open.viewer.box.children) == 1
        assert opened.open.viewer.box.children[0].data["start"] == {"image": 1}
        opened.panel.close()

    on_loop(story)
