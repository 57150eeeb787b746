"""Nothing scrolls unless it holds more than it shows, with scrollbars that take room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ARGUMENTS, _chromium
from tests.browser.viewer_page import _html, viewer_data

pytestmark = pytest.mark.browser

# What scrolls although nothing that is seen reaches over its edge: [element, way, by how much].
PHANTOMS = """() => {
  const kinds = 'img, button, select, input, span, p, dt, dd, b, h1, h2, h3';
  const seen = [...document.querySelectorAll(`.nb-viewer :is(${kinds})`)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }));
  const html = document.documentElement;
  const phantoms = [];
  for (const one of [html, ...document.querySelectorAll('.nb-viewer, .nb-viewer *')]) {
    const { overflowX, overflowY } = getComputedStyle(one);
    const edge = one.getBoundingClientRect();
    const boxes = seen.filter((other) => one.contains(other) && other !== one)
      .map((other) => other.getBoundingClientRect());
    const right = Math.max(0, ...boxes.map((box) => box.right - edge.left + one.scrollLeft));
    const bottom = Math.max(0, ...boxes.map((box) => box.bottom - edge.top + one.scrollTop));
    for (const [way, kind, most, size, reach] of [
      ['x', overflowX, one.scrollWidth, one.clientWidth, right],
      ['y', overflowY, one.scrollHeight, one.clientHeight, bottom],
    ]) {
      const bars = kind === 'scroll' || ((kind === 'auto' || one === html) && most > size + 1);
      if (bars && reach <= size + 1) phantoms.push([one.className, way, most - size]);
    }
  }
  return phantoms;
}"""
EVERY_SIZE = f"""() => {{
  const viewer = document.querySelector('.nb-viewer');
  const found = [];
  for (let size = 96; size < 400; size++) {{
    viewer.style.setProperty('--nb-tile', `${{size}}px`);
    found.push(...({PHANTOMS})().map((phantom) => [size, ...phantom]));
  }}
  return found;
}}"""


SCORES = {"sharpness": {str(n): n / 7 for n in range(9)}}
RATINGS = {"0": {"stars": 4, "favourite": True, "note": "soft"}}
STARTS: dict[str, dict[str, object]] = {
    "table": {},
    "pair": {"pair": [0, 1], "inline": True},
    "image": {"image": 0, "inline": True},
}


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page in a browser whose scrollbars take room, as on Windows and Linux."""
    kind = browser.browser_type
    own = kind.launch(
        executable_path=_chromium(), args=ARGUMENTS, ignore_default_args=["--hide-scrollbars"]
    )
    folder: Path = tmp_path_factory.mktemp("scrollbars")
    for name, start in STARTS.items():
        html = _html(viewer_data(scores=SCORES, ratings=RATINGS, start=start), rates=True)
        (folder / f"{name}.html").write_text(html, "utf-8")
    page = own.new_page()
    page.goto((folder / "table.html").as_uri())
    yield page
    own.close()


STATES = {
    "table": (),
    "search": ("/", "a"),
    "marks": ("c",),
    "image": ("Enter",),
    "zoomed": ("Enter", "+", "+"),
    "keys": ("?",),
    "keys of an image": ("Enter", "?"),
    **{f"pair {key}": ("c", "ArrowRight", "c", key) for key in "sbfdp"},
}


@pytest.mark.parametrize("height", [500, 900])
@pytest.mark.parametrize("width", [600, 900, 1400])
def test_no_state_has_a_phantom_scrollbar(page: Page, width: int, height: int) -> None:
    """In no state, width and height, and at no size of the tiles around which a bar comes."""
    page.set_viewport_size({"width": width, "height": height})
    phantoms = {name: found for name, keys in STATES.items() if (found := _phantoms(page, keys))}
    assert phantoms == {}


@pytest.mark.parametrize("width", [600, 900, 1400])
@pytest.mark.parametrize("start", ["pair", "image"])
def test_what_stands_in_the_page_has_none(page: Page, start: str, width: int) -> None:
    """A comparison or an image that a cell opens, in the place of the grid."""
    page.set_viewport_size({"width": width, "height": 700})
    _open(page, start)
    expect(page.locator("dialog")).to_be_visible()
    assert page.evaluate(PHANTOMS) == []


def _open(page: Page, start: str) -> None:
    page.goto(page.url.rpartition("/")[0] + f"/{start}.html")


def _phantoms(page: Page, keys: tuple[str, ...]) -> list[object]:
    _open(page, "table")
    expect(page.locator(".nb-open").first).to_be_visible()
    page.locator(".nb-open").first.focus()
    for key in keys:
        page.keyboard.press(key)
    return list(page.evaluate(PHANTOMS))


@pytest.mark.parametrize("order", ["as planned", "sharpness"])
def test_no_size_of_tiles_brings_one(page: Page, order: str) -> None:
    """Every size between the smallest and the largest, table and list."""
    page.set_viewport_size({"width": 900, "height": 700})
    _open(page, "table")
    page.get_by_role("combobox", name="Order", exact=True).select_option(label=order)
    assert page.evaluate(EVERY_SIZE) == []
