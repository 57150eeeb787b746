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
    before, after = _settings_by_name(left), _settings_by_name(right)
    names = dict.fromkeys((*before, *after))
    return tuple(
        Setting(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _settings_by_name(generation: Generation) -> dict[str, str]:
    request = generation.request
    settings = {"provider": wording.cut(request.provider, 40)}
    settings |= wording.settings_of(request)
    texts = {name.removeprefix("parameter "): words for name, words in settings.items()}
    pictures = [image.identity for image in request.images]
    texts |= {"bytes of the images": ", ".join(p[:19] for p in pictures)} if pictures else {}
    return {**texts, "repeat": str(request.repeat)}


def words_between(left: str, right: str) -> tuple[Words, ...]:
    """Return the whole of two prompts in pieces, each alike or different."""
    before, after = _TOKEN.findall(left), _TOKEN.findall(right)
    start = _common_start(before, after)
    end = _common_start(before[start:][::-1], after[start:][::-1])
    middle = _middle(before[start : len(before) - end], after[start : len(after) - end])
    pieces = [_same(before[:start]), *middle, _same(before[len(before) - end :])]
    return tuple(piece for piece in pieces if piece.left or piece.right)


def _common_start(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many of the first words are the same."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(before), len(after)))


def _middle(before: Sequence[str], after: Sequence[str]) -> list[Words]:
    if max(len(before), len(after)) > _MOST_WORDS:
        return [Words("".join(before), "".join(after))]
    opcodes = SequenceMatcher(str.isspace, before, after).get_opcodes()
    return [Words("".join(before[a:b]), "".join(after[c:d])) for _, a, b, c, d in opcodes]


def _same(words: Sequence[str]) -> Words:
    return Words("".join(words), "".join(words))


def _text(difference: Difference) -> str:
    lines = [f"{s.name}: {_or_none(s.left)} → {_or_none(s.right)}" for s in difference.settings]
    if all(piece.same for piece in difference.words):
        lines.append("The prompts are the same.")
    else:
        lines.append(marked_text(difference.words))
    return "\n".join(lines)


def marked_text(words: Sequence[Words]) -> str:
    """Return both prompts as one text: `[-what the first has-]{+what the second has+}`."""
    return wording.plain("".join(map(_brackets, words)))


def _brackets(piece: Words) -> str:
    if piece.same:
        return piece.left
    parts = (f"[-{piece.left}-]" if piece.left else "", f"{{+{piece.right}+}}")
    return parts[0] + (parts[1] if piece.right else "")


def _or_none(value: str | None) -> str:
    return "none" if value is None else value


def _html(difference: Difference) -> str:
    thumbnail.prepare((difference.left.path, difference.right.path))
    lines = [_line("", [_picture(difference.left), _picture(difference.right)])]
    lines += [_line(s.name, [_or_none(s.left), _or_none(s.right)]) for s in difference.settings]
    table = tag("table", *lines, border=0, cellpadding=4, style=markup.TABLE)
    same = all(piece.same for piece in difference.words)
    words = markup.quiet("The prompts are the same.") if same else marked_html(difference.words)
    return tag("div", table, tag("div", words))


def _line(name: str, cells: Sequence[str]) -> Markup:
    head = tag("th", name, align="left", scope="row", style=_LIST)
    drawn = (
        tag("td", c if isinstance(c, Markup) else markup.isolated(c, 200), style=_LIST)
        for c in cells
    )
    return tag("tr", head, *drawn, style="background:none")


def _picture(generation: Generation) -> Markup:
    return tiles.picture(generation, _THUMBNAIL, None, "")


def marked_html(words: Sequence[Words]) -> Markup:
    """Return both prompts as one: struck out what the first has alone, underlined the other's."""
    return tag("bdi", joined([part for w in words for part in _parts(w)]))


def _parts(piece: Words) -> list[Markup]:
    if piece.same:
        return [markup.escaped(_one_line(piece.left))]
    gone = _marked_words("del", piece.left) if piece.left else ""
    new = _marked_words("ins", piece.right) if piece.right else ""
    return [joined([gone, new], " ") if gone and new else joined([gone, new])]


def _marked_words(name: str, text: str) -> Markup:
    """Return a piece with the line through or under its words, and not its outer blanks."""
    line = _one_line(text)
    words = line.strip() or line
    before, _, after = line.partition(words)
    return joined([before, tag(name, words), after])


def _one_line(text: str) -> str:
    """Return one line without control characters, with the blanks at its ends."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{wording.cut(text, 4000)}{after}"
