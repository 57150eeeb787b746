"""A wall without a page: what it is told of images, and what it may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.errors import GenerationFailedError, NanobananaError
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.gallery.wall import Tile, Wall, image_tile
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from tests.notebook.panel.opened_panel import answers, on_loop, send, until, widgets_alive

HOSTILE = "<img src=x onerror=alert(1)> $x^2$ \u202e"


def _file(folder: Path, name: str = "a.png") -> Path:
    Image.new("RGB", (640, 480), "teal").save(folder / name)
    return folder / name


def _wall(calls: list[str]) -> tuple[Wall, Messages]:
    messages = Messages()

    def fail(key: str) -> None:
        raise NanobananaError(f"No {key}")

    acts = {"look": calls.append, "reuse": fail}
    return Wall(KernelLoop(), messages, acts, lambda: calls.append("more")), messages


def test_pictures_come_when_they_are_asked_for(tmp_path: Path) -> None:
    """As JPEG of some kilobytes beside the message; of a lost file it is said."""

    async def story() -> None:
        wall, messages = _wall([])
        tiles = [
            Tile("1", "#0", "a", files=(_file(tmp_path),)),
            Tile("2", "#1", "b", files=(tmp_path / "gone.png",)),
            Tile("g3", "Grid g3", "c", files=(_file(tmp_path, "b.png"), _file(tmp_path, "c.png"))),
        ]
        wall.show(tiles)
        assert [tile["pictures"] for tile in wall.widget.tiles] == [1, 1, 2]
        assert str(tmp_path) not in str(wall.widget.tiles), "no path is told"
        sent = answers(wall.widget)
        send(wall.widget, kind="pictures", keys=["1", "2", "g3", "nobody", 4])
        await until(lambda: sent)
        message, pictures = sent[0]
        assert message == {"kind": "pictures", "keys": ["1", "g3", "g3"], "lost": ["2"]}
        assert all(data[:3] == b"\xff\xd8\xff" and len(data) < 30_000 for data in pictures)
        controls.close(wall.widget, messages.box)

    on_loop(story)


MESSAGES: tuple[Any, ...] = (
    None,
    {"kind": "look", "key": "2"},  # it does not offer this
    {"kind": "look", "key": "3"},  # there is none
    {"kind": "look", "key": ["1"]},
    {"kind": "show", "key": "1"},
    {"kind": ["look"], "key": "1"},
    {"kind": "pictures", "keys": "1"},
)


@pytest.mark.parametrize("message", MESSAGES)
def test_a_page_may_send_anything(message: Any) -> None:
    """What a tile does not offer is not done."""

    async def story() -> None:
        calls: list[str] = []
        wall, messages = _wall(calls)
        wall.show([Tile("1", "", "", acts=("look",)), Tile("2", "", "", acts=("reuse",))])
        wall.widget._handle_custom_msg(message, [])
        assert calls == []
        controls.close(wall.widget, messages.box)

    on_loop(story)


def test_actions_are_done_and_their_errors_told() -> None:
    """In the panel's place for messages; and no widget is left."""
    before = widgets_alive()

    async def story() -> None:
        calls: list[str] = []
        wall, messages = _wall(calls)
        wall.show([Tile("1", "", "", acts=("look", "reuse"))], more=True)
        send(wall.widget, kind="look", key="1")
        send(wall.widget, kind="more")
        assert calls == ["1", "more"]
        send(wall.widget, kind="reuse", key="1")
        assert "No 1" in messages.box.value
        controls.close(wall.widget, messages.box)

    on_loop(story)
    assert widgets_alive() == before


REQUEST = GenerationRequest("crun", "google/nano-banana", HOSTILE)
STATES = {
    State.FAILED: ("failed", "failed"),
    State.RUNNING: ("open", "running"),
    State.UNKNOWN: ("open", "unknown"),
    State.DETACHED: ("open", "stopped"),
    State.PLANNED: ("open", "not sent"),
}


@pytest.mark.parametrize("state", STATES)
def test_what_did_not_come_has_its_place_too(state: State) -> None:
    """With the word and the reason; it can be asked for again, and not be looked at."""
    failed = state is State.FAILED
    error = GenerationFailedError("It failed", why="too dark") if failed else None
    tile = image_tile(Generation(REQUEST, state, id=3, error=error, created_at=7.0), "3", "id 3")
    assert (tile.mark, tile.state) == STATES[state]
    assert (tile.why == "too dark") is failed
    assert (tile.acts, tile.files, tile.at) == (("reuse",), (), 7.0)


def test_image_is_looked_at_used_and_asked_for_again(tmp_path: Path) -> None:
    """What a person wrote goes as it is, to become text; a private prompt is not told."""
    image = Generation(REQUEST, State.SUCCESS, id=3, path=_file(tmp_path), sha256="0" * 64)
    tile = image_tile(image, "3", "id 3")
    assert tile.acts == ("look", "keep", "reference", "reuse")
    assert tile.prompt.startswith("<img src=x")
    hidden = Generation(GenerationRequest("crun", "m", ""), State.FAILED, id=4)
    assert image_tile(hidden, "4", "id 4").acts == ()
    assert "private" in image_tile(hidden, "4", "id 4").prompt
