"""The static HTML of results, lists and bills."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup

from nanobanana_nb.errors import Charged, NanobananaError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.html import bill_html
from nanobanana_nb.show.html.plain_table import table_html
from nanobanana_nb.show.html.size_limits import html_bytes
from nanobanana_nb.show.html.wording import SIMULATED, SIMULATED_SHORT
from nanobanana_nb.show.live.status_line import status_html
from tests.html_reader import Reader
from tests.show.conftest import failed, planned, planned_grid, waiting
from tests.show.forms import contact_sheet, grid_html

Made = Callable[..., Generation]
HOSTILE = "</td></table><script>alert(1)</script><img src=x onerror=y>\"' &lt; \u202e\x00\ud800"


def test_one_image_has_picture_caption_link_and_task(made: Made) -> None:
    """The caption says what was asked, how long it took, what it cost, and where it is."""
    one = made(parameters=(("aspect_ratio", "1:1"), ("output_format", "png")))
    found = Reader(grid_html(ImageGrid([one], links=lambda _: "images/a cat.png")))
    assert "google/nano-banana · 1:1 · png · 12 s · 4 credits · open original" in found.text
    assert found.links == ["images/a cat.png"] * 2
    assert (found.images[0]["width"], found.images[0]["height"]) == ("512", "512")
    assert found.images[0]["alt"] == "A cat, done"
    assert one.task_id in found.titles
    assert str(one.task_id) not in found.text


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "http://x.example/a", "//x/a", "/etc/passwd", "a\nb", "c:\\x"]
)
def test_other_links_than_relative_and_https_are_left_out(made: Made, href: str) -> None:
    """A link that could run code or leave the page unencrypted is not written."""
    assert Reader(grid_html(ImageGrid([made()], links=lambda _: href))).links == []


def test_two_axes_are_rows_and_columns(photos: list[Path]) -> None:
    """The first axis names the rows, the second the columns; the corner says which is which."""
    grid = planned_grid(photos, "{style} {animal}", style=["ink", "oil"], animal=["cat", "hare"])
    found = Reader(grid_html(grid))
    sum_line = ["td", "td"]
    assert found.cells == ["td", "th", "th", *2 * ["th", "td", "td"], *sum_line]
    assert found.text.startswith("animal → style ↓ cat hare ink #0 #1 oil #2 #3 4 images")
    assert [i["alt"] for i in found.images][1] == "ink hare, ink · hare, done"


def test_captions_say_only_what_differs(made: Made) -> None:
    """Common settings stand once in the sum; a tile names its own."""
    grid = ImageGrid([made(model="google/nano-banana-pro"), made(1)])
    text = Reader(grid_html(grid)).text
    assert text.count("google/nano-banana-pro") == 1
    assert text.count("A cat") == 1
    same = Reader(grid_html(ImageGrid([made(), made(1)]))).text
    assert same.count("google/nano-banana") == 1


def test_the_sum_counts_what_happened(made: Made) -> None:
    """Images, states, differences, ways on, the ledger and the credits stand in one line."""
    differs = made(2, parameters=(("aspect_ratio", "16:9"),))
    grid = ImageGrid([made(), made(1, cached=True, credits=0), differs, failed()])
    text = Reader(grid_html(grid)).text
    counts = "4 images · 2 done · 1 differs · 1 failed: run the cell again · 1 from the ledger"
    assert f"{counts} · 8 credits · 12 s" in text
    assert "≠ asked 16:9, got 1:1" in text


def test_a_failed_tile_says_why_and_what_it_cost() -> None:
    """The word, the reason, the money and a dashed border: never an empty place."""
    html = grid_html(ImageGrid([failed()]))
    text = Reader(html).text
    assert "failed blocked by moderation no credits were taken" in text
    assert "Change the prompt" in text
    assert "dashed" in html


@pytest.mark.parametrize("state", list(State))
def test_every_state_without_image_has_an_honest_tile(made: Made, state: State) -> None:
    """The state is a word; what nobody waits for shows the command, and each its task."""
    image = waiting(state)
    resumable = state in (State.DETACHED, State.SUCCESS)
    for grid in (ImageGrid([image, made()]), ImageGrid([image])):
        found = Reader(grid_html(grid))
        assert found.text.startswith(wording.state_word(image))
        assert ("%nanobanana resume" in found.text) == resumable
        assert any(str(image.task_id) in title for title in found.titles)
    assert found.text.count(wording.state_word(image)) == 1, "said once"


def test_a_lost_file_is_said(made: Made, tmp_path: Path) -> None:
    """An original that was deleted or damaged does not break the output."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    grid = ImageGrid([made(path=tmp_path / "gone.png"), made(path=broken)])
    text = Reader(grid_html(grid)).text
    assert "gone.png is not there" in text
    assert "broken.png is not there or cannot be read" in text


def test_notes_are_shown_once(made: Made) -> None:
    """The same note on every image is one line under the result."""
    grid = ImageGrid([made(i, notes=("output_format: not sent",)) for i in range(3)])
    assert Reader(grid_html(grid)).text.count("output_format: not sent") == 1


def test_a_simulated_result_says_so_once(made: Made) -> None:
    """It is told once that nothing was paid, and how many where only some are simulated."""
    both = [made(provider="simulator"), made(1, provider="simulator")]
    for images, words in (
        (both, f" · {SIMULATED_SHORT}"),
        ([both[0], made()], f" · 1 {SIMULATED_SHORT}"),
        (both[:1], SIMULATED),
    ):
        text = Reader(grid_html(ImageGrid(images))).text
        assert text.count(words) == 1
        assert text.count("paid") == text.count("simulated") + text.count("simulator") == 1
    for images in ([made()], [made(), made(1)]):
        assert "simul" not in Reader(grid_html(ImageGrid(images))).text


