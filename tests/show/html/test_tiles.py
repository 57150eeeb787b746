"""Tiles of an output: where there is no picture, words in the shape of the picture."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from nanobanana_nb.errors import Charged, GenerationFailedError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.captions import legend
from nanobanana_nb.show.html.tiles import RUNS, TileStyle, state_tile
from tests.html_reader import Page
from tests.show.conftest import failed, generation, waiting

SHAPES = ["21:9", "16:9", "3:2", "4:3", "1:1", "3:4", "2:3", "9:16"]
LETTER, LINE = 6.5, 17  # pixels of the small text, on average
ACTION = markup.tag("button", "Try again", type="button")
_INNER = re.compile(r"padding:([\d.]+)% 1px 0 1px;font-size:11px;line-height:17px")
_OUTER = re.compile(r"height:0;padding-bottom:([\d.]+)%;overflow:hidden")


@dataclass(frozen=True)
class Box:
    """A tile as a page draws it where there is room for it."""

    width: int
    height: float
    above: float  # pixels over the words
    lines: list[str]
    title: str

    @classmethod
    def of(cls, html: Markup) -> Box:
        """Read the box of a fluid tile."""
        width = int(re.findall(r"width:100%;max-width:(\d+)px", html)[0])
        (height,), (above,) = (map(float, found.findall(html)) for found in (_OUTER, _INNER))
        lines = [Page(line).text for line in html.split("<br>")]
        titles = [values["title"] for _, values in Page(html).elements if "title" in values]
        share = width / 100
        return cls(width, height * share, above * share, lines, " ".join(titles))

    @property
    def used(self) -> int:
        """How many lines the words take."""
        letters = [len(line) * LETTER / (self.width - 12) for line in self.lines]
        return sum(max(1, math.ceil(line)) for line in letters)


@pytest.mark.parametrize("state", list(State))
def test_a_border_makes_no_tile_higher(state: State) -> None:
    """A picture has none, and takes the place of the tile."""
    html = state_tile(waiting(state), TileStyle(200, 0, fluid=True))
    (border,), (margin,) = (re.findall(rf"{name}(\d+)px", html) for name in ("border:", "margin:-"))
    assert border == margin


def test_a_tile_of_what_is_done_says_no_more(photos: list[Path]) -> None:
    """Where there is no room for its picture nothing looks as if it had not come."""
    html = state_tile(generation(photos[0]), TileStyle(200, 0, fluid=True))
    assert Page(html).text == "done"
    assert markup.AMBER not in html


@st.composite
def styles(draw: st.DrawFn) -> TileStyle:
    """The styles that the tiles of an output may have."""
    px, now = draw(st.integers(96, 640)), draw(st.sampled_from([None, 1100.0]))
    return TileStyle(px, 0, now=now, fluid=True, ticking=draw(st.booleans()))


@st.composite
def without_picture(draw: st.DrawFn) -> Generation:
    """Images in any state, shape and trouble."""
    state = draw(st.sampled_from(list(State)))
    image = waiting(state, parameters=(("aspect_ratio", draw(st.sampled_from(SHAPES))),))
    image = replace(image, created_at=draw(st.sampled_from([None, 1000.0])), height=None)
    image = replace(image, credits=draw(st.sampled_from([None, 4])))
    if state is not State.FAILED:
        return image
    why = " ".join(["moderation"] * draw(st.integers(0, 60)))
    return replace(image, error=GenerationFailedError("no", why=why, charged=Charged.UNKNOWN))


@given(without_picture(), styles())
def test_a_tile_has_the_shape_of_its_picture(image: Generation, style: TileStyle) -> None:
    """From 21:9 to 9:16, in whatever state: as wide and high as the picture that will come."""
    wide, high = map(int, str(image.request.parameter("aspect_ratio")).split(":"))
    box = Box.of(state_tile(image, style))
    assert (box.width, round(box.height)) == style.shown(image)
    assert box.width <= style.px
    assert box.width / box.height == pytest.approx(wide / high, rel=0.03)


@given(without_picture(), styles(), st.booleans())
def test_what_stands_in_a_tile_fits(image: Generation, style: TileStyle, pressed: bool) -> None:
    """The word and the button are never cut off; the reason is cut, and whole in the title."""
    box = Box.of(state_tile(image, style, ACTION if pressed else None))
    assert box.lines[0] == wording.mark(image, style.now) or style.ticking
    assert (box.lines[1:2] == ["Try again"]) == pressed
    room = box.height - box.above - box.used * LINE
    assert room >= -2 or box.used == len(box.lines) == 1 + pressed
    why = [wording.cut(wording.reason(image), 400), wording.charged_text(image)]
    text = wording.DOT.join(filter(None, why))
    assert box.title.startswith(text[:200]), "a narrow window may cut it anywhere"
    assert str(image.task_id) in box.title or len(text) > 200


@pytest.mark.parametrize("ticking", [True, False])
def test_only_what_runs_moves(ticking: bool) -> None:
    """A task that runs is marked for the page, which counts its seconds where it listens."""
    for state in State:
        image = waiting(state, created_at=1000.0, sent_at=1002.0)
        html = state_tile(image, TileStyle(200, 0, now=1010.0, fluid=True, ticking=ticking))
        runs = state is State.RUNNING
        assert (f'class="{RUNS}"' in html) == runs
        assert ('data-since="1002.0"' in html) == (runs and ticking)
        assert ("8 s" in Page(html).text) == (runs and not ticking)


def test_colour_is_for_what_a_person_should_look_at() -> None:
    """Red is a failure, amber a doubt; what waits is grey."""
    for state in State:
        html = state_tile(waiting(state), TileStyle(200, 0, fluid=True))
        assert (markup.RED in html) == (state is State.FAILED)
        assert (markup.AMBER in html) == (state in (State.UNKNOWN, State.SUCCESS))


@given(st.integers(0, 9999), st.lists(st.text(min_size=1), max_size=3), st.text())
def test_a_legend_begins_with_the_number(number: int, parts: list[str], name: str) -> None:
    """It is what `grid[3]` takes; whatever else stands there is text."""
    html = legend(failed(), number, parts, name)
    assert re.match(rf"#{number}\b", Page(html).text)
    assert {tag for tag, _ in Page(html).elements} <= {"small", "br", "span"}
