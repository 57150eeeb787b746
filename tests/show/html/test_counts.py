"""What all images cost and how long they took, each said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.html.counts import count_parts, each_text, legends
from nanobanana_nb.show.html.display import display_of
from tests.html_reader import Reader
from tests.show.conftest import failed, generation, planned_grid, waiting
from tests.show.forms import grid_html, grid_text

Made = Callable[..., Generation]
DONE = st.fixed_dictionaries(
    {
        "credits": st.sampled_from([None, 4, 4, 4, 6]),
        "seconds": st.sampled_from([None, 10.0, 12.0]),
        "cached": st.booleans(),
    }
)


@given(st.lists(DONE | st.none(), min_size=2, max_size=8))
def test_cost_is_said_once(images: Sequence[dict[str, Any] | None]) -> None:
    """Of all together where all are alike, and else under each image that came; never both."""
    ones = [
        failed() if fields is None else generation(Path("x"), n, **fields)
        for n, fields in enumerate(images)
    ]
    summary = display_of(GridData(ones)).summary
    each, words_of = each_text(ones), [" ".join(parts) for parts in summary.legends]
    costs = {image.credits or 0 for image in ones if image.ok and not image.cached}
    for image, words in zip(ones, words_of, strict=True):
        assert ("credit" in words) == (image.ok and len(costs) > 1)
    assert not ("credit" in each and len(costs) > 1)
    assert summary.counts.count(each) == bool(each)
    assert all(not re.search(r"\b\d+ s\b", words) for words in words_of)


@pytest.mark.parametrize("state", [State.PENDING, State.RUNNING, State.DETACHED])
def test_what_is_on_its_way_counts_by_what_is_reserved(made: Made, state: State) -> None:
    """The service's own number before the price; what is taken is counted apart."""
    open_ = [waiting(state, reserved=4.0), waiting(state, reserved=4.0, credits=6.0)]
    parts = count_parts(open_)
    assert parts[-1] == "10 credits reserved"
    both = [made(seconds=None), *open_]
    assert count_parts(both)[-2:] == ["4 credits", "10 reserved"]
    assert GridData(both).credits == 4


def test_what_came_from_the_ledger_sets_no_cost_under_each_tile(made: Made) -> None:
    """It cost nothing now, which the sum says; `0 credits` beside `4 credits` is noise."""
    images = [made(), made(cached=True, credits=0.0), made()]
    assert legends(images, [{}] * 3) == [[], [], []]
    assert "1 from the ledger" in count_parts(images)


def test_nothing_is_reserved_for_what_has_ended_or_never_left(made: Made) -> None:
    """A price that was set aside is over with its image."""
    ended = [made(reserved=4.0), failed(reserved=4.0), waiting(State.PLANNED, reserved=4.0)]
    assert "reserved" not in " ".join(count_parts(ended))


def test_time_and_cost_of_one_image(made: Made) -> None:
    """They are its small text; of one that is not there its tile says what was taken."""
    assert legends([made()], [{}]) == [["12 s", "4 credits"]]
    assert legends([failed(credits=4, seconds=3.0)], [{}]) == [[]]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ([{}, {}], "12 s and 4 credits each"),
        ([{"seconds": 2.0}, {"seconds": 10.0}, {"seconds": 30.0}], "about 10 s and 4 credits each"),
        ([{"credits": 1}, {"credits": 1}], "12 s and 1 credit each"),
        ([{"seconds": None}, {"seconds": None}], "4 credits each"),
        ([{"credits": None}, {"credits": None}], "12 s each"),
        ([{"credits": None, "seconds": None}] * 2, ""),
        ([{}], ""),
        ([{}, {"credits": 6}], ""),
        ([{}, {"cached": True, "credits": 0}], ""),
        ([{"cached": True, "credits": 0}] * 2, ""),
    ],
)
def test_what_each_took(made: Made, fields: list[dict[str, Any]], text: str) -> None:
    """The time in the middle and the cost, where several were paid and cost the same."""
    assert each_text([made(n, **one) for n, one in enumerate(fields)]) == text


def test_failures_are_no_part_of_it(made: Made) -> None:
    """What did not come took nothing and tells nothing of the others."""
    assert each_text([made(), failed(), made(1)]) == "12 s and 4 credits each"


@pytest.mark.long
def test_numbers_are_those_of_the_grid(photos: list[Path]) -> None:
    """Each tile says the number that `grid[3]` takes, in every form and every arrangement."""
    grid = planned_grid(photos, "{a} {b}", repeats=2, a=["i", "ii"], b=["x", "y", "z"])
    for turned in (grid, grid.pivot(rows="a", cols="b"), grid.pivot(pages="a"), grid[:7]):
        html = grid_html(turned)
        numbers = [int(n) for n in re.findall(r"#(\d+)", Reader(html).text)]
        assert sorted(numbers) == list(range(len(turned)))
        names = [f"{cell['a']} {cell['b']}" for cell in _values(turned)]
        alts = [image["alt"] for image in Reader(html).images]
        assert [alt.split(",")[0] for alt in alts] == [names[n] for n in numbers]
        rows = [line.split()[0] for line in grid_text(turned).splitlines()[3:]]
        assert rows[: len(turned)] == [str(n) for n in range(len(turned))]


def _values(grid: Any) -> list[dict[str, Any]]:
    return [dict(cell.values) for cell in grid.plan.cells]


def test_one_image_alone_has_no_number(made: Made) -> None:
    """There is nothing to tell apart."""
    assert "#0" not in Reader(grid_html(GridData([made()]))).text
