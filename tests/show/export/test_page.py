"""The page that stands alone: its policy, its data, its size."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export import export
from nanobanana_nb.show.export import page as page_module
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.viewer import MODULES, VOTE_MODULES, viewer_source, viewer_style
from tests.html_reader import Page
from tests.show.conftest import failed, planned_grid

Made = Callable[..., Generation]
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]> & \"quotes\" 'and' `more`",
    "\u2028\u2029\u202e reversed",
    "<img src=x onerror=alert(1)>",
]


def _page(grid: ImageGrid, folder: Path, **options: Any) -> Page:
    return Page(export(grid, folder / "x.html", **options).read_text(encoding="utf-8"))


def _data(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.blocks["data"])
    return found


@pytest.mark.long
def test_only_the_pages_own_script_and_style_may_run(made: Made, tmp_path: Path) -> None:
    """The policy forbids all, then allows by hash what the page holds, and data pictures."""
    text = export(ImageGrid([made()]), tmp_path / "x.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "http" not in policy[1]
    for name, start in (("script", '<script type="module">'), ("style", "<style>")):
        inside = text.split(start)[1].split(f"</{name}>")[0]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy[1]


@pytest.mark.parametrize("prompt", HOSTILE)
def test_a_hostile_prompt_adds_no_element(made: Made, tmp_path: Path, prompt: str) -> None:
    """The elements of the page are the same whatever the prompt is, and the prompt is all there."""
    plain = _page(ImageGrid([made(prompt="A cat")]), tmp_path)
    odd = _page(ImageGrid([made(prompt=prompt)]), tmp_path)
    assert [tag for tag, _ in odd.elements] == [tag for tag, _ in plain.elements]
    assert _data(odd)["images"][0]["prompt"] == prompt


@pytest.mark.long
def test_pictures_stay_within_the_budget(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However badly pictures compress, together they have no more bytes than the page allows."""
    monkeypatch.setattr(page_module, "MOST_BYTES", 400_000)
    grid = ImageGrid([made(n) for n in range(12)])
    images = _data(_page(grid, tmp_path))["images"]
    pictures = [one[name].partition(",")[2] for one in images for name in ("src", "full")]
    assert 100_000 < sum(len(base64.b64decode(data)) for data in pictures) <= 400_000


def test_originals_are_embedded_when_asked(made: Made, tmp_path: Path) -> None:
    """With `originals` the large picture is the original byte for byte; else a smaller JPEG."""
    grid = ImageGrid([made()])
    whole = _data(_page(grid, tmp_path, originals=True))["images"][0]["full"]
    assert base64.b64decode(whole.partition(",")[2]) == grid[0].bytes
    assert whole.startswith("data:image/png;base64,")
    less = _data(_page(grid, tmp_path))["images"][0]["full"]
    assert less.startswith("data:image/jpeg;base64,")


def test_links_to_originals_are_relative(made: Made, tmp_path: Path) -> None:
    """A name with odd letters is quoted, and no link is absolute."""
    odd = tmp_path / "100% # ü?.png"
    odd.write_bytes(made().bytes)
    link = _data(_page(ImageGrid([made(path=odd)]), tmp_path))["images"][0]["original"]
    assert link == "100%25%20%23%20%C3%BC%3F.png"


def test_a_failure_keeps_its_words(tmp_path: Path) -> None:
    """What failed has no picture but state, reason and money in words."""
    image = _data(_page(ImageGrid([failed()]), tmp_path))["images"][0]
    assert (image["src"], image["full"], image["original"]) == (None, None, None)
    assert image["state"] == "failed"
    assert image["error"] == "blocked by moderation"
    assert image["charged"] == "no credits were taken"


def test_a_picture_that_cannot_be_read_says_so(made: Made, tmp_path: Path) -> None:
    """A damaged or lost original is a tile with words, and the page is written."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    grid = ImageGrid([made(path=broken), made(path=tmp_path / "lost.png"), made()])
    states = [one["state"] for one in _data(_page(grid, tmp_path))["images"]]
    assert states == ["no file", "no file", "done"]


def test_axes_and_points_reach_the_viewer(photos: list[Path], tmp_path: Path) -> None:
    """Each image has the number of its value on every axis."""
    data = _data(_page(planned_grid(photos, "{a} {b}", a=["i", "o"], b=["c", "h"]), tmp_path))
    assert [axis["labels"] for axis in data["axes"]] == [["i", "o"], ["c", "h"]]
    assert [one["point"] for one in data["images"]] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data["view"] == {"rows": ["a"], "cols": ["b"], "pages": []}


def test_the_viewer_is_one_module_without_imports() -> None:
    """A joined module imports nothing, exports its two doors, and cannot end its element."""
    source = viewer_source()
    assert not re.search(r"^\s*import\b|\bimport\(", source, re.MULTILINE)
    assert "export function mount(el, data, callbacks" in source
    assert "export function render({ model, el })" in source
    assert "</script" not in source + viewer_style()
    assert "</style" not in viewer_style()


def test_the_viewer_makes_no_markup_of_text() -> None:
    """Nothing in the viewer turns text into HTML or code, or asks the network."""
    banned = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(")
    assert [word for word in banned if word in viewer_source()] == []
    assert "url(" not in viewer_style()
    assert "@import" not in viewer_style()


def test_every_file_of_the_viewer_is_joined() -> None:
    """A script that lies in the folder is part of the viewer."""
    import nanobanana_nb.show.viewer as viewer

    folder = Path(viewer.__file__).parent
    assert {path.stem for path in folder.glob("*.js")} == {*MODULES, *VOTE_MODULES}
