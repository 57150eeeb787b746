"""The viewer in the page that stands alone, opened from disk, every key pressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from nanobanana_nb.errors import Charged, GenerationFailedError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.export import export
from nanobanana_nb.show.grid import ImageGrid

pytestmark = pytest.mark.browser
ANIMALS = ["cat", "heron", "octopus"]
STYLES = ["woodcut", "oil"]
TIMES = ["at noon", "at night"]
HOSTILE = "</script><img src=x onerror=alert(1)><b>bold</b>"
TWO_COLOURS = ("#c04020", "#2040c0")
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Exports a grid and opens the page; at the end nothing was asked of the network or said."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    seen: list[str] = []

    def opened(grid: ImageGrid, scheme: str = "light", **options: Any) -> Page:
        path = export(grid, tmp_path / "x.html", **options)
        page = context.new_page()
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("request", lambda asked: seen.append(asked.url))
        page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        expect(page.locator(".nb-viewer")).to_be_visible()
        return page

    yield opened
    context.close()
    page_itself = (tmp_path / "x.html").as_uri()
    assert [one[:200] for one in seen if not one.startswith((page_itself, "data:"))] == []


def grid_of(folder: Path, prompt: str = "a {animal}, {style}", **more: list[str]) -> ImageGrid:
    """Return a grid of plain pictures, each of a colour of its own; the second image failed."""
    names = {"animal": ANIMALS, "style": STYLES, **more}
    plan = make_plan(prompt, provider="crun", model="nano-banana", namespace=names)
    images = [_made(folder, n, cell.request) for n, cell in enumerate(plan.cells)]
    why = GenerationFailedError("failed", why="blocked by moderation", charged=Charged.NO)
    images[1] = replace(images[1], state=State.FAILED, path=None, error=why)
    return ImageGrid(images, plan)


def _made(folder: Path, number: int, request: Any) -> Generation:
    path = folder / f"{number}.png"
    Image.new("RGB", (400, 300), TWO_COLOURS[number % 2]).save(path)
    size = {"width": 400, "height": 300, "media_type": "image/png"}
    return Generation(request, State.SUCCESS, number, f"task_{number}", 4, path=path, **size)  # type: ignore[arg-type]


def focused(page: Page) -> str:
    """Return the label of what has the focus."""
    return str(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def headings(page: Page) -> tuple[list[str], list[str]]:
    """Return what stands over the columns and before the rows."""
    return (
        page.locator(".nb-scroll thead th").all_inner_texts(),
        page.locator(".nb-scroll tbody th").all_inner_texts(),
    )


def picker(page: Page, name: str) -> Locator:
    """Return the picker of a side or of an axis."""
    return page.get_by_role("combobox", name=name, exact=True)


def scale(page: Page) -> float:
    """Return how much the first picture of the open dialog is enlarged."""
    return float(page.locator(".nb-layer img").first.evaluate(_SCALE))


_SCALE = "image => new DOMMatrix(getComputedStyle(image).transform).a"


def test_the_grid_has_headings_and_honest_tiles(open_page: Open, tmp_path: Path) -> None:
    """Values stand over columns and before rows; what failed says why in words."""
    page = open_page(grid_of(tmp_path))
    assert headings(page) == (ANIMALS, STYLES)
    expect(page.locator(".nb-tile img")).to_have_count(5)
    failure = page.locator(".nb-bad")
    expect(failure).to_have_text(re.compile("failed.*blocked by moderation.*no credits were taken"))
    assert failure.evaluate("e => getComputedStyle(e).borderTopStyle") == "dashed"
    expect(page.locator(".nb-foot")).to_contain_text("6 images")


def test_arrow_keys_walk_the_grid(open_page: Open, tmp_path: Path) -> None:
    """From tile to tile in all four directions, and not beyond the edge."""
    page = open_page(grid_of(tmp_path))
    walk = [("ArrowRight", "cat · woodcut"), ("ArrowRight", "heron · woodcut")]
    walk += [("ArrowDown", "heron · oil"), ("ArrowLeft", "cat · oil"), ("ArrowLeft", "cat · oil")]
    walk += [("ArrowUp", "cat · woodcut"), ("ArrowUp", "cat · woodcut")]
    for key, name in walk:
        press(page, key)
        assert focused(page).startswith(f"Open {name}"), key
    assert page.locator('.nb-open[tabindex="0"]').count() == 1


def test_axes_change_sides(open_page: Open, tmp_path: Path) -> None:
    """`x` and the pickers put any axis on any side; `[` and `]` turn the pages of a third."""
    grid = grid_of(tmp_path, "a {animal}, {style}, {time}", time=TIMES)
    page = open_page(grid.pivot(rows="style", cols="animal", pages="time"))
    assert headings(page) == (ANIMALS, STYLES)
    assert picker(page, "time").input_value() == "0"
    press(page, "x")
    assert headings(page) == (STYLES, ANIMALS)
    picker(page, "Rows").select_option("time")
    assert headings(page) == (STYLES, TIMES)
    assert page.locator(".nb-open").count() == 4
    picker(page, "Rows").focus()
    press(page, "]")  # the focus is in a picker, where letters choose: nothing happens
    assert picker(page, "animal").input_value() == "0"
    page.locator(".nb-open").first.focus()
    press(page, "]")
    assert picker(page, "animal").input_value() == "1"
    assert focused(page).startswith("Open heron")
    press(page, "[", "[")
    assert picker(page, "animal").input_value() == "2"
    picker(page, "animal").select_option("all")
    assert page.locator(".nb-open").count() == 12
    picker(page, "Columns").select_option("–")
    assert headings(page)[1] == TIMES
    picker(page, "Rows").select_option("–")
    expect(page.locator("table")).to_have_count(0)


def test_rows_nest_as_under_the_cell(open_page: Open, tmp_path: Path) -> None:
    """Outer headings stand once over what they hold; both together are a choice of a side."""
    page = open_page(grid_of(tmp_path, "a {animal}, {style}, {time}", time=TIMES))
    nested = [STYLES[0], *TIMES, STYLES[1], *TIMES]
    assert headings(page) == (ANIMALS, nested)
    assert page.locator("th[rowspan='2']").all_inner_texts() == STYLES
    outer, inner = (page.locator("tbody th").nth(n).bounding_box() for n in (0, 1))
    assert outer is not None
    assert inner is not None
    assert outer["x"] + outer["width"] <= inner["x"] + 1
    assert page.locator(".nb-open").count() == 12
    press(page, "x")
    assert headings(page) == (nested[:1] + nested[3:4] + TIMES * 2, ANIMALS)
    assert page.locator("th[colspan='2']").all_inner_texts() == STYLES
    picker(page, "Columns").select_option("style")
    assert headings(page) == (STYLES, ANIMALS)
    assert picker(page, "time").input_value() == "0"
    picker(page, "Rows").select_option("style, time")
    assert headings(page) == (ANIMALS, nested)


def test_one_long_axis_is_a_list_of_all(open_page: Open, tmp_path: Path) -> None:
    """Without rows and columns no image is left out, and each has its value below."""
    animals = [f"animal {n}" for n in range(12)]
    page = open_page(grid_of(tmp_path, "a {animal}", animal=animals))
    expect(page.locator("table")).to_have_count(0)
    expect(page.locator(".nb-name")).to_have_text(animals)


def test_choosing_the_other_sides_axis_swaps(open_page: Open, tmp_path: Path) -> None:
    """No axis is on both sides."""
    page = open_page(grid_of(tmp_path))
    picker(page, "Columns").select_option("style")
    assert headings(page) == (STYLES, ANIMALS)
    page.get_by_role("button", name="Swap rows and columns").click()
    assert headings(page) == (ANIMALS, STYLES)


def test_an_image_opens_and_is_zoomed(open_page: Open, tmp_path: Path) -> None:
    """Enter opens; + - 0, the wheel, a double click and dragging do what they say; Esc closes."""
    page = open_page(grid_of(tmp_path))
    press(page, "ArrowRight", "Enter")
    box = page.get_by_role("dialog")
    expect(box.get_by_role("heading")).to_have_text("cat · woodcut")
    press(page, "+", "+")
    assert scale(page) == pytest.approx(1.5625)
    press(page, "-")
    assert scale(page) == pytest.approx(1.25)
    press(page, "0")
    assert scale(page) == 1
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -400)
    page.wait_for_function("document.querySelector('.nb-zoomed') !== null")
    before = page.locator(".nb-layer img").evaluate("e => e.style.transform")
    _drag(page, (600, 400), (560, 380))
    assert page.locator(".nb-layer img").evaluate("e => e.style.transform") != before
    before = page.locator(".nb-layer img").evaluate("e => e.style.transform")
    press(page, "Shift+ArrowRight")
    assert page.locator(".nb-layer img").evaluate("e => e.style.transform") != before
    page.mouse.dblclick(600, 400)
    assert scale(page) == 1
    press(page, "Escape")
    expect(box).to_have_count(0)
    assert focused(page).startswith("Open cat · woodcut")


def test_page_alone_offers_no_next_step(open_page: Open, tmp_path: Path) -> None:
    """Nothing can be made from a file: no button, no key, and no word of it in the list of keys."""
    page = open_page(grid_of(tmp_path))
    press(page, "ArrowRight", "r", "Enter", "r")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Use as reference")).to_have_count(0)
    expect(page.locator(".nb-told")).to_have_count(0)
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).not_to_contain_text("reference")


def test_arrows_walk_on_from_the_open_image(open_page: Open, tmp_path: Path) -> None:
    """The neighbour in the grid is opened, a failure too, and closing leads to where one is."""
    page = open_page(grid_of(tmp_path))
    page.locator(".nb-open").first.click()
    title = page.get_by_role("dialog").get_by_role("heading")
    press(page, "ArrowDown")
    expect(title).to_have_text("cat · oil")
    expect(page.get_by_role("dialog").locator(".nb-bad")).to_contain_text("blocked by moderation")
    press(page, "ArrowRight")
    expect(title).to_have_text("heron · oil")
    page.get_by_role("button", name="Image to the left").click()
    expect(title).to_have_text("cat · oil")
    press(page, "ArrowUp")
    page.get_by_text("Prompt and settings").click()
    expect(page.locator("dialog .nb-prompt")).to_have_text("a cat, woodcut")
    page.get_by_role("button", name="Close (Esc)").click()
    assert focused(page).startswith("Open cat · woodcut")


def test_two_marked_images_are_compared_by_slider(open_page: Open, tmp_path: Path) -> None:
    """The second `c` opens the slider, which keys, range and bar move; differences are told."""
    page = open_page(grid_of(tmp_path))
    _compare_first_and_third(page)
    expect(page.locator(".nb-stage")).to_have_attribute("data-mode", "slider")
    assert _names(page) == ["animal", "animal"]
    expect(page.locator("mark")).to_have_text(["cat,", "heron,"])
    assert _cut(page) == 50
    press(page, "ArrowRight")
    assert _cut(page) == 55
    page.get_by_label("How much of A is seen").fill("20")
    assert _cut(page) == 20
    bar, stage = _middle(page.locator(".nb-bar")), page.locator(".nb-stage").bounding_box()
    assert stage is not None
    _drag(page, bar, (stage["x"] + stage["width"] * 0.75, bar[1]))
    assert _cut(page) == pytest.approx(75, abs=1)


def _compare_first_and_third(page: Page) -> None:
    page.locator(".nb-open").first.focus()
    press(page, "c")
    expect(page.get_by_role("status")).to_contain_text("A: cat · woodcut")
    press(page, "ArrowRight", "c")
    expect(page.get_by_role("dialog", name="Compare two images")).to_be_visible()


def _names(page: Page) -> list[str]:
    return page.locator(".nb-side dt").all_inner_texts()


def _cut(page: Page) -> float:
    """Return how many hundredths of the stage show image A."""
    clip = page.locator(".nb-layer").nth(1).evaluate("e => e.style.clipPath")
    return float(re.findall(r"([\d.]+)%", clip)[0])


def _middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_blink_shows_one_and_then_the_other(open_page: Open, tmp_path: Path) -> None:
    """The images take turns by themselves; Space stops that and shows the other by hand."""
    page = open_page(grid_of(tmp_path))
    _compare_first_and_third(page)
    press(page, "b")
    first, second = page.locator(".nb-layer").nth(0), page.locator(".nb-layer").nth(1)
    expect(second).to_be_visible(timeout=5000)
    expect(first).to_be_hidden()
    expect(first).to_be_visible(timeout=5000)
    press(page, "Space")
    expect(page.get_by_role("button", name="Pause or go on")).to_have_text("Go on")
    shown = first.is_visible()
    page.wait_for_timeout(1600)
    assert first.is_visible() is shown


def test_fade_difference_and_pair(open_page: Open, tmp_path: Path) -> None:
    """Each way has its own drawing: mixed, subtracted, side by side and zoomed together."""
    page = open_page(grid_of(tmp_path))
    _compare_first_and_third(page)
    second = page.locator(".nb-layer").nth(1)
    press(page, "f")
    page.get_by_label("How much of B is mixed in").fill("30")
    assert second.evaluate("e => e.style.opacity") == "0.3"
    press(page, "d")
    assert second.evaluate("e => getComputedStyle(e).mixBlendMode") == "difference"
    page.get_by_label("How much the difference is brightened").fill("4")
    assert page.locator(".nb-stage").evaluate("e => e.style.filter") == "brightness(4)"
    press(page, "p", "+")
    boxes = [page.locator(".nb-layer").nth(n).bounding_box() for n in (0, 1)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    moved = [
        image.evaluate("e => e.style.transform") for image in page.locator(".nb-layer img").all()
    ]
    assert moved[0] == moved[1]
    assert scale(page) == pytest.approx(1.25)


def test_difference_of_the_same_picture_is_black(open_page: Open, tmp_path: Path) -> None:
    """Equal pictures have no difference, and the captions say that the settings are the same."""
    plan = make_plan("a cat", provider="crun", model="nano-banana", repeats=2)
    images = [_made(tmp_path, 0, cell.request) for cell in plan.cells]
    page = open_page(ImageGrid(images, plan))
    _mark_both(page)
    press(page, "d")
    shot = tmp_path / "black.png"
    page.locator(".nb-stage").screenshot(path=shot)
    with Image.open(shot) as image:
        assert max(high for _, high in image.convert("RGB").getextrema()) < 6  # type: ignore[union-attr,misc]
    assert _names(page) == ["repeat", "repeat"]


def _mark_both(page: Page) -> None:
    page.locator(".nb-open").first.focus()
    press(page, "c", "ArrowRight", "c")
    expect(page.get_by_role("dialog", name="Compare two images")).to_be_visible()


def test_a_comparison_is_swapped_closed_and_cleared(open_page: Open, tmp_path: Path) -> None:
    """`x` changes sides, Esc closes and leaves the marks, Clear takes them away."""
    page = open_page(grid_of(tmp_path))
    _compare_first_and_third(page)
    press(page, "x")
    expect(page.locator(".nb-side dd").first).to_have_text("heron")
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".nb-marked")).to_have_count(2)
    page.get_by_role("button", name="Compare A and B").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "Escape")
    page.get_by_role("button", name="Clear the marks").click()
    expect(page.locator(".nb-marked")).to_have_count(0)


def test_marks_can_be_made_with_the_mouse_and_in_the_open_image(
    open_page: Open, tmp_path: Path
) -> None:
    """The button on a tile and `c` in the open image lead to the same comparison."""
    page = open_page(grid_of(tmp_path))
    page.locator(".nb-tile").first.hover()
    page.locator(".nb-tile .nb-compare").first.click()
    page.locator(".nb-open").nth(1).click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text("heron · woodcut")
    press(page, "c")
    expect(page.get_by_role("dialog", name="Compare two images")).to_be_visible()


def test_a_failed_image_cannot_be_marked(open_page: Open, tmp_path: Path) -> None:
    """There is nothing to compare: no mark is set."""
    page = open_page(grid_of(tmp_path))
    page.locator(".nb-open:has(.nb-bad)").focus()
    press(page, "c")
    expect(page.locator(".nb-marked")).to_have_count(0)


def test_the_keys_are_told(open_page: Open, tmp_path: Path) -> None:
    """`?` shows every key, Esc takes the list away; stars are not told where none are kept."""
    page = open_page(grid_of(tmp_path))
    press(page, "?")
    keys = page.get_by_role("dialog", name="Keys")
    for word in ("walk", "slider, blink, fade", "swap rows and columns", "larger"):
        expect(keys).to_contain_text(word)
    expect(keys).not_to_contain_text("stars")
    press(page, "Escape")
    expect(keys).to_have_count(0)


def test_hostile_text_stays_text(open_page: Open, tmp_path: Path) -> None:
    """A prompt, a value and a reason full of markup are read as they were written."""
    plan = make_plan(
        "a {x}", provider="crun", model="nano-banana", namespace={"x": [HOSTILE, "hare"]}
    )
    images = [_made(tmp_path, n, cell.request) for n, cell in enumerate(plan.cells)]
    why = GenerationFailedError("failed", why=HOSTILE)
    images[1] = replace(images[1], state=State.FAILED, path=None, error=why)
    page = open_page(ImageGrid(images, plan))
    expect(page.locator(".nb-scroll thead th").first).to_have_text(HOSTILE)
    expect(page.locator(".nb-bad")).to_contain_text(HOSTILE)
    page.locator(".nb-open").first.click()
    page.get_by_text("Prompt and settings").click()
    expect(page.locator("dialog .nb-prompt")).to_have_text(f"a {HOSTILE}")
    assert page.locator("img[src=x], .nb-viewer b:text-is('bold')").count() == 0


def test_text_turns_and_hides_nothing(open_page: Open, tmp_path: Path) -> None:
    """Control characters and turns of the direction are in no text and no label of the page."""
    grid = grid_of(tmp_path, "\u202ea \x1b[31m{animal}\u2067, {style}\x9b")
    page = open_page(grid)
    page.locator(".nb-open").first.click()
    page.get_by_text("Prompt and settings").click()
    expect(page.locator("dialog .nb-prompt")).to_have_text("a [31mcat, woodcut")
    labels = "[...document.querySelectorAll('[aria-label]')].map(one => one.ariaLabel).join(' ')"
    shown = page.inner_text("body") + page.evaluate(labels)
    assert not set("\x1b\x9b\u202e\u2067") & set(shown)


def test_everything_is_labelled(open_page: Open, tmp_path: Path) -> None:
    """Each button, picker and range has a name that a screen reader can say."""
    page = open_page(grid_of(tmp_path, "a {animal}, {style}, {time}", time=TIMES))
    _compare_first_and_third(page)
    nameless = """[...document.querySelectorAll('button, select, input, dialog')].filter(
      (one) => !(one.getAttribute('aria-label') || one.labels?.[0]?.innerText.trim()))"""
    assert page.evaluate(f"{nameless}.length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_read(
    open_page: Open, tmp_path: Path, screenshots: Path, scheme: str
) -> None:
    """In both themes text and the words of a failure stand out from the paper by 4.5 to 1."""
    page = open_page(grid_of(tmp_path), scheme)
    screenshots.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=screenshots / f"viewer-{scheme}.png")
    paper = _colour(page.locator(".nb-viewer"), "backgroundColor")
    assert (sum(paper) < 150) is (scheme == "dark")
    for selector in ("h1", ".nb-tile figcaption", ".nb-bad b", ".nb-bad span", "label"):
        assert _contrast(_colour(page.locator(selector).first, "color"), paper) >= 4.5, selector


def _colour(one: Locator, name: str) -> tuple[float, ...]:
    told = one.evaluate(f"e => getComputedStyle(e).{name}")
    return tuple(float(part) for part in re.findall(r"[\d.]+", told)[:3])


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast of two colours as WCAG 2 reckons it."""

    def light(colour: tuple[float, ...]) -> float:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_a_narrow_window_needs_no_sideways_scrolling_of_the_page(
    open_page: Open, tmp_path: Path
) -> None:
    """At 600 pixels only the table scrolls, its row headings stay, and all tools are in sight."""
    page = open_page(grid_of(tmp_path, "a {animal}, {style}, {time}", time=TIMES))
    page.set_viewport_size({"width": 600, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 600
    page.locator(".nb-scroll").evaluate("e => e.scrollTo(9999, 0)")
    box = page.locator(".nb-scroll tbody th").first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    for tool in page.locator(".nb-tools select, .nb-tools button, .nb-tools input").all():
        place = tool.bounding_box()
        assert place is not None
        assert place["x"] + place["width"] <= 600
    _compare_first_and_third(page)
    assert page.evaluate("document.querySelector('dialog').scrollWidth") <= 600


RATED = """
async ({ source, data }) => {
  const viewer = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  window.told = [];
  window.leave = viewer.mount(document.body, data, { onRate: (...all) => window.told.push(all) });
}
"""


def test_ratings_are_told_where_they_are_kept(browser: Browser, tmp_path: Path) -> None:
    """With `ratings` in the data, keys and buttons rate the open image and the caller is told."""
    from nanobanana_nb.show.export.content import content_of
    from nanobanana_nb.show.export.page import viewer_data
    from nanobanana_nb.show.viewer import viewer_source, viewer_style

    data = {**viewer_data(content_of(grid_of(tmp_path)), {}), "ratings": {}}
    page = browser.new_page()
    page.goto("about:blank")
    page.add_style_tag(content=viewer_style())
    page.evaluate(RATED, {"source": viewer_source(), "data": data})
    page.locator(".nb-open").first.click()
    press(page, "4", "f", "4")
    page.get_by_role("button", name="2 of 5 stars").click()
    page.get_by_label("Note").fill("the best")
    press(page, "Tab")
    told = page.evaluate("window.told")
    assert [one[0] for one in told] == ["0"] * 5
    assert [one[1]["stars"] for one in told] == [4, 4, 0, 2, 2]
    assert told[-1][1] == {"stars": 2, "favourite": True, "note": "the best"}
    page.evaluate("window.leave()")
    expect(page.locator(".nb-viewer")).to_have_count(0)
    page.close()


WIDGET = """
async ({ source, data }) => {
  const { default: widget } = await import(
    URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const heard = {};
  window.model = {
    data, shown: false, sent: [], get: (name) => window.model[name], save_changes: () => {},
    set: (name, value) => (window.model[name] = value), send: (one) => window.model.sent.push(one),
    on: (name, call) => (heard[name] = call), off: (name) => delete heard[name],
    change: (next) => { window.model.data = next; heard["change:data"](); }, heard,
  };
  window.leave = widget.render({ model: window.model, el: document.body });
}
"""


def test_the_same_module_is_a_widget(browser: Browser, tmp_path: Path) -> None:
    """`render` draws what the model holds, draws anew when that changes, and leaves nothing."""
    from nanobanana_nb.show.export.content import content_of
    from nanobanana_nb.show.export.page import viewer_data
    from nanobanana_nb.show.viewer import viewer_source

    data = {**viewer_data(content_of(grid_of(tmp_path)), {}), "ratings": {}}
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(WIDGET, {"source": viewer_source(), "data": data})
    page.evaluate("model.change({ ...model.data, title: 'another' })")
    expect(page.locator("h1")).to_have_text(["another"])
    page.locator(".nb-open").first.click()
    press(page, "5")
    assert page.evaluate("model.sent")[0]["kind"] == "rate"
    page.evaluate("window.leave()")
    assert page.evaluate("[document.body.childElementCount, Object.keys(model.heard).length]") == [
        0,
        0,
    ]
    page.close()
