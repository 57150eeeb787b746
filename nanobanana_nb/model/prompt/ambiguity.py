"""Values that may be meant otherwise than they are read, and how either meaning is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from nanobanana_nb.model.prompt import value_syntax
from nanobanana_nb.model.prompt.quotes import OPENING, WHOLE, is_quoted, quoted
from nanobanana_nb.text.names import WORD

LIKE_BARS = "│┃║‖¦∣❘❙❚ǀǁ￨⏐⎪丨"
_BRACKETS = ("()", "[]", "{}", "<>", "（）", "［］", "｛｝", "【】", "〈〉", "《》")
_SEPARATOR = r"[,，、،;；](?![^(]*\))|\s/\s"
_SEPARATORS = re.compile(rf"(?<!\w){WHOLE}|(?P<sign>{_SEPARATOR})")
_SLASHES = re.compile(r"[^\W\d_]{2,}(?:/[^\W\d_]{2,})+")
_LIKE_BAR = re.compile(rf"\s*[{LIKE_BARS}]\s*")
_INTEGER = r"([+-]?[0-9]{1,18})"
_DOTS = r"\s*(?:\.{2,}|[…‥])\s*"
_SPAN = re.compile(rf"{_INTEGER}{_DOTS}{_INTEGER}(?:{_DOTS}{_INTEGER})?")
_PYTHON = re.compile(rf"range\(\s*{_INTEGER}(?:\s*,\s*{_INTEGER})?(?:\s*,\s*{_INTEGER})?\s*\)")
_ENDS = re.compile(rf"([^\W_]|[+-]?[0-9]+[.,][0-9]+){_DOTS}(?:[^\W_]|[+-]?[0-9]+[.,][0-9]+)")
_DYNAMIC = re.compile(r"[0-9]+(?:-[0-9]+)?\$\$(?:[^$]*\$\$)?\s*|[0-9]*\.?[0-9]+::\s*")
_REMARK = re.compile(r"\s+#\s.*")
_PLACE = re.compile(rf"(?<![\\\w^_{{}}]){{{WORD}}}(?!}})")
_MOST_SPELLED = 12  # values of a range that are written one by one


@dataclass(frozen=True)
class Doubt:
    """How a text is written that means several `values`, and as it stands; "" for no such way."""

    values: str
    as_it_stands: str


def doubt(text: str) -> Doubt | None:
    """Return what values may be meant as, None where there is one way to read them."""
    text = text.strip()
    meanings = _meanings(text)
    if meanings is None:
        return None
    values, literal = (way if way and _meanings(way) is None else "" for way in meanings)
    several = len(value_syntax.values(values)) > 1 or is_span(values)
    return Doubt(values if several or len(value_syntax.values(text)) > 1 else "", literal)


def joined(values: tuple[str, ...]) -> str:
    """Return a clear text that `value_syntax.split` takes apart into these values."""
    text = " | ".join(map(value_syntax.escaped, values))
    if _meanings(text) is None:
        return text
    bars = (re.sub(r"([|｜])", r"\\\1", value) for value in values)
    single = len(values) == 1
    pieces = (v if single or _piece_meaning(v) is not None else None for v in bars)
    return " | ".join(
        (quoted(piece) if piece is not None else "") or value_syntax.escaped(value)
        for piece, value in zip(pieces, values, strict=True)
    )


def may_be_several(text: str) -> bool:
    """Return whether one value, as it was written, may be meant as several: a comma for a bar."""
    return len(value_syntax.values(text)) == 1 and not is_quoted(text) and _is_separated(text)


def needs_quotes(text: str) -> bool:
    """Return whether the quotes of a value are plainly none of it: it is unclear without them."""
    inner = value_syntax.literal(text)
    names_list = isinstance(value_syntax.literal(inner), value_syntax.ListName)
    plain = len(value_syntax.parts(inner)) == 1 and not is_quoted(inner) and not names_list
    return is_quoted(text) and not (plain and _meanings(inner) is None)


def is_span(text: str) -> bool:
    """Return whether a text is a range, however its dots are written."""
    return value_syntax.is_range(text) or _SPAN.fullmatch(text) is not None


def span(text: str) -> str | None:
    """Return how whole numbers are written that stand for a range elsewhere, None for no such."""
    if match := _SPAN.fullmatch(text):
        first, last, step = int(match[1]), int(match[2]), abs(int(match[3] or 0))
        if not step:
            return f"{match[1]}..{match[2]}"
        forward = last >= first
        numbers = range(first, last + (1 if forward else -1), step if forward else -step)
        return _range_text(numbers)
    if match := _PYTHON.fullmatch(text):
        bounds = [int(bound) for bound in match.groups() if bound is not None]
        if len(bounds) == 3 and not bounds[2]:
            return ""
        return _range_text(range(*bounds))
    return "" if _ENDS.fullmatch(text) else None


def _range_text(numbers: range) -> str:
    """Return a range as it is written here, "" where there are too many values to write."""
    if not numbers:
        return ""
    if abs(numbers.step) == 1:
        return f"{numbers[0]}..{numbers[-1]}"
    few = not numbers[_MOST_SPELLED:]
    return " | ".join(map(str, numbers)) if few else ""


def _meanings(text: str) -> tuple[str, str] | None:
    if meanings := _bracket_meanings(text):
        return meanings
    if may_be_several(text):
        return " | ".join(_items(text)), quoted(text)
    return _piece_meanings(text)


def _bracket_meanings(text: str) -> tuple[str, str] | None:
    """Return the meanings of values whose brackets stand around a bar or a list."""
    if value_syntax.is_list(text):
        return None
    inner = inside(text)
    if inner != text and (len(value_syntax.split(inner)) > 1 or _is_separated(inner)):
        bars = len(value_syntax.split(inner)) > 1
        return inner if bars else " | ".join(_items(inner)), quoted(text)
    pieces = [piece.strip() for piece in value_syntax.parts(text)]
    bare = [piece for piece in pieces if not is_quoted(piece)]
    if all(map(_is_balanced, bare)) or not _is_balanced("".join(bare)):
        return None
    return " | ".join(p if _is_balanced(p) else quoted(p) for p in pieces), quoted(text)


def inside(text: str) -> str:
    """Return what stands in brackets that are around the whole text, the text where none are."""
    for pair in _BRACKETS:
        if len(text) > 2 and text[0] == pair[0] and text[-1] == pair[1]:
            depths = list(accumulate((sign == pair[0]) - (sign == pair[1]) for sign in text))
            if depths[-1] == 0 and min(depths[:-1]) > 0:
                return inside(text[1:-1].strip())
    return text


def _is_balanced(text: str) -> bool:
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _BRACKETS if pair != "<>")


def _is_separated(text: str) -> bool:
    return len(_items(text)) > 1 or re.search(_SEPARATOR, text) is not None


def _items(text: str) -> list[str]:
    """Return what stands between commas and the like, quotes left whole."""
    if _SLASHES.fullmatch(text.strip()):
        return text.strip().split("/")
    items, at = [], 0
    for match in _SEPARATORS.finditer(text):
        if match["sign"]:
            items.append(text[at : match.start()])
            at = match.end()
    return [item.strip() for item in (*items, text[at:]) if item.strip()]


def _piece_meanings(text: str) -> tuple[str, str] | None:
    """Return the meanings of values of which single ones are unclear."""
    pieces = [piece.strip() for piece in value_syntax.pieces(text)]
    meanings = [_piece_meaning(piece) for piece in pieces]
    if all(meaning is None for meaning in meanings):
        return None
    pairs = list(zip(pieces, meanings, strict=True))
    values = [piece if meaning is None else meaning for piece, meaning in pairs]
    literals = [piece if meaning is None else quoted(piece) for piece, meaning in pairs]
    literal = " | ".join(literals) if all(literals) else ""
    return (" | ".join(values) if all(values) else ""), literal


def _piece_meaning(text: str) -> str | None:
    """Return how one value is written as it may be meant, "" for no such way, None if it is clear.

    It has a sign that looks like a bar, is a range elsewhere, begins as a choice of Dynamic
    Prompts does, ends in a comment, or has a place that nothing would be filled into.
    """
    if not text or is_quoted(text) or (text[0] == "\\" and text.lstrip("\\")[:1] in OPENING):
        return None
    if len(_LIKE_BAR.split(text)) > 1:
        return " | ".join(filter(None, _LIKE_BAR.split(text)))
    if not value_syntax.is_range(text) and (numbers := span(text)) is not None:
        return numbers
    if match := _DYNAMIC.match(text):
        return text[match.end() :]
    if match := _REMARK.search(text):
        return text[: match.start()]
    return "" if _PLACE.search(text) else None
