"""The grid while its tasks run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.live.live_grid import PLACED_BYTES, Live, has_places, tiles_html
from nanobanana_nb.show.live.status_line import MOST_BYTES, status_html
from tests.html_reader import Page, Reader
from tests.show.conftest import failed, generation, planned, planned_grid, waiting
from tests.show.forms import grid_html

Made = Callable[..., Generation]
Photos = list[Path]


def read_live(html: str) -> Reader:
    """Read a board: its pictures are WebP in their places, and JPEG in a page of a row."""
    return Reader(html, pictures="webp" if "image/webp" in html else "jpeg")


def board(images: ImageGrid, now: float | None = None) -> str:
    """The board of a run that has come as far as these images, with its head."""
    return status_html(images.generations, elapsed_s=14.0, plan=images.plan, now=now)


def running(photos: list[Path], done: int, **names: list[str]) -> ImageGrid:
    grid = planned_grid(photos, " ".join(f"{{{name}}}" for name in names), **names)
    rest = [
        waiting(State.RUNNING, request=g.request, created_at=1000.0)
        for g in grid.generations[done:]
    ]
    return ImageGrid([*grid.generations[:done], *rest], grid.plan)


def test_images_appear_in_their_place(photos: list[Path]) -> None:
    """The headings are those of the result, and what runs shows its seconds."""
    grid = running(photos, 3, style=["ink", "oil"], animal=["cat", "hare"])
    found = read_live(board(grid, now=1014.0))
    heads = [cell for cell in Reader(grid_html(grid)).cells if cell == "th"]
    assert [cell for cell in found.cells if cell == "th"] == heads
    assert len(found.images) == 3
    assert "ink #0 #1 oil #2 14 s #3" in found.text
    assert found.text.startswith("3 of 4 · 14 s")


def test_the_result_form_draws_a_running_grid_too(photos: list[Path]) -> None:
    """Seconds are shown where somebody says what time it is."""
    grid = running(photos, 1, style=["ink", "oil"])
    assert "#0 14 s #1" in Reader(grid_html(grid, now=1014.0)).text
    unclocked = Reader(grid_html(grid)).text
    assert "14 s" not in unclocked
    assert "#0 running #1" in unclocked


@pytest.mark.parametrize("done", [0, 20, 59])
@pytest.mark.parametrize("rows", [4, 15])
def test_it_is_light_however_large_the_grid_is(photos: list[Path], done: int, rows: int) -> None:
    """Up to 60 images stay under 60 kB, and each has its tile in its place."""
    grid = running(photos, done, a=[str(n) for n in range(rows)], b=["i", "ii", "iii", "iv"])
    html = board(grid, now=1014.0)
    assert len(html.encode()) <= MOST_BYTES
    found = read_live(html)
    assert (len(found.images) > 0) == (done > 0)
    assert found.text.count("14 s #") == max(0, len(grid) - done)
    assert [int(n) for n in re.findall(r"#(\d+)", found.text)] == list(range(len(grid)))


@pytest.mark.parametrize("done", [0, 60, 119])
def test_more_than_fit_are_a_page_of_small_tiles(photos: list[Path], done: int) -> None:
    """120 are drawn around the first that runs, and the rest is counted."""
    grid = running(photos, done, a=[str(n) for n in range(15)], b=[str(n) for n in range(8)])
    html = board(grid, now=1014.0)
    assert len(html.encode()) <= MOST_BYTES
    found = read_live(html)
    assert "88 more" in found.text
    assert 0 < found.text.count("14 s") - 1 <= 32, "each tile, and the head"
    counts = [f"{done} of 120", *[f"{done} done"] * bool(done), f"{120 - done} running", "14 s"]
    assert found.text.startswith(" · ".join(counts))


def test_sixty_done_images_are_all_seen(tmp_path: Path, photos: list[Path]) -> None:
    """Pictures of a usual kind fit; their place does not fall back to a word."""
    from PIL import Image

    soft = tmp_path / "soft.png"
    Image.radial_gradient("L").convert("RGB").save(soft)
    grid = running([soft], 60, a=[str(n) for n in range(15)], b=["1", "2", "3", "4"])
    assert len(read_live(board(grid)).images) == 60


@pytest.mark.parametrize("lost", [0, 20, 60])
@pytest.mark.parametrize("repeats", [1, 60])
def test_sixty_keep_their_places(photos: list[Path], lost: int, repeats: int) -> None:
    """Failures with what tries them again cost pictures, and no place."""
    names = {"a": [f"animal {n}" for n in range(60 // repeats)]}
    plan = planned("A {a} by a lake", repeats, **names)
    images = [
        failed(request=cell.request) if n < lost else generation(photos[0], n, request=cell.request)
        for n, cell in enumerate(plan.cells)
    ]
    html = tiles_html(images, plan, 0, Live(None, clickable=True, retries=True))
    assert len(html.encode()) <= PLACED_BYTES
    assert [int(n) for n in re.findall(r"#(\d+)", Page(html).text)] == list(range(60))


def test_long_headings_do_not_burst_it(photos: list[Path]) -> None:
    """Markup in every value costs pictures and at last places, not the limit."""
    long = ["&" * 190 + str(n) for n in range(60)]
    for rows in (12, 60):
        grid = running(photos, 2 * rows - 1, a=long[:rows], b=["<" * 190, ">" * 190])
        html = board(grid)
        assert len(html.encode()) <= MOST_BYTES
        assert "running" in read_live(html).text


def test_failures_look_like_failures_and_say_why_in_their_place() -> None:
    """A dashed border and the reason in each tile, and not once more in a line of the head."""
    html = board(ImageGrid([failed(), failed(), waiting(State.PENDING)]))
    text = read_live(html).text
    assert html.count("dashed") == 2
    assert text.count("failed blocked by moderation · no credits were taken #") == 2
    assert text.count("moderation") == 2
    assert "waiting #2" in text


def test_failures_of_a_row_have_a_line_for_each_reason() -> None:
    """Small tiles have no room for it: the head says why, each reason once with how often."""
    images = [failed(), failed(), *[waiting(State.PENDING)] * 60]
    assert not has_places(images)
    text = read_live(board(ImageGrid(images))).text
    assert text.count("2 failed: blocked by moderation · no credits were taken") == 1
    assert text.count("moderation") == 1


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word(state: State) -> None:
    """No tile is empty, whatever stands in its task."""
    one = waiting(state, task_id="<b>", prompt="\ud800")
    text = read_live(board(ImageGrid([one, one]))).text
    assert re.search(r"\w+ #0 \w", text)
    assert re.search(r"\w+ #1$", text)


def test_what_came_otherwise_is_marked(made: Made) -> None:
    """A sign and what differs stand under the picture."""
    odd = made(parameters=(("aspect_ratio", "16:9"),))
    found = read_live(board(ImageGrid([odd, made(1)])))
    assert found.text.count("≠") == 1
    assert "#0 · ≠ asked 16:9, got 1:1 #1" in found.text


def test_a_lost_file_is_a_word(made: Made) -> None:
    """A picture that cannot be read is done all the same."""
    assert "done" in read_live(board(ImageGrid([made(path=Path("gone.png")), failed()]))).text
