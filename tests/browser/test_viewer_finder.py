"""Search, quick filters and order of the viewer, over data made by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.viewer_page import Show, show, shown_numbers, viewer_data  # noqa: F401

pytestmark = pytest.mark.browser

SCORES = {"sharpness": {"0": 0.25, "1": 0.75, "2": -1.5, "5": 0.5}, "on brand": {"3": 1200}}
RATINGS = {
    "0": {"stars": 5, "favourite": True, "note": "Été light"},
    "4": {"stars": 3, "favourite": False, "note": ""},
    "6": {"stars": 0, "favourite": True, "note": ""},
}


def _search(page: Page, text: str) -> None:
    page.get_by_role("searchbox").fill(text)


def _pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).select_option(label=option)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _data(**more: Any) -> dict[str, Any]:
    ratings = {number: dict(rating) for number, rating in RATINGS.items()}
    return viewer_data(ratings=ratings, scores=SCORES, **more)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("HERON", [1, 5, 9]),
        ("ink f", [2]),
        ("ete", [0]),
        ("moderation", [11]),
        ("#1", [1]),
        ("nano-banana", list(range(12))),
        ("<img", []),
    ],
)
def test_search_looks_everywhere(
    show: Show,  # noqa: F811
    text: str,
    numbers: list[int],
) -> None:
    """All words, in any case, in prompts, values, captions, notes, reasons and the model."""
    page = show(_data())
    _search(page, text)
    assert shown_numbers(page) == numbers
    expect(page.locator(".nb-count")).to_have_text(f"{len(numbers)} of 12")
    assert page.locator(".nb-tile:visible").count() == 12, "a table keeps its places"


def test_a_list_hides_what_a_table_dims(show: Show) -> None:  # noqa: F811
    """Without rows and columns what does not match is gone; nothing at all says so."""
    page = show(_data(view={"rows": [], "cols": [], "pages": []}))
    _search(page, "heron")
    assert page.locator(".nb-tile:visible").count() == 3
    _search(page, "nowhere")
    assert page.locator(".nb-tile:visible").count() == 0
    text = page.locator(".nb-list").evaluate("e => getComputedStyle(e, '::after').content")
    assert text == '"No image matches."'


def test_quick_filters(show: Show) -> None:  # noqa: F811
    """Favourites, stars, states and ranges narrow together; Clear shows all images again."""
    page = show(_data())
    _press(page, "Favourites only")
    assert shown_numbers(page) == [0, 6]
    _pick(page, "Stars", "3 or more")
    assert shown_numbers(page) == [0]
    _press(page, "Favourites only")
    assert shown_numbers(page) == [0, 4]
    _pick(page, "Stars", "any")
    _pick(page, "State", "failed (1)")
    assert shown_numbers(page) == [11]
    _press(page, "Show all images (Esc)")
    assert shown_numbers(page) == list(range(12))
    expect(page.get_by_role("button", name="Show all images (Esc)")).to_be_hidden()


def test_scores_filter_by_a_range(show: Show) -> None:  # noqa: F811
    """At least, at most, and both; what has no score is left out, its tile shows a dash."""
    page = show(_data())
    _pick(page, "Score", "sharpness")
    assert shown_numbers(page) == list(range(12))
    expect(page.locator(".nb-value").first).to_have_text("sharpness 0.25")
    expect(page.locator(".nb-value").nth(3)).to_have_text("sharpness –")
    page.get_by_label("Score at least").fill("0.25")
    assert shown_numbers(page) == [0, 1, 5]
    page.get_by_label("Score at most").fill("0.5")
    assert shown_numbers(page) == [0, 5]
    page.get_by_label("Score at least").fill("")
    assert shown_numbers(page) == [0, 2, 5]


def test_an_order_is_a_list_and_has_a_way_back(show: Show) -> None:  # noqa: F811
    """The best first with the value below, no score last; turned round; and the table again."""
    page = show(_data())
    _pick(page, "Order", "sharpness")
    expect(page.locator("table")).to_have_count(0)
    assert shown_numbers(page)[:5] == [1, 5, 0, 2, 3]
    expect(page.locator(".nb-value").first).to_have_text("sharpness 0.75")
    _press(page, "Turn the order round")
    assert shown_numbers(page)[:5] == [2, 0, 5, 1, 3]
    _pick(page, "Order", "on brand")
    assert shown_numbers(page)[:2] == [3, 0]
    expect(page.locator(".nb-value").first).to_have_text("on brand 1200")
    _press(page, "Turn the order round")
    _pick(page, "Order", "stars")
    assert shown_numbers(page)[:3] == [0, 4, 1]
    _search(page, "cat")
    assert shown_numbers(page) == [0, 4, 8]
    _press(page, "Back to the order of the plan")
    expect(page.locator("table")).to_be_visible()
    assert shown_numbers(page) == [0, 4, 8], "the search goes on"


def test_keys_reach_the_search_and_leave_it(show: Show) -> None:  # noqa: F811
    """`/` goes there, Enter to the first match, arrows to the next; Escape shows all again."""
    page = show(_data())
    page.keyboard.press("/")
    page.keyboard.type("fox")
    page.keyboard.press("Enter")
    expect(page.locator('.nb-open[data-at="2"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator('.nb-open[data-at="6"]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator('.nb-open[data-at="6"]')).to_be_focused()
    page.keyboard.press("Escape")
    assert shown_numbers(page) == list(range(12))
    expect(page.locator('.nb-open[data-at="6"]')).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("fog")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_matches_on_other_pages_are_counted(show: Show) -> None:  # noqa: F811
    """Where one value of an axis is shown, the count says how many of the matches are here."""
    page = show(_data(view={"rows": ["style"], "cols": [], "pages": ["animal"]}))
    _search(page, "oil")
    expect(page.locator(".nb-count")).to_have_text("4 of 12, 1 of them on this page")


def test_what_is_asked_for_outlives_a_reload(show: Show) -> None:  # noqa: F811
    """Search, filters and order are there again."""
    page = show(_data())
    _search(page, "cat")
    _pick(page, "Order", "sharpness")
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("cat")
    assert shown_numbers(page) == [0, 4, 8]
    expect(page.get_by_role("combobox", name="Order", exact=True)).to_have_value("score/sharpness")


def test_a_page_without_scores_or_ratings_offers_none(show: Show) -> None:  # noqa: F811
    """What is not there cannot be chosen, and one image needs no search."""
    page = show(viewer_data(), rates=False)
    for label in ("Score", "Order", "Stars"):
        expect(page.get_by_role("combobox", name=label, exact=True)).to_have_count(0)
    page = show(viewer_data(1, 1), rates=False)
    expect(page.get_by_role("searchbox")).to_have_count(0)


HOSTILE = "</script><img src=x onerror=alert(1)>"


def test_names_of_scores_stay_text(show: Show) -> None:  # noqa: F811
    """Whatever a score is called, it is read as it was written, and not taken for the stars."""
    scores = {HOSTILE: {"0": 1}, "stars": {"1": 2}, "__proto__": {"2": 3}, "bad": {"0": None}}
    page = show(viewer_data(scores=scores, ratings={}))
    options = page.get_by_role("combobox", name="Order", exact=True).locator("option")
    expect(options).to_have_text(["as planned", "stars", HOSTILE, "stars", "__proto__", "bad"])
    _pick(page, "Order", HOSTILE)
    expect(page.locator(".nb-value").first).to_have_text(f"{HOSTILE} 1")
    page.get_by_role("combobox", name="Order", exact=True).select_option(value="score/__proto__")
    assert shown_numbers(page)[0] == 2
    assert page.locator("img[src=x]").count() == 0


CHANGE = """([selector, event, value]) => {
  const control = document.querySelector(selector);
  control.value = value;
  control.dispatchEvent(new Event(event));
  void document.body.offsetHeight;
}"""


def test_two_hundred_images_react_at_once(show: Show) -> None:  # noqa: F811
    """Search and order take at most 100 ms of a processor, layout included: the best of three."""
    scores = {"sharpness": {str(n): n * 37 % 101 for n in range(200)}}
    page = show(viewer_data(10, 20, scores=scores))
    box, order = ".nb-finder [type=search]", ".nb-finder [aria-label=Order]"
    processor = _processor(page)
    for changes in (
        [(box, "input", text) for text in ("a", "beast7", "")],
        [(order, "change", key) for key in ("score/sharpness", "", "score/sharpness")],
    ):
        times = [processor()]
        for change in changes:
            page.evaluate(CHANGE, list(change))
            times.append(processor())
        assert min(after - before for before, after in pairwise(times)) < 0.1


def _processor(page: Page) -> Callable[[], float]:
    """Return what tells the seconds that scripts, styles and layout of the page have taken."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        values = {metric["name"]: float(metric["value"]) for metric in metrics}
        return sum(values[f"{part}Duration"] for part in ("Script", "RecalcStyle", "Layout"))

    return seconds
