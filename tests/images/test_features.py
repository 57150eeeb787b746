"""How far apart two pictures look."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nanobanana_nb.errors import InputError
from nanobanana_nb.images.features import SIDE, features
from nanobanana_nb.stats.distance import distance, distances

numbers = st.lists(st.floats(-1, 1), min_size=3, max_size=3)


def _plain(folder: Path, colour: str, size: tuple[int, int] = (64, 64)) -> Path:
    path = folder / f"{colour}{size[0]}x{size[1]}.png"
    Image.new("RGB", size, colour).save(path)
    return path


def test_black_and_white_are_one_apart(tmp_path: Path) -> None:
    """The scale is that of lightness."""
    black, white = (features(_plain(tmp_path, c)) for c in ("black", "white"))
    assert len(black) == SIDE * SIDE * 3
    assert distance(black, white) == pytest.approx(1, abs=1e-3)
    assert distance(black, black) == 0


def test_no_two_colours_are_farther_apart_than_black_and_white(tmp_path: Path) -> None:
    """Every distance lies between 0 and 1."""
    names = ("black", "white", "red", "lime", "blue", "yellow", "cyan", "magenta")
    table = distances([features(_plain(tmp_path, name)) for name in names])
    assert max(map(max, table)) == table[0][1]


def test_what_looks_closer_is_closer(tmp_path: Path) -> None:
    """Green is nearer to lime than to magenta, and dark grey nearer to black than to white."""
    each = {n: features(_plain(tmp_path, n)) for n in ("green", "lime", "magenta", "black", "#333")}
    assert distance(each["green"], each["lime"]) < distance(each["green"], each["magenta"])
    assert distance(each["#333"], each["black"]) < 0.5


def test_size_and_ratio_do_not_count(tmp_path: Path) -> None:
    """One colour is the same picture in every shape."""
    wide, square = (features(_plain(tmp_path, "teal", s)) for s in ((210, 90), (64, 64)))
    assert distance(wide, square) < 0.01


def test_where_things_stand_counts(tmp_path: Path) -> None:
    """A picture and its mirror image have the same colours and are not the same."""
    page = Image.new("RGB", (64, 64), "white")
    page.paste("black", (0, 0, 32, 64))
    page.save(tmp_path / "left.png")
    page.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "right.png")
    apart = distance(features(tmp_path / "left.png"), features(tmp_path / "right.png"))
    assert apart == pytest.approx(1, abs=0.05)


def test_what_is_no_picture_is_an_error(tmp_path: Path) -> None:
    """A file that is missing or holds something else raises OSError."""
    (tmp_path / "words.png").write_text("no picture")
    for name in ("words.png", "missing.png"):
        with pytest.raises(OSError, match=name):
            features(tmp_path / name)


def test_pictures_of_different_fineness_are_not_compared() -> None:
    """Features of another length are refused."""
    with pytest.raises(InputError, match="3 features"):
        distance((0, 0, 0), (0, 0))


@given(st.lists(numbers, max_size=6))
def test_the_table_is_symmetric_and_zero_on_its_diagonal(each: list[list[float]]) -> None:
    """Every picture is as far from another as that one from it, and 0 from itself."""
    table = distances(each)
    assert table == tuple(zip(*table, strict=True))
    assert all(table[i][i] == 0 for i in range(len(each)))
