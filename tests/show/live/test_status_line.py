"""What is shown while tasks run."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.result import WAITS_FOR_ANOTHER, WAITS_HERE, Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.markup import AMBER, GREEN, RED
from nanobanana_nb.show.live.live_grid import Live, tiles_html
from nanobanana_nb.show.live.status_line import MOST_BYTES, head_html, status_html, status_text
from tests.html_reader import Page
from tests.show.conftest import TASK, failed, waiting
from tests.show.forms import grid_html
from tests.show.live.test_live_grid import read_live

Made = Callable[..., Generation]
INTERRUPT = "Interrupt stops the waiting, not the task"


def test_one_task_tells_state_seconds_id_looks_and_price() -> None:
    """A person who waits sees that something happens, and what stopping means."""
    one = waiting(State.RUNNING, looks=3)
    html = status_html([one], elapsed_s=9.2, bill=Bill(1, 0, 4, 100))
    text = read_live(html).text
    assert text.startswith("running · 9 s · 4 credits · task_9f2c4b… · looked at 3 times")
    assert INTERRUPT in text
    assert f"{TASK}0" in read_live(html).titles


def test_several_tasks_are_counted_with_a_bar_and_tiles(made: Made) -> None:
    """What is lost is counted, tiles show the rest; green is done, red lost, grey on its way."""
    tasks = [made(), failed(), waiting(State.RUNNING, created_at=100.0), waiting(State.PENDING)]
    html = status_html(tasks, elapsed_s=21, bill=Bill(4, 0, 16, 100), now=111.0, left_s=7)
    text = read_live(html).text
    assert "2 of 4 · 1 failed · 21 s · about 7 s left 4 of 16 credits" in text
    assert "#0 failed blocked by moderation · no credits were taken #1 11 s #2 waiting #3" in text
    assert re.findall(r'height="3" width="([\d.]+)%"', html) == ["25.00"] * 4
    assert [html.count(f'bgcolor="{colour}"') for colour in (GREEN, RED, AMBER)] == [1, 1, 0]
    assert len(read_live(html).images) == 1


@given(
    st.lists(st.sampled_from(list(State)), min_size=1, max_size=80),
    st.floats(0, 1e6),
    st.none() | st.floats(0, 1e6),
)
def test_the_bar_is_whole(states: list[State], elapsed_s: float, left_s: float | None) -> None:
    """Its parts fill the line whatever is expected, and what is not done is never shown as done."""
    html = head_html([waiting(state) for state in states], elapsed_s=elapsed_s, left_s=left_s)
    shares = [float(share) for share in re.findall(r'height="3" width="([\d.]+)%"', html)]
    assert sum(shares) == pytest.approx(100, abs=0.05)
    assert GREEN not in html


@pytest.mark.parametrize("count", [2, 60, 61, 1000])
def test_counts_stand_where_no_place_shows_them(count: int) -> None:
    """A page of a row shows some of many: there, and in text, each state is counted."""
    tasks = [waiting(State.RUNNING), *[waiting(State.PENDING)] * (count - 1)]
    counts = f"0 of {count:,} · 1 running · {count - 1:,} waiting · 1 s"
    assert status_text(tasks, elapsed_s=1).startswith(counts)
    placed = count <= 60
    assert (counts in read_live(status_html(tasks, elapsed_s=1)).text) is not placed
    tiles = read_live(tiles_html(tasks, None, 0, Live())).text
    assert (tiles.count("waiting") == count - 1) is placed


@pytest.mark.parametrize("count", [1, 2, 60])
def test_the_head_keeps_its_height(count: int) -> None:
    """Whatever comes and goes: a line, the bar and a line, each whole in its title."""
    calm = [waiting(State.PENDING)] * count
    busy = [*[failed()] * (count - 1), waiting(State.RUNNING, credits=7)]
    more = {"notice": "The service is busy: on again in 7 s", "left_s": 7, "lost": 4.0}
    heads = [
        Page(head_html(calm, elapsed_s=1, advice="")),
        Page(head_html(busy, elapsed_s=1e5, bill=Bill(4, 0, 16, 100), advice="", **more)),
    ]
    for head in heads:
        assert [name for name, _ in head.elements if name in ("div", "table")] == [
            *("div", "table", "div")
        ]
        looks = [values for name, values in head.elements if name == "div"]
        assert all("-webkit-line-clamp:1;overflow:hidden" in line["style"] for line in looks)
        assert " ".join(line.get("title", "") for line in looks).strip() == head.text
    assert "on again in 7 s" in heads[1].text


def test_money_is_spent_set_aside_or_lost(made: Made) -> None:
    """What is here, what the service has set aside for what runs, and what failed tries took."""
    tasks = [made(), failed(), waiting(State.RUNNING, credits=7), waiting(State.PENDING)]
    said = {"elapsed_s": 21, "bill": Bill(4, 0, 16, 100)}
    for told in (read_live(status_html(tasks, **said)).text, status_text(tasks, **said)):
        assert "4 of 16 credits · 7 reserved" in told
        assert "tries" not in told
    lost = status_text(tasks, lost=4.0, **said)
    assert "8 of 16 credits · 7 reserved · 4 of them for tries that failed" in lost


def test_a_thousand_tasks_stay_under_60_kb(made: Made) -> None:
    """Only the tiles around the first unfinished task are drawn; the rest is counted."""
    tasks = [made(i) for i in range(500)] + [waiting(State.PENDING)] * 500
    html = status_html(tasks, elapsed_s=60)
    assert len(html.encode()) < MOST_BYTES
    assert "#484 to #515; 968 more" in read_live(html).text
    done = status_html([made(i) for i in range(1000)], elapsed_s=60)
    assert len(done.encode()) < MOST_BYTES


def test_when_all_is_final_nothing_says_interrupt(made: Made) -> None:
    """The advice goes when there is nothing to interrupt."""
    assert INTERRUPT not in read_live(status_html([made(), failed()], elapsed_s=1)).text
    assert INTERRUPT not in status_text([made()], elapsed_s=1)


def test_hostile_ids_and_prompts_stay_text() -> None:
    """What the service calls a task is shown as text."""
    bad = "<script>'\""
    for tasks in ([waiting(State.RUNNING, task_id=bad, prompt=bad)], [failed(prompt=bad)] * 2):
        assert "<script>" not in status_html(tasks, elapsed_s=1)
        read_live(status_html(tasks, elapsed_s=1))


HERE, ANOTHER = (
    "aits for another run here that has asked for",
    "aits for another notebook that has asked for",
)


@pytest.mark.parametrize(
    ("notes", "lines"),
    [
        ([WAITS_FOR_ANOTHER], [f"W{ANOTHER} this: nothing is paid here."]),
        ([WAITS_FOR_ANOTHER] * 3, [f"W{ANOTHER} these: nothing is paid here."]),
        ([WAITS_FOR_ANOTHER] * 2 + [""], [f"2 of 3: w{ANOTHER} these: nothing is paid here."]),
        (
            [WAITS_HERE, WAITS_FOR_ANOTHER],
            [
                f"1 of 2: w{ANOTHER} this: nothing is paid here.",
                f"1 of 2: w{HERE} this: nothing is paid again.",
            ],
        ),
        (["", ""], []),
    ],
)
def test_whom_it_waits_for_is_told_once(notes: list[str], lines: list[str]) -> None:
    """Board, text and the grid in hand say the same; what another pays has no price here."""
    tasks = [waiting(State.RUNNING, notes=tuple(filter(None, [note]))) for note in notes]
    told = {"elapsed_s": 1.0, "bill": Bill(len(tasks), 0, 4.0 * len(tasks), 100)}
    board, text = read_live(status_html(tasks, **told)).text, status_text(tasks, **told)
    for shown in (board, text, repr(ImageGrid(tasks)), read_live(grid_html(ImageGrid(tasks))).text):
        assert [line for line in lines if shown.count(line) != 1] == []
        assert shown.count("aits for another") == len(lines)
    assert ("credits" in text) is not all(notes)
    assert ("credits" in board) is not all(notes)


def test_the_text_says_the_same_without_markup(made: Made) -> None:
    """A terminal reads the same facts on a few lines."""
    text = status_text([made(), waiting(State.RUNNING)], elapsed_s=61)
    assert text.splitlines()[0] == "1 of 2 · 1 done · 1 running · 61 s · 4 credits"
    one = status_text([waiting(State.RUNNING)], elapsed_s=1)
    assert TASK[:8] in one
    assert "<" not in one
