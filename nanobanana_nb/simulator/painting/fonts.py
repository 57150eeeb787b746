"""Typefaces: Pillow's own for English, one of the machine for other letters, or none at all."""

from __future__ import annotations

import unicodedata
from functools import cache

from PIL import ImageFont, features

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

#: Where each system keeps a font with many letters; the first that has those of a text is taken.
_OF_THE_MACHINE = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "arial.ttf", "Arial.ttf", "Arial Unicode.ttf"),
    *("NotoSansCJK-Regular.ttc", "NotoSansCJK-VF.otf.ttc", "NotoSansCJKjp-Regular.otf"),
    *("wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "ipag.ttf"),
    *("msyh.ttc", "YuGothM.ttc", "malgun.ttf", "PingFang.ttc", "Hiragino Sans GB.ttc"),
    *("AppleSDGothicNeo.ttc", "NotoSansArabic-Regular.ttf", "GeezaPro.ttc"),
    *("NotoSansDevanagari-Regular.ttf", "Lohit-Devanagari.ttf", "Nirmala.ttc", "Nirmala.ttf"),
    *("Kohinoor.ttc", "NotoSansThai-Regular.ttf", "leelawui.ttf", "NotoSansHebrew-Regular.ttf"),
    *("FreeSans.ttf", "unifont.otf", "unifont.ttf"),
)
_IN_ASCII = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "–": "-", "—": "-", "’": "'"}
)


def typeset(text: str) -> tuple[str, str] | None:
    """The text and the name of a font that has its letters ("" is Pillow's own).

    Where no font has them, accents are dropped; None where that is not enough.
    """
    letters = frozenset(c for c in text if not c.isspace())
    name = _font_name(letters)
    if name is not None:
        return text, name
    plain = unicodedata.normalize("NFKD", text.translate(_IN_ASCII))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return (plain, "") if _has_all("", frozenset(plain.replace(" ", ""))) else None


@cache
def font(name: str, size: int) -> Font:
    """A font of a name that ``typeset`` gave, in pixels."""
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


@cache
def _font_name(letters: frozenset[str]) -> str | None:
    if all(c.isascii() for c in letters):
        return ""
    if any(_needs_shaping(c) for c in letters) and not features.check("raqm"):
        return None
    return next((name for name in ("", *_OF_THE_MACHINE) if _has_all(name, letters)), None)


def _needs_shaping(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL", "NSM")


def _has_all(name: str, letters: frozenset[str]) -> bool:
    face = _sample(name)
    if face is None:
        return False
    missing = bytes(face.getmask("\uffff"))
    return all(bytes(face.getmask(c)) != missing for c in letters)


@cache
def _sample(name: str) -> Font | None:
    """A font, or None where the machine has none of this name: looking takes a walk of folders."""
    try:
        return font(name, 24)
    except OSError:
        return None