def test_hostile_text_stays_text(made: Made) -> None:
    """Whatever a person or a server wrote is shown and never becomes markup."""
    error = NanobananaError(HOSTILE, why=HOSTILE, task_id=HOSTILE, charged=Charged.UNKNOWN)
    bad = {
        "prompt": HOSTILE,
        "model": HOSTILE,
        "parameters": ((HOSTILE, HOSTILE),),
        "images": (ReferenceImage(url="https://x.example", name=HOSTILE),),
        "task_id": HOSTILE,
        "notes": (HOSTILE,),
    }
    images = [made(**bad), waiting(State.FAILED, error=error, **bad), waiting(State.RUNNING, **bad)]
    for shown in (images, images[:1], images[1:2]):
        html = grid_html(ImageGrid(shown, links=lambda _: HOSTILE))
        assert "alert(1)" in Reader(html).text
        html.encode("utf-8")


@pytest.mark.long
def test_hostile_axis_values_stay_text(photos: list[Path]) -> None:
    """Names and headings are escaped like everything else, on every side and in every twin."""
    hostile = HOSTILE.replace("\ud800", "")  # a plan refuses half a character
    grid = planned_grid(photos, "{a} {b}", repeats=2, a=[hostile, "x"], b=[hostile + "2", "y"])
    assert grid.plan is not None
    a, b = grid.plan.axes
    odd = replace(grid.plan, axes=(replace(a, name=hostile), b))
    for sides in ({}, {"pages": "b"}, {"cols": [hostile, "b"]}, {"rows": [hostile, "b"]}):
        turned = ImageGrid(grid.generations, odd).pivot(**sides)
        assert "alert(1)" in Reader(grid_html(turned)).text
        assert "\x00" not in repr(turned)
        assert contact_sheet(turned)
    board = status_html(grid.generations, plan=odd, elapsed_s=1.0)
    assert "alert(1)" in Reader(board, pictures="webp").text


def test_a_long_prompt_is_cut_and_kept_in_the_title(made: Made) -> None:
    """20 kB of prompt take one line; the title holds more of it."""
    html = grid_html(ImageGrid([made(prompt="word " * 4000)]))
    assert len(Reader(html).text) < 600
    assert max(len(title) for title in Reader(html).titles) == 2000


def test_many_images_show_the_first_120_and_say_how_to_see_the_rest(made: Made) -> None:
    """The rest is one slice away, of the variable that holds them if there is one."""
    found = Reader(grid_html(ImageGrid([made(i) for i in range(135)])))
    assert len(found.images) == 120
    assert "15 more are not drawn here." in found.text


def test_words_full_of_markup_leave_room_for_pictures(made: Made) -> None:
    """Long hostile texts in 60 tiles do not burst the limit."""
    images = [made(i, prompt=f"{i}{'&' * 900}", model="<" * 90 + str(i)) for i in range(60)]
    html = grid_html(ImageGrid(images))
    assert len(html.encode()) <= html_bytes(60)
    assert len(Reader(html).images) == 60


def test_a_table_escapes_its_cells_and_keeps_safe_ones() -> None:
    """Only HTML that was made here is HTML in a list."""
    html = table_html(["Model"], [[HOSTILE], [Markup("<b>ours</b>")], [7]], "`%nanobanana models`")
    assert "<b>ours</b>" in html
    assert Reader(html).text.endswith("ours 7 %nanobanana models")


def test_the_bill_says_count_price_and_what_is_left() -> None:
    """What is held, what is new, what it costs and the balance after."""
    plan = planned("{style} {animal}", style=["ink", "oil"], animal=["cat", "hare"])
    text = Reader(bill_html(plan, Bill(4, 1, 12, 100), False)).text
    assert "2 styles × 2 animals = 4 images" in text
    assert "1 already in the ledger · 3 new · 12 credits · balance after: 88" in text


def test_a_bill_that_cannot_be_paid_or_told_says_so() -> None:
    """More than the balance, an estimate and an unknown price are said in words."""
    plan = replace(planned("A cat"), notes=(HOSTILE,))
    assert "2 more than the balance" in Reader(bill_html(plan, Bill(1, 0, 12, 10), False)).text
    assert "about 4 credits" in Reader(bill_html(plan, Bill(1, 0, 4, None, False), False)).text
    unknown = Bill(1, 0, None, 10, why_unknown="it would not say")
    text = Reader(bill_html(plan, unknown, True)).text
    assert "price not known · it would not say" in text
    assert "The built-in simulator answers: nothing is paid." in text


def test_figures_stand_below_each_other() -> None:
    """A column of numbers is set to the right, its head too; words stay at the left."""
    rows = [["a", "1,200", "5 / 8"], ["b", "–", "4"], ["c", "7", "–"]]
    html = table_html(["name", "credits", "sizes"], rows)
    sides = re.findall(r'<t[hd] align="(\w+)"', html)
    assert sides == ["left", "right", "right"] * 4
    assert re.findall(r'align="(\w+)"', table_html(["a", "b"], [])) == ["left", "left"]
    assert "right" not in table_html(["a"], [["–"], ["–"]])


def test_a_long_heading_is_clamped_and_whole_in_its_title(photos: list[Path]) -> None:
    """It breaks anywhere, has three lines at most, and a short one has no box."""
    long = "y" * 90
    html = grid_html(planned_grid(photos, "{a} {b}", a=[long, "cat"], b=["sad " + long, "glad"]))
    assert html.count("max-height:57px;overflow:hidden;overflow-wrap:break-word") == 2
    assert f'title="{long}"' in html
    assert f'title="sad {long}"' in html
