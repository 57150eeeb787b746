"""What can be pressed on the board of a run, as HTML."""

from __future__ import annotations

import re

import pytest

from nanobanana_nb.errors import Charged
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.live.clickable import PAYS_AGAIN, failed_html, to_look
from nanobanana_nb.show.live.live_grid import tiles_html
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
    assert "<bdi>Image 4 · &lt;hare&gt; · oil</bdi></b> failed: " in html
    assert 'aria-label="Try again: Image 4 · &lt;hare&gt; · oil"' in html
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
    for generations, plan, found in ((ones, None, [0, 2]), (grid.generations, grid.plan, [0, 1])):
        html = tiles_html(generations, plan, 0, None, to_look)
        assert [int(n) for n in re.findall(r'data-look="(\d+)"', html)] == found
        assert html.count('tabindex="0"') == 1
        assert "data-look" not in tiles_html(generations, plan, 0, None)
