"""The axis lines at the end of a prompt, under a line `---`. The grammar stands in `template`.

No axis is sent as words of the prompt in silence, and no words of a prompt become axes:

- A line that names a parameter, or a place in braces of the prompt, is plainly an axis. It may
  then also be written `Aspect ratio: …`, `style = …`, `{style}: …`, `- style: …`, or be indented,
  and the line above may be any rule: `----`, `***`, `—`, indented. One value is enough where the
  name is spelled as in the prompt and the value holds no place: `Title: {title}` is a heading.
- A line with another name is an axis below an exact `---` if some line there varies. If nothing
  knows the name, the plan refuses it and tells the nearest.
- Values stand between bars, in `[a, b]`, or one a line: indented, or behind a mark (`list_marks`).
- What is plainly an axis with several values and still stands in the text is a `stray_axis`, and
  refused: between other lines, above the prompt, or without a rule. With a name that nothing
  knows that is the last line alone.
- Everything else is text, as in Markdown; what has the form of an axis gets a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from unicodedata import normalize

from nanobanana_nb.model import catalog
from nanobanana_nb.model.prompt import ambiguity, list_marks, placeholders, value_syntax
from nanobanana_nb.text.names import DASHED, PHRASE, WORD, name_of

RULE = "---"
_SIGNS = frozenset(":：=")  # one of them stands behind the name of each axis
_ANY_RULE = re.compile(r"[–—―─]|(?:[-–—―─][ \t]*){2,}|(?:[*_=~][ \t]*){3,}")
_LINE = re.compile(rf"({DASHED})[ \t]*[:：](?!//)[ \t]*(.*)")
_LOOSE = re.compile(
    rf"""\s*(?:[-*•]\s+)?[*`"']*(?:\{{(?={WORD}\}}))?({PHRASE}{{0,60}}?)[*`"'}}]*"""
    r"""\s*[:：=](?!//)\s*(.*)"""
)
_SLASHED = re.compile(r"[a-z_]+: [^\W\d_]+(?: [^\W\d_]+)*(?: ?/ ?[^\W\d_]+(?: [^\W\d_]+)*)+")
_ZIP = re.compile(rf"\s*zip[ \t]*[:：][ \t]*({PHRASE}*(?:,\s*{PHRASE}*)+)")
_PHRASED = re.compile(
    r"([^\W\d_]+(?:[ -][^\W\d_]+){1,2})[ \t]*[:：](?!//)[ \t]*(.*[|｜].*)"
)  # a name of several words, if the line has bars
_FIELDS = {*catalog.FAMILY_FIELDS, "model", "image", "images"}


@dataclass(frozen=True)
class AxisLine:
    """One axis: its name, and its values as texts, ranges as they were written.

    `written` is the text of its one value, with the quotes that it may have.
    """

    name: str
    values: tuple[str, ...]
    written: str = field(default="", compare=False)


@dataclass(frozen=True)
class AxisLines:
    """Axes, and the names of those that go side by side."""

    axes: tuple[AxisLine, ...] = ()
    zipped: tuple[tuple[str, ...], ...] = ()

    def render(self) -> str:
        """Return the lines as text, without the line `---`."""
        zips = [f"zip: {', '.join(names)}" for names in self.zipped]
        return "\n".join([*map(_line, self.axes), *zips])


@dataclass
class _Reader:
    """Reads the lines below a rule; `odd` is the first that is none.

    `known` are the names of places and parameters, `evidence` says that a line is no line of text
    such as `Author: me`.
    """

    known: frozenset[str]
    axes: list[AxisLine] = field(default_factory=list)
    zipped: list[tuple[str, ...]] = field(default_factory=list)
    odd: str = ""
    evidence: bool = False
    under_axis: bool = False  # the values of the last axis stand on lines of their own
    items: list[str] = field(default_factory=list)  # these lines

    def read(self, lines: Iterable[str]) -> _Reader:
        """Take the lines in, up to the first that is odd."""
        for line in filter(str.strip, lines):
            if self.under_axis and (line[0] in " \t" or list_marks.is_item(line)):
                self.items.append(line)
                continue
            self._take_items()
            if match := _ZIP.fullmatch(line):
                names = [name.strip() for name in match[1].split(",")]
                bare = {name: normalize("NFKC", name.replace("-", "_")) for name in names}
                self.zipped.append(tuple(_known_name(n, self.known) or bare[n] for n in names))
                self.under_axis, self.evidence = False, True
            elif axis := _axis(line, self.known):
                self.axes.append(axis)
                self.under_axis = not axis.values
                self.evidence = self.evidence or _varies(axis) or self._is_axis(axis, line)
            else:
                self.odd = line
                break
        self._take_items()
        return self

    def is_plain(self, *, exact: bool) -> bool:
        """Whether the lines are axes; below another rule than `---` each must be known."""
        whole = self.evidence and not self.odd
        return whole and (exact or all(axis.name in self.known for axis in self.axes))

    def _take_items(self) -> None:
        """Give the last axis the values that stand on lines of their own."""
        if self.items:
            texts = list_marks.items(self.items)
            values = tuple(value for text in texts for value in value_syntax.split(text))
            self.axes[-1] = AxisLine(self.axes[-1].name, values, " | ".join(texts))
            self.items, self.evidence = [], True

    def _is_axis(self, axis: AxisLine, line: str) -> bool:
        """Whether a line with one value or none is no text: `Title: {title}` may be a heading."""
        if axis.name in _FIELDS:
            return bool(axis.values)
        exact = axis.name in self.known and line.startswith(axis.name)
        return exact and not any(map(placeholders.names, axis.values))


