"""What can be pressed on the board of a run, as HTML."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import Charged
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.live.clickable import (
    AGAIN,
    PAYS_AGAIN,
    all_again,
    failed_html,
    to_try_again,
)
from nanobanana_nb.show.live.live_grid import Live, tiles_html
from tests.html_reader import Page
from tests.show.conftest import failed, waiting
from tests.show.live.test_live_grid import Made, Photos, running


def test_row_names_number_values_reason_and_money() -> None:
    """A person who has only the row knows which image it is, and what a new try means."""
    plan = make_plan(
        "A {animal}, {style}",
        provider="crun",
        model="nano-banana",
        namespace={"animal": ["cat", "<hare>"], "style": ["ink", "oil"]},
    )
    ones = [Generation(cell.request) for cell in plan.cells]
    ones[3] = failed()
    html = failed_html(ones, plan)
    assert "<bdi>#3 · &lt;hare&gt; · oil</bdi></b> failed: " in html
    assert 'aria-label="Try again: #3 · &lt;hare&gt; · oil"' in html
    assert 'data-again="3"' in html
    assert "<hare>" not in html


@pytest.mark.parametrize(
    ("charged", "pays"),
    [(Charged.NO, False), (Charged.YES, True), (Charged.UNKNOWN, True), (None, True)],
)
def test_row_says_whether_a_try_pays_once_more(charged: Charged | None, pays: bool) -> None:
    """Only where it is certain that nothing was taken, a try is not a second payment."""
    one = failed()
    assert one.error is not None
    one.error.charged = charged
    assert (PAYS_AGAIN in failed_html([one], None)) == pays


def test_only_what_failed_has_a_row() -> None:
    """What is unknown is decided by hand, and what runs needs nothing."""
    ones = [waiting(State.UNKNOWN), waiting(State.RUNNING), waiting(State.PLANNED)]
    assert failed_html(ones, None) == ""


def test_many_failures_are_few_rows() -> None:
    """A thousand failures take no more room than four, and are tried again by one button."""
    html = failed_html([failed()] * 1000, None)
    assert len(re.findall("data-again", html)) == 3
    assert "Try all 1,000 again" in html
    assert len(html) < 4000


def test_tiles_are_buttons_where_something_listens(made: Made, photos: Photos) -> None:
    """Each finished image of the page, in rows and in its place in the grid, and no other."""
    ones = [made(), waiting(State.RUNNING), made(1), failed()]
    grid = running(photos, 2, style=["ink", "oil"], animal=["cat", "hare"])
    row = [*ones, *[waiting(State.PENDING)] * 60]
    places = ((ones, None, [0, 2]), (grid.generations, grid.plan, [0, 1]), (row, None, [0, 2]))
    for generations, plan, positions in places:
        html = tiles_html(generations, plan, 0, Live(clickable=True))
        assert [int(n) for n in re.findall(r'data-look="(\d+)"', html)] == positions
        assert html.count('tabindex="0"') == 1
        assert "data-look" not in tiles_html(generations, plan, 0, Live())


@pytest.mark.parametrize(("clickable", "retries"), [(True, True), (True, False), (False, False)])
def test_a_failed_tile_offers_a_try_where_there_may_be_one(
    photos: Photos, clickable: bool, retries: bool
) -> None:
    """In its own tile, named by what stands around it; what is unknown or runs has none."""
    grid = running(photos, 1, style=["ink", "<oil>"], animal=["cat", "hare"])
    images = [*grid.generations]
    images[2] = replace(failed(), request=images[2].request)
    images[3] = replace(waiting(State.UNKNOWN), request=images[3].request)
    html = tiles_html(images, grid.plan, 0, Live(clickable=clickable, retries=retries))
    assert re.findall(r'data-again="(\d+)"', html) == ["2"] * retries
    assert html.count("<button") == retries


@given(name=st.text(), position=st.integers(0, 999), charged=st.sampled_from([*Charged, None]))
def test_a_try_says_which_image_and_what_it_pays(
    name: str, position: int, charged: Charged | None
) -> None:
    """A button by its name, whatever stands in it; only where nothing was taken it is free."""
    image = failed()
    assert image.error is not None
    image.error.charged = charged
    page = Page(to_try_again(image, name, position))
    ((tag, attributes),) = page.elements
    assert (tag, page.text, attributes["data-again"]) == ("button", "Try again", str(position))
    assert attributes["aria-label"].startswith("Try again: ")
    assert AGAIN in attributes["title"]
    assert (PAYS_AGAIN in attributes["title"]) == (charged is not Charged.NO)


@given(st.integers(2, 100_000))
def test_all_that_failed_is_one_button(count: int) -> None:
    """It says how many, and within which limits."""
    page = Page(all_again(count))
    ((tag, attributes),) = page.elements
    assert (tag, attributes["data-all"], attributes["title"]) == ("button", "yes", AGAIN)
    assert page.text == attributes["aria-label"] == f"Try all {count:,} again"


def test_hostile_names_stay_in_their_attribute() -> None:
    """Values of a person stand in the label of a button."""
    html = to_try_again(failed(), '"><script>alert(1)</script>', 3)
    assert "<script" not in html
    assert Page(html).elements[0][1]["aria-label"].endswith('"><script>alert(1)</script>')
