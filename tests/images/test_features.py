"""How far apart two pictures look."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import edges
from nanobanana_nb.images.colours import SIDE
from nanobanana_nb.images.features import COLOURS, SHAPES, views
from nanobanana_nb.stats.distance import distance, distances

numbers = st.lists(st.floats(-1, 1), min_size=3, max_size=3)


def _plain(folder: Path, colour: str, size: tuple[int, int] = (64, 64)) -> Path:
    path = folder / f"{colour}{size[0]}x{size[1]}.png"
    Image.new("RGB", size, colour).save(path)
    return path


def features(path: Path) -> tuple[float, ...]:
    """The colours of a picture as it stands."""
    return views(path)[0][1]


def _half(folder: Path, name: str, box: tuple[int, int, int, int]) -> Path:
    """Paint a black box on white."""
    page = Image.new("RGB", (64, 64), "white")
    page.paste("black", box)
    page.save(folder / name)
    return folder / name


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
    left, right = (_half(tmp_path, f"{x}.png", (x, 0, x + 32, 64)) for x in (0, 32))
    assert distance(features(left), features(right)) == pytest.approx(1, abs=0.05)


def test_a_mirror_image_is_another_and_either_way_round_the_same(tmp_path: Path) -> None:
    """Every second view is that of the picture and its mirror image together."""
    left = _half(tmp_path, "left.png", (4, 20, 30, 60))
    with Image.open(left) as picture:
        picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "right.png")
    pairs = zip(views(left), views(tmp_path / "right.png"), strict=True)
    apart = [(a[0], distance(a[1], b[1])) for a, b in pairs]
    assert [name for name, _ in apart] == [COLOURS, COLOURS, SHAPES, SHAPES]
    assert [round(number, 6) for _, number in apart][1::2] == [0, 0]
    assert min(number for _, number in apart[::2]) > 0.3


def test_shapes_of_one_colour_differ(tmp_path: Path) -> None:
    """Bars that stand and bars that lie have the same colours and no edge in common."""
    for name, size in (("stand.png", (64, 1)), ("lie.png", (1, 64))):
        stripes = Image.frombytes("L", size, bytes(255 * (i // 4 % 2) for i in range(64)))
        stripes.resize((64, 64), Image.Resampling.NEAREST).convert("RGB").save(tmp_path / name)
    (_, standing), (_, lying) = views(tmp_path / "stand.png")[2], views(tmp_path / "lie.png")[2]
    assert distance(standing, lying) == pytest.approx(1, abs=1e-6)


def test_a_mirror_turns_edges_over() -> None:
    """What runs up to the right runs up to the left."""
    slope = Image.new("L", (64, 64))
    slope.putdata([255 * (x > y // 2 + 8) for y in range(64) for x in range(64)])
    over = edges.edges(slope.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    assert edges.mirrored(edges.edges(slope)) == pytest.approx(over)


def test_a_plain_picture_has_no_shapes(tmp_path: Path) -> None:
    """Nothing is divided by nothing."""
    assert set(views(_plain(tmp_path, "teal"))[2][1]) == {0.0}


def test_what_is_no_picture_is_an_error(tmp_path: Path) -> None:
    """A file that is missing or holds something else raises OSError."""
    (tmp_path / "words.png").write_text("no picture")
    for name in ("words.png", "missing.png"):
        with pytest.raises(OSError, match=name):
            views(tmp_path / name)


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
