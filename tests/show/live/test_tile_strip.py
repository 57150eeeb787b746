"""The small tiles of a run, one page at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.live import tile_strip as strip
from nanobanana_nb.show.live.tile_strip import PAGE, front, strip_html, within
from tests.html_reader import Reader
from tests.show.conftest import failed, waiting

Made = Callable[..., Generation]
COUNTS = st.integers(0, 2000)


@given(st.integers(-5000, 5000), COUNTS)
def test_a_page_is_full_where_there_is_enough(start: int, total: int) -> None:
    """Wherever one turns to, the page lies inside, and is full if there are enough tiles."""
    found = within(start, total)
    assert found >= 0
    assert len(range(total)[found : found + PAGE]) == min(PAGE, total)
    assert within(found, total) == found


@given(done=COUNTS, open_=COUNTS)
def test_the_front_page_has_the_first_unfinished(done: int, open_: int) -> None:
    """Whatever is done already, the first task that runs is on the page."""
    tasks = [failed()] * done + [waiting(State.RUNNING)] * open_
    start = front(tasks)
    assert start == within(start, len(tasks))
    assert not open_ or start <= done < start + PAGE


def test_a_later_page_names_its_numbers() -> None:
    """The reader knows which tiles these are and how many others there are."""
    html = strip_html([waiting(State.PENDING)] * 100, 64, None)
    assert "#64 to #95; 68 more" in Reader(html).text
    assert Reader(html).text.count("waiting") == PAGE


def test_running_tiles_count_from_their_sending() -> None:
    """A task that was asked for long ago and sent just now has just begun."""
    one = waiting(State.RUNNING, created_at=100.0, sent_at=190.0)
    assert Reader(strip_html([one], 0, 200.0)).text == "10 s"
    assert Reader(strip_html([one], 0, 180.0)).text == "0.0 s", "a clock that was set back"


def test_pictures_come_as_there_is_time(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is drawn at once: images that there is no time for are words, and pictures later."""
    monkeypatch.setattr(strip, "_DECODING_S", -1.0)
    images = [made(n) for n in range(12)]
    assert strip_html(images, 0, None).count("<img") == 0
    monkeypatch.setattr(strip, "_DECODING_S", 60.0)
    assert strip_html(images, 0, None).count("<img") == 12


def test_a_failed_tile_tells_why_in_its_title() -> None:
    """The reason is under the pointer, as text even if it looks like markup."""
    assert "failed: blocked by moderation" in Reader(strip_html([failed()], 0, None)).titles
