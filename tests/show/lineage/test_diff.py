"""What two images were asked for."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.lineage.diff import Setting, difference
from tests.html_reader import Reader
from tests.show.conftest import failed

Made = Callable[..., Generation]
_TEXT = st.lists(st.sampled_from(["a", "cat", "owl", ",", " ", "  ", "\n", "é"]), max_size=12)


def _asked(prompt: str) -> Generation:
    return Generation(GenerationRequest("crun", "m", prompt))


def test_words_and_settings_that_differ_are_named(made: Made) -> None:
    """What is alike is not repeated."""
    one = made(prompt="A cat in ink", parameters=(("aspect_ratio", "1:1"), ("seed", 1)))
    other = made(1, prompt="A hare in ink", parameters=(("aspect_ratio", "16:9"), ("seed", 1)))
    found = ImageGrid([one, other]).diff(0, other)
    assert found.settings == (Setting("aspect_ratio", "1:1", "16:9"),)
    assert [(w.left, w.right) for w in found.words if not w.same] == [("cat", "hare")]
    assert repr(found) == "aspect_ratio: 1:1 → 16:9\nA [-cat-]{+hare+} in ink"
    assert found


def test_lines_go_through_words_and_not_through_blanks(made: Made) -> None:
    """A blank that came or went with a word stands beside it, and both texts stay readable."""
    one, other = made(prompt="A heron by the lake"), made(1, prompt="A heron and a boat by a lake")
    html = difference(one, other)._repr_html_()
    assert "A heron <ins>and a boat</ins> by <del>the</del> <ins>a</ins> lake" in html


def test_images_asked_for_alike_have_no_difference(made: Made) -> None:
    """The object is false and says so in words."""
    found = difference(made(), made(1))
    assert not found
    assert repr(found) == "The prompts are the same."


def test_a_setting_that_one_has_alone_is_none_for_the_other(made: Made) -> None:
    """So are other bytes under the same name."""
    images = [ReferenceImage.from_bytes(data, "image/png", "x.png") for data in (b"1", b"2")]
    one, other, none = made(images=images[:1]), made(images=images[1:]), made()
    assert [s.name for s in difference(one, other).settings] == ["bytes of the images"]
    assert ("images", None) in [(s.name, s.right) for s in difference(one, none).settings]


@given(_TEXT, _TEXT)
def test_the_pieces_are_both_prompts(left: list[str], right: list[str]) -> None:
    """Nothing is lost: the left sides make one prompt and the right sides the other."""
    one, other = "".join(left), "".join(right)
    found = difference(_asked(one), _asked(other))
    assert "".join(piece.left for piece in found.words) == one
    assert "".join(piece.right for piece in found.words) == other
    assert bool(found) == (one != other)


def test_a_very_long_prompt_is_compared_without_its_words() -> None:
    """Beginning and end are still found."""
    one, other = ("x " * 3000).strip(), ("y " * 3000).strip()
    found = difference(_asked(f"A {one} b"), _asked(f"A {other} b"))
    assert [piece.same for piece in found.words] == [True, False, True]


def test_a_difference_is_shown_with_both_pictures(made: Made) -> None:
    """Struck out and underlined, not told by colour."""
    found = Reader(difference(made(prompt="A cat"), made(1, prompt="A hare"))._repr_html_())
    assert len(found.images) == 2
    assert "A cat hare" in found.text


def test_hostile_prompts_stay_text(made: Made) -> None:
    """Markup in a prompt is shown; a failed image has its tile."""
    bad = "<script>alert(1)</script>"
    html = difference(failed(prompt=bad), made(prompt=f"{bad} \x00 & {bad}", model=bad))
    assert "<script>" in Reader(html._repr_html_()).text
