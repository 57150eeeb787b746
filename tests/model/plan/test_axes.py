"""An axis and its headings."""

from __future__ import annotations

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axes import Axis
from tests.model.plans import picture


def test_headings_are_one_line_and_never_empty() -> None:
    """A value that is broken over lines, or is nothing, still has a heading."""
    assert Axis.of("x", ("a\n b", "", 3)).labels == ("a b", "(empty)", "3")


def test_headings_of_images_are_their_names() -> None:
    """Two files of one name are told apart by a number."""
    axis = Axis.of("image", (picture(b"1"), picture(b"2"), (picture(b"1"), picture(b"2"))))
    assert axis.labels == ("cat.png", "cat.png (2)", "cat.png + cat.png")


@pytest.mark.parametrize("values", [("a", "a"), ("a b", "a  b"), (1, "1")])
def test_a_value_twice_is_refused(values: tuple[object, ...]) -> None:
    """Values that read alike are the same value."""
    with pytest.raises(InputError, match=r"\{x\} has the same value twice"):
        Axis.of("x", values)


def test_the_same_image_twice_is_refused() -> None:
    """Bytes count, not names."""
    with pytest.raises(InputError, match="twice"):
        Axis.of("image", (picture(b"1"), picture(b"1", "dog.png")))


def test_an_axis_of_nothing_is_refused() -> None:
    """An axis has at least one value."""
    with pytest.raises(InputError, match=r"\{x\} is empty"):
        Axis.of("x", ())


def test_coupled_axes_are_one() -> None:
    """Values stand side by side, and one of them may come again."""
    axis = Axis.coupled({"style": ("a", "b", "c"), "ratio": ("1:1", "1:1", "16:9")})
    assert axis.name == "style + ratio"
    assert axis.names == ("style", "ratio")
    assert axis.labels == ("a + 1:1", "b + 1:1", "c + 16:9")
    assert axis.at(2) == (("style", "c"), ("ratio", "16:9"))


@pytest.mark.parametrize(
    ("ratios", "said"), [(("1:1",), "style has 2, ratio has 1"), (("1:1", "1:1"), "twice")]
)
def test_what_cannot_be_coupled_is_refused(ratios: tuple[str, ...], said: str) -> None:
    """Lengths must agree, and no pair may come again."""
    styles = ("a", "a") if len(ratios) == 2 else ("a", "b")
    with pytest.raises(InputError, match=said):
        Axis.coupled({"style": styles, "ratio": ratios})


def test_further_values_go_to_the_end() -> None:
    """Headings that are there stay, so that images keep their place."""
    axis = Axis.of("image", (picture(b"1"), picture(b"2"))).extended((picture(b"3"),))
    assert axis.labels == ("cat.png", "cat.png (2)", "cat.png (3)")
    with pytest.raises(InputError, match="twice"):
        axis.extended((picture(b"2"),))
    with pytest.raises(InputError, match="No value"):
        axis.extended(())
