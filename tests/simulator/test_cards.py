"""The cards that stand for unknown nouns: their words, their fit, their differences."""

from __future__ import annotations

import pytest
from PIL import ImageChops

from nanobanana_nb.simulator.painting import fonts
from nanobanana_nb.simulator.painting.card import card
from nanobanana_nb.simulator.painting.lettering import _caption

COLOURS = {"a": (200, 80, 60), "b": (120, 40, 30), "c": (60, 160, 170), "k": (20, 18, 26)}
COLOURS["w"] = (250, 244, 232)
SIDE = 300


@pytest.fixture(params=["with the machine's fonts", "with Pillow's alone"])
def either_fonts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts as they are here, and as on a machine that has none."""
    if request.param == "with Pillow's alone":
        monkeypatch.setattr(fonts, "_OF_THE_MACHINE", ())
    fonts._font_name.cache_clear()


@pytest.mark.usefixtures("either_fonts")
@pytest.mark.parametrize(
    "word",
    [
        *("ox", "platypus", "Eiffel Tower", "Donaudampfschifffahrtsgesellschaft", "Löwenzahn"),
        *("一只狐狸在湖边", "القمر", "बिल्ली", "кошка на луне", "x" * 400, "W" * 40, "i", "a " * 60),
    ],
)
def test_words_fit(word: str) -> None:
    """A card has the same paper for each word, and nothing stands over its edge."""
    sheet = card(word, COLOURS, SIDE)
    left, top, right, bottom = sheet.alpha.getbbox() or (0, 0, 0, 0)
    assert left > 20
    assert right < SIDE - 20
    assert top > 5
    assert bottom < SIDE - 5
    assert 200 < right - left < 260
    x0, y0, x1, y1 = sheet.ink.getbbox() or (left + 9, top + 9, right - 9, bottom - 9)
    assert left + 4 < x0 < x1 < right - 4
    assert top + 4 < y0 < y1 < bottom - 4


def test_short_words_are_large() -> None:
    """The word of a card can be read on a tile of 250 pixels: a letter is a tenth of the card."""
    for word in ("cat", "platypus", "sunglasses"):
        box = card(word, COLOURS, SIDE).ink.getbbox()
        assert box is not None, word
        assert box[3] - box[1] > SIDE * 0.08, word


def test_each_word_has_its_pattern() -> None:
    """The same word is the same card, another word another one."""
    once, again, other = (
        card(word, COLOURS, SIDE).image for word in ("quokka", "quokka", "numbat")
    )
    assert once.tobytes() == again.tobytes()
    assert ImageChops.difference(once, other).getbbox()


def test_letters_that_no_font_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accents are dropped rather than the word; what cannot be written is left to the pattern."""
    monkeypatch.setattr(fonts, "_OF_THE_MACHINE", ())
    fonts._font_name.cache_clear()
    assert fonts.typeset("quokka") == ("quokka", "")
    assert fonts.typeset("Löwenzahn, weiß") == ("Lowenzahn, weiss", "")
    assert fonts.typeset("狐狸") is None
    assert _caption("a 狐狸 at night") == ("SIMULATED  ·  a at night", "")
    assert _caption("狐狸") == ("SIMULATED", "")
    fonts._font_name.cache_clear()


def test_sign_of_what_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word without letters has a sign in the place of its letters, the same for each word."""
    monkeypatch.setattr(fonts, "_OF_THE_MACHINE", ())
    fonts._font_name.cache_clear()
    fox, cat, written = (card(word, COLOURS, SIDE).ink for word in ("狐狸", "बिल्ली", "fox"))
    for sign in (fox, cat):
        left, top, right, bottom = sign.getbbox() or (0, 0, 0, 0)
        assert SIDE * 0.25 < right - left < SIDE * 0.45
        assert bottom > SIDE * 0.75
        assert top > SIDE * 0.5
    assert ImageChops.difference(fox, written).getbbox()
    fonts._font_name.cache_clear()
