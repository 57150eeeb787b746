"""The viewer over data made by hand, on a page that runs only what is opened from disk."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from nanobanana_nb.show.export import page as page_module
from nanobanana_nb.show.viewer import viewer_source, viewer_style

ANIMALS = ["cat", "heron", "fox", "hare"]
STYLES = ["ink", "oil", "chalk"]
Show = Callable[..., Page]
# What the page calls is noted there, and nothing else is different from an exported page.
_KEPT = """keys: document,
  onRate: (id, rating) => (window.rated ||= []).push([id, rating]),"""


def picture(number: int, size: tuple[int, int] = (64, 48)) -> str:
    """Return a picture of one colour, as a page holds it."""
    data = io.BytesIO()
    colour = (number * 67 % 256, number * 29 % 256, 140)
    Image.new("RGB", size, colour).save(data, "JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode()


def viewer_data(rows: int = 3, cols: int = 4, **more: Any) -> dict[str, Any]:
    """Return a table of animals and styles in which the last image has failed."""
    animals = [*ANIMALS, *(f"beast{n}" for n in range(cols))][:cols]
    styles = [*STYLES, *(f"manner{n}" for n in range(rows))][:rows]
    points = [[row, col] for row in range(rows) for col in range(cols)]
    images = [_image(n, animals[at[1]], styles[at[0]], at) for n, at in enumerate(points)]
    images[-1] |= {"src": None, "full": None, "state": "failed", "error": "blocked by moderation"}
    return {
        "title": "a {animal}, {style}",
        "counts": [f"{len(images)} images"],
        "settings": ["google/nano-banana"],
        "notes": [],
        "axes": [{"name": "style", "labels": styles}, {"name": "animal", "labels": animals}],
        "view": {"rows": ["style"], "cols": ["animal"], "pages": []},
        "images": images,
        **more,
    }


def _image(number: int, animal: str, style: str, point: list[int]) -> dict[str, Any]:
    source = picture(number)
    return {
        "id": str(number),
        "point": point,
        "src": source,
        "full": source,
        "caption": {"model": "google/nano-banana"},
        "short": [f"#{number}"],
        "state": "done",
        "error": "",
        "charged": "",
        "prompt": f"a {animal}, {style}",
        "private": False,
        "differences": [],
        "width": 64,
        "height": 48,
        "original": None,
    }


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Show]:
    """Opens a page with the data; at the end no error was told."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    problems: list[str] = []

    def shown(data: dict[str, Any], *, rates: bool = True) -> Page:
        file = tmp_path / "viewer.html"
        file.write_text(_html(data, rates=rates), encoding="utf-8")
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(file.as_uri())
        expect(page.locator(".nb-viewer")).to_be_visible()
        return page

    yield shown
    context.close()
    assert problems == []


def _html(data: dict[str, Any], *, rates: bool) -> str:
    start = page_module._START
    script = viewer_source() + (start.replace("keys: document,", _KEPT) if rates else start)
    style = viewer_style()
    return page_module._PAGE.format(
        policy=page_module._policy(script, style),
        title="viewer",
        style=style,
        script=script,
        data=page_module._json(data),
        record="{}",
    )


def shown_numbers(page: Page) -> list[int]:
    """Return the numbers of the images that are in sight and in reach, in their order."""
    tiles = page.locator(".nb-tile:not([hidden]):not([inert]) .nb-open")
    return [int(at) for at in tiles.evaluate_all("all => all.map((one) => one.dataset.at)")]


def compared(page: Page) -> list[str]:
    """Return the names of the two images that are compared."""
    layers: Locator = page.locator(".nb-layer img")
    return [str(one.get_attribute("alt")) for one in layers.all()]
