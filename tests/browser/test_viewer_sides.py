"""Comparing on and on, the zoom in real pixels, the keys on demand, and stars in the grid."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.viewer_page import ANIMALS, STYLES, Show, compared, picture, show, viewer_data  # noqa: F401

pytestmark = pytest.mark.browser


def _compare(page: Page, *, first: int = 0) -> None:
    page.locator(f'.nb-open[data-at="{first}"]').focus()
    for key in ("c", "ArrowRight", "c"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog", name="Compare two images")).to_be_visible()


def _names(*numbers: int) -> list[str]:
    return [f"{STYLES[n // 4]} · {ANIMALS[n % 4]}" for n in numbers]


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_arrows_change_b_and_with_shift_a(show: Show) -> None:  # noqa: F811
    """Up and down go through all pictures but the other one's, round the ends; captions follow."""
    page = show(viewer_data())
    _compare(page)
    _press(page, "ArrowDown")
    assert compared(page) == _names(0, 2)
    expect(page.locator(".nb-side").nth(1)).to_contain_text("fox")
    _press(page, "ArrowUp", "ArrowUp")
    assert compared(page) == _names(0, 10), "the last one has failed"
    _press(page, "Shift+ArrowDown")
    assert compared(page) == _names(1, 10)
    _press(page, "a", "ArrowDown")
    assert compared(page) == _names(2, 10)
    _press(page, "a", "ArrowDown")
    assert compared(page) == _names(2, 0)
    _press(page, "Escape")
    letters = page.locator(".nb-tile .nb-badge:not(:empty)")
    expect(letters).to_have_text(["B", "A"])


def test_what_is_looked_at_stays(show: Show) -> None:  # noqa: F811
    """The way to compare, the slider and the zoom stay while images change."""
    page = show(viewer_data())
    _compare(page)
    _press(page, "ArrowRight", "+", "+")
    looks = "e => [e.style.clipPath, e.firstChild.style.transform]"
    before = page.locator(".nb-layer").first.evaluate(looks)
    _press(page, "ArrowDown")
    assert page.locator(".nb-layer").first.evaluate(looks) == before
    _press(page, "d", "ArrowDown")
    expect(page.locator(".nb-stage")).to_have_attribute("data-mode", "difference")


def test_a_click_in_the_row_changes_a_side(show: Show) -> None:  # noqa: F811
    """The row has each picture once; the image of the other side changes places."""
    page = show(viewer_data())
    _compare(page)
    thumbs = page.locator(".nb-thumb")
    expect(thumbs).to_have_count(11)
    thumbs.nth(5).click()
    assert compared(page) == _names(0, 5)
    expect(page.locator('.nb-thumb[aria-pressed="true"]')).to_have_text(["A", "B"])
    _press(page, "ArrowRight")
    assert compared(page) == _names(0, 6), "arrows in the row go along it"
    expect(thumbs.nth(6)).to_be_focused()
    thumbs.nth(0).click()
    assert compared(page) == _names(6, 0)


def test_the_row_has_what_was_searched_for(show: Show) -> None:  # noqa: F811
    """A comparison goes through the matches, in the order of the list."""
    scores = {"s": {"1": 1, "5": 3, "9": 2}}
    page = show(viewer_data(scores=scores))
    page.get_by_role("searchbox").fill("heron")
    page.get_by_role("combobox", name="Order", exact=True).select_option(label="s")
    _compare(page, first=5)
    assert compared(page) == _names(5, 9)
    _press(page, "ArrowDown")
    assert compared(page) == _names(5, 1)
    expect(page.locator(".nb-thumb")).to_have_count(3)


def test_an_inset_comparison_changes_too(show: Show) -> None:  # noqa: F811
    """What stands in a cell has the same keys, row and list of keys."""
    page = show(viewer_data(start={"pair": [0, 1], "inline": True}))
    dialog = page.get_by_role("dialog", name="Compare two images")
    expect(dialog).to_be_visible()
    assert not dialog.evaluate("e => e.matches(':modal')")
    _press(page, "ArrowDown")
    assert compared(page) == _names(0, 2)
    page.locator(".nb-thumb").nth(7).click()
    assert compared(page) == _names(0, 7)
    _press(page, "?", "Escape")
    expect(dialog).to_be_visible()


