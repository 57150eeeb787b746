"""The text twins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.text import bill_text, table_text
from tests.show.conftest import failed, planned, planned_grid, waiting

Made = Callable[..., Generation]


def test_one_image_is_told_in_full(made: Made) -> None:
    """What, state, model, parameters, seconds, credits, task and path."""
    one = made(parameters=(("aspect_ratio", "1:1"),))
    assert repr(ImageGrid([one])).splitlines() == [
        "1 image · done · 4 credits · 12 s",
        "A cat · google/nano-banana · 1:1",
        f"512 × 512 png · {one.task_id}",
        str(one.path),
    ]


def test_a_failure_is_told_with_its_reason_and_advice() -> None:
    """The error's own sentence stands in the text."""
    text = repr(ImageGrid([failed()]))
    assert "blocked by moderation. No credits were taken." in text


def test_an_open_task_is_told_with_its_whole_id_and_the_command() -> None:
    """The id can be copied from the text."""
    one = waiting(State.DETACHED)
    assert f"{one.task_id} · %nanobanana resume" in repr(ImageGrid([one]))


def test_several_images_are_an_aligned_table(photos: list[Path]) -> None:
    """One line an image, its axis values first."""
    grid = planned_grid(photos, "{a} {b}", a=["ink", "oil"], b=["cat", "hare"])
    lines = repr(grid).splitlines()
    assert lines[2].split() == ["#", "a", "b", "state", "details", "file"]
    assert lines[4].split()[:4] == ["1", "ink", "hare", "done"]
    assert {line.index("done") for line in lines[3:7]} == {lines[2].index("state")}


def test_many_images_are_cut(made: Made) -> None:
    """The text is bounded as the picture is."""
    text = repr(ImageGrid([made(i) for i in range(160)]))
    assert len(text.splitlines()) == 124
    assert text.endswith("40 more.")


def test_control_characters_do_not_reach_a_terminal(made: Made) -> None:
    """A prompt cannot clear the screen."""
    assert "\x1b" not in repr(ImageGrid([made(prompt="\x1b[2J cat\n\nhat")]))
    assert "[2J cat hat" in repr(ImageGrid([made(prompt="\x1b[2J cat\n\nhat")]))


def test_a_table_is_aligned() -> None:
    """Columns start under their headings."""
    text = table_text(["Model", "Images"], [["nano-banana", 10], ["pro", 8]], "A note.")
    assert text.splitlines() == [
        "Model        Images",
        "nano-banana  10",
        "pro          8",
        "A note.",
    ]


def test_a_bill_is_told() -> None:
    """The same facts as in the picture."""
    text = bill_text(planned("A {n}", n=["cat", "hare"]), Bill(2, 1, 4, 10), True)
    assert text.splitlines() == [
        "2 n = 2 images",
        "1 already in the ledger · 1 new · 4 credits · balance after: 6",
        "A {n}",
        "prompt: A cat",
        "prompt: A hare",
        "The built-in simulator answers: nothing is paid.",
    ]