def split(prompt: str) -> tuple[str, AxisLines, tuple[str, ...]]:
    """Return the prompt without its axis lines, the lines, and notes on what was not taken."""
    lines = prompt.split("\n")
    at = max((n for n, line in enumerate(lines) if _ANY_RULE.fullmatch(line.strip())), default=None)
    if at is None:
        return prompt, AxisLines(), ()
    body = "\n".join(lines[:at]).rstrip()
    below = lines[at + 1 :]
    reader = _Reader(placeholders.names(body) | _FIELDS).read(below)
    if not reader.is_plain(exact=lines[at].rstrip() == RULE):
        return prompt, AxisLines(), _doubt(below, reader)
    return body, AxisLines(tuple(reader.axes), tuple(reader.zipped)), ()


def stray_axis(body: str) -> str:
    """Return the first line of a prompt that is plainly an axis and still part of the text."""
    if _SIGNS.isdisjoint(body):
        return ""
    lines = list(filter(str.strip, body.split("\n")))
    known = placeholders.names(body) | {*catalog.FAMILY_FIELDS}
    rules = [n for n, line in enumerate(lines) if _ANY_RULE.fullmatch(line.strip())]
    first = min([*rules, len(lines) - 2])  # below a rule, or the last line
    for n in range(first + 1, len(lines)):
        axes = _Reader(known).read(lines[n : n + 3]).axes
        if axes and _is_unread(axes[0], lines, n, known, below=bool(rules)):
            return lines[n]
    return ""


def _is_unread(
    axis: AxisLine, lines: list[str], n: int, known: frozenset[str], *, below: bool
) -> bool:
    """Whether a line is plainly an axis: it varies, gives a place its value, or goes on below."""
    if axis.name not in known:
        return _is_last_axis(lines, n)
    place = axis.name not in _FIELDS and lines[n].startswith(axis.name)
    value = place and axis.values and not any(map(placeholders.names, axis.values))
    text = axis.written.strip()
    unclosed = any(text.count(pair[0]) > text.count(pair[1]) for pair in ("[]", "()", "{}"))
    more = text in (">", ">-", "|-") or text.endswith((",", ";", "、", "|", "\\"))
    listed = any(map(value_syntax.is_several, axis.values))
    return listed or _varies(axis) or (below and (bool(value) or unclosed or more))


def _is_last_axis(lines: list[str], n: int) -> bool:
    """Whether a line ends the text in the form of an axis, whoever knows its name."""
    if not 0 < n == len(lines) - 1:
        return False
    line = lines[n].rstrip()
    match = _LINE.fullmatch(line) or _PHRASED.fullmatch(line)
    several = match is not None and len(value_syntax.values(match[2])) > 1
    return several or (lines[n - 1].rstrip() == RULE and _SLASHED.fullmatch(line) is not None)


def _axis(line: str, known: frozenset[str]) -> AxisLine | None:
    exact = _LINE.fullmatch(line) or _PHRASED.fullmatch(line)
    loose = _LOOSE.fullmatch(line)
    name = _known_name(loose[1], known) if loose else None
    match = exact or (loose if name else None)
    name = name or (name_of(re.sub("[ -]", "_", match[1])) if match else None)
    if match is None or name is None:
        return None
    values = value_syntax.values(match[2]) if match[2].strip() else ()
    return AxisLine(name, values, match[2])


def _known_name(text: str, known: frozenset[str]) -> str | None:
    """Return the known name that is meant, whatever its case and the blanks in it."""
    word = normalize("NFKC", re.sub(r"[\s-]+", "_", text.strip()))
    return next((name for name in (word, word.casefold()) if name in known), None)


def _varies(axis: AxisLine) -> bool:
    return len(axis.values) > 1 or any(map(value_syntax.is_range, axis.values))


def _doubt(lines: list[str], reader: _Reader) -> tuple[str, ...]:
    """Return a note where lines that are read as text look like axes."""
    axes = [axis for line in lines if (axis := _axis(line, reader.known))]
    varies = any(map(_varies, axes))
    if reader.odd:
        odd = f"the lines below {RULE} are text of the prompt, for this is no axis: "
        return (odd + reader.odd[:80],) if varies else ()
    if not axes:
        return ()
    line = next(filter(str.strip, lines)).strip()
    form = f"an axis stands below a line {RULE}" if varies else "an axis has | between its values"
    return (f"{line[:80]} is text of the prompt: {form}",)


def _line(axis: AxisLine) -> str:
    if len(axis.values) > 1:
        return f"{axis.name}: {ambiguity.joined(axis.values)}"
    marks = ("- " if list_marks.MARK.match(value) else "" for value in axis.values)
    values = (
        mark + ambiguity.joined((value,)) for mark, value in zip(marks, axis.values, strict=True)
    )
    return "\n".join([f"{axis.name}:", *(f"  {value}" for value in values)])
