"""What two images were asked for: settings that differ, and the prompts word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.text.terminal import printed

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_THUMBNAIL = tiles.TileStyle(176, 24_000)
_MOST_WORDS = 2_000  # beyond it, a matcher takes seconds
_LIST = "border:none;background:none;text-align:left;vertical-align:top;padding:3px 18px 3px 0"


@printed
@dataclass(frozen=True)
class Setting:
    """One setting of two images; None where an image has it not."""

    name: str
    left: str | None
    right: str | None


@printed
@dataclass(frozen=True)
class Words:
    """A piece of two prompts; both sides are equal where they agree."""

    left: str
    right: str

    @property
    def same(self) -> bool:
        """Whether both prompts have this piece."""
        return self.left == self.right


@printed
@dataclass(frozen=True)
class Difference:
    """The difference of two images; false where they were asked for alike.

    `settings` are those that differ, `words` the whole of both prompts in pieces.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> difference = sweep("A cat, {style}", {"style": ["ink", "oil"]}).diff(0, 1)
        >>> [(piece.left, piece.right) for piece in difference.words if not piece.same]
        [('ink', 'oil')]
    """

    left: Generation
    right: Generation
    settings: tuple[Setting, ...]
    words: tuple[Words, ...]

    def __bool__(self) -> bool:
        return bool(self.settings) or not all(piece.same for piece in self.words)

    def __repr__(self) -> str:
        return _text(self)

    def _repr_html_(self) -> str:
        return str(_html(self))


def difference(left: Generation, right: Generation) -> Difference:
    """Return what differs in what two images were asked for.

    The prompts are compared word by word (Ratcliff and Obershelp's matching, in difflib).
    """
    settings = _settings(left, right)
    return Difference(
        left, right, settings, words_between(left.request.prompt, right.request.prompt)
    )


def _settings(left: Generation, right: Generation) -> tuple[Setting, ...]:
    one, other = _named(left), _named(right)
    names = dict.fromkeys((*one, *other))
    return tuple(
        Setting(name, one.get(name), other.get(name))
        for name in names
        if one.get(name) != other.get(name)
    )


def _named(generation: Generation) -> dict[str, str]:
    request = generation.request
    known = {"provider": wording.cut(request.provider, 40)}
    known |= wording.settings_of(request)
    named = {name.removeprefix("parameter "): words for name, words in known.items()}
    pictures = [image.identity for image in request.images]
    named |= {"bytes of the images": ", ".join(p[:19] for p in pictures)} if pictures else {}
    return {**named, "repeat": str(request.repeat)}


def words_between(left: str, right: str) -> tuple[Words, ...]:
    """Return the whole of two prompts in pieces, each alike or different."""
    one, other = _TOKEN.findall(left), _TOKEN.findall(right)
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    middle = _between(one[start : len(one) - end], other[start : len(other) - end])
    pieces = [_same(one[:start]), *middle, _same(one[len(one) - end :])]
    return tuple(piece for piece in pieces if piece.left or piece.right)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many of the first words are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _between(one: Sequence[str], other: Sequence[str]) -> list[Words]:
    if max(len(one), len(other)) > _MOST_WORDS:
        return [Words("".join(one), "".join(other))]
    found = SequenceMatcher(str.isspace, one, other).get_opcodes()
    return [Words("".join(one[a:b]), "".join(other[c:d])) for _, a, b, c, d in found]


def _same(words: Sequence[str]) -> Words:
    return Words("".join(words), "".join(words))


def _text(found: Difference) -> str:
    lines = [f"{s.name}: {_or_none(s.left)} → {_or_none(s.right)}" for s in found.settings]
    if all(piece.same for piece in found.words):
        lines.append("The prompts are the same.")
    else:
        lines.append(marked_text(found.words))
    return "\n".join(lines)


def marked_text(words: Sequence[Words]) -> str:
    """Return both prompts as one text: `[-what the first has-]{+what the second has+}`."""
    return wording.plain("".join(map(_marked, words)))


def _marked(piece: Words) -> str:
    if piece.same:
        return piece.left
    parts = (f"[-{piece.left}-]" if piece.left else "", f"{{+{piece.right}+}}")
    return parts[0] + (parts[1] if piece.right else "")


def _or_none(value: str | None) -> str:
    return "none" if value is None else value


def _html(found: Difference) -> str:
    thumbnail.prepare((found.left.path, found.right.path))
    lines = [_line("", [_picture(found.left), _picture(found.right)])]
    lines += [_line(s.name, [_or_none(s.left), _or_none(s.right)]) for s in found.settings]
    table = tag("table", *lines, border=0, cellpadding=4, style=markup.TABLE)
    return tag("div", table, _prompts(found.words))


def _line(name: str, cells: Sequence[str]) -> Markup:
    head = tag("th", name, align="left", scope="row", style=_LIST)
    drawn = (tag("td", c if isinstance(c, Markup) else _isolated(c), style=_LIST) for c in cells)
    return tag("tr", head, *drawn, style="background:none")


def _picture(generation: Generation) -> Markup:
    return tiles.picture(generation, _THUMBNAIL, None, "")


def _isolated(text: str) -> Markup:
    return markup.isolated(text, 200)


def _prompts(words: Sequence[Words]) -> Markup:
    if all(piece.same for piece in words):
        return tag("div", markup.quiet("The prompts are the same."))
    return tag("div", marked_html(words))


def marked_html(words: Sequence[Words]) -> Markup:
    """Return both prompts as one: struck out what the first has alone, underlined the other's."""
    return tag("bdi", joined([part for w in words for part in _parts(w)]))


def _parts(piece: Words) -> list[Markup]:
    if piece.same:
        return [markup.escaped(_kept(piece.left))]
    gone = _drawn("del", piece.left) if piece.left else ""
    new = _drawn("ins", piece.right) if piece.right else ""
    return [joined([gone, new], " ") if gone and new else joined([gone, new])]


def _drawn(name: str, text: str) -> Markup:
    """Return a piece with the line through or under its words, and not its outer blanks."""
    kept = _kept(text)
    words = kept.strip() or kept
    before, _, after = kept.partition(words)
    return joined([before, tag(name, words), after])


def _kept(text: str) -> str:
    """Return one line without control characters, with the blanks at its ends."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{wording.cut(text, 4000)}{after}"