@pytest.mark.parametrize("close", ["?", "Escape"])
@pytest.mark.parametrize(("dialog", "words"), [("Compare two images", "swap"), ("Image", "neigh")])
def test_keys_are_shown_over_what_is_open(
    show: Show,  # noqa: F811
    dialog: str,
    words: str,
    close: str,
) -> None:
    """`?` shows the keys of what is open; `?` or Escape takes only them away."""
    page = show(viewer_data())
    if dialog == "Image":
        page.locator(".nb-open").first.click()
    else:
        _compare(page)
    keys = page.get_by_role("dialog", name="Keys")
    for _ in range(2):
        _press(page, "?")
        expect(keys).to_contain_text(words)
        _press(page, close)
        expect(keys).to_have_count(0)
        expect(page.get_by_role("dialog", name=dialog)).to_be_visible()
    page.get_by_role("dialog", name=dialog).get_by_role("button", name="Show the keys (?)").click()
    expect(keys).to_be_visible()
    _press(page, close)
    _press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_zoom_is_told_in_real_pixels(show: Show) -> None:  # noqa: F811
    """100 % is a pixel of the original for one of the screen, whatever copy is shown."""
    data = viewer_data()
    data["images"][0] |= {"full": picture(0, (640, 480)), "width": 2560, "height": 1920}
    page = show(data)
    page.locator(".nb-open").first.click()
    figure = page.get_by_role("button", name=re.compile("^Zoom "))
    shown = page.locator(".nb-layer img")
    _press(page, "z")
    expect(figure).to_have_text("100 %")
    assert _width(page) == pytest.approx(2560, abs=2)
    figure.click()
    fitted = _width(page)
    expect(figure).to_have_text(f"{round(100 * fitted / 2560)} %")
    assert shown.evaluate("e => new DOMMatrix(e.style.transform).a") == 1
    page.set_viewport_size({"width": 700, "height": 900})
    expect(figure).to_have_text(f"{round(100 * _width(page) / 2560)} %")
    _press(page, "ArrowRight", "1")  # a star here is not kept: real pixels, smaller than the place
    expect(figure).to_have_text("100 %")


def _width(page: Page) -> float:
    """Return how wide the picture itself is on the screen."""
    return float(
        page.locator(".nb-layer img").first.evaluate(
            """e => { const box = e.getBoundingClientRect();
            return Math.min(box.width, box.height * e.naturalWidth / e.naturalHeight); }"""
        )
    )


def test_zoom_of_two_sizes_is_told_of_each(show: Show) -> None:  # noqa: F811
    """Two figures where the images are not of one size."""
    data = viewer_data()
    data["images"][1] |= {"width": 128, "height": 96}
    page = show(data)
    _compare(page)
    _press(page, "1")
    expect(page.get_by_role("button", name=re.compile("^Zoom "))).to_have_text("100 % · 50 %")


RATINGS = {"0": {"stars": 4, "favourite": True, "note": "soft"}}


def test_tiles_show_and_take_stars(show: Show) -> None:  # noqa: F811
    """A tile has its stars; 1 to 5 and `f` set them where the focus is; the page is told."""
    page = show(viewer_data(ratings=dict(RATINGS)))
    first = page.locator(".nb-tile").first
    expect(first.locator(".nb-given")).to_have_text("★★★★☆ ♥")
    expect(first.locator(".nb-open")).to_have_accessible_name(re.compile("4 of 5 stars, favourite"))
    page.locator(".nb-open").nth(1).focus()
    _press(page, "3", "f", "f")
    expect(page.locator(".nb-given").nth(1)).to_have_text("★★★☆☆")
    assert page.evaluate(
        "window.rated.map(([id, rating]) => [id, rating.stars, rating.favourite])"
    ) == [
        ["1", 3, False],
        ["1", 3, True],
        ["1", 3, False],
    ]
    _press(page, "Enter", "5", "Escape")
    expect(page.locator(".nb-given").nth(1)).to_have_text("★★★★★")
    page.locator('.nb-open[data-at="11"]').focus()
    _press(page, "5")
    expect(page.locator(".nb-given").nth(11)).to_have_text("")


def test_stars_are_clicked_where_there_is_room(show: Show) -> None:  # noqa: F811
    """Under the pointer a large tile offers its stars, a small one does not; keys go on."""
    page = show(viewer_data(ratings=dict(RATINGS)))
    second = page.locator(".nb-tile").nth(1)
    second.hover()
    star = second.get_by_role("button", name="2 of 5 stars (2)")
    star.click()
    expect(second.locator(".nb-given")).to_have_text("★★☆☆☆")
    _press(page, "4")
    expect(second.locator(".nb-given")).to_have_text("★★★★☆")
    page.get_by_label("Size of the tiles").fill("120")
    second.hover()
    expect(star).to_be_hidden()


def test_a_rating_that_no_longer_matches_leaves_when_closed(show: Show) -> None:  # noqa: F811
    """What is open stays until it is closed; in the grid the focus goes to another match."""
    ratings = {str(n): {"stars": 5, "favourite": False, "note": ""} for n in (0, 1, 2)}
    page = show(viewer_data(ratings=ratings))
    page.get_by_role("combobox", name="Stars", exact=True).select_option("5")
    page.locator('.nb-open[data-at="1"]').click()
    _press(page, "1", "ArrowRight", "Escape")
    expect(page.locator(".nb-count")).to_have_text("2 of 12")
    expect(page.locator('.nb-open[data-at="2"]')).to_be_focused()
    _press(page, "1")
    expect(page.locator('.nb-open[data-at="0"]')).to_be_focused()


@pytest.mark.parametrize("start", [{"pair": [0, 1]}, {"image": 0}])
def test_what_closes_stays_on_the_first_line(show: Show, start: dict[str, object]) -> None:  # noqa: F811
    """However narrow it is: tools go to further lines, what closes does not."""
    page = show(viewer_data(start=start))
    header = page.locator("dialog header")
    for width in range(600, 1601, 100):
        page.set_viewport_size({"width": width, "height": 900})
        top = header.evaluate("e => e.getBoundingClientRect().top")
        for close in header.locator(".nb-ends button:visible").all():
            assert close.evaluate("e => e.getBoundingClientRect().top") == top, width
