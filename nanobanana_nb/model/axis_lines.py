"""The axis lines at the end of a prompt, under a line `---`. The grammar stands in `template`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nanobanana_nb.model import catalog, vary

RULE = "---"
_LINE = re.compile(r"([^\W\d][\w-]*)[ \t]*:(?!//)[ \t]*(.*)")
_MEMBER = r"[^\W\d][\w-]*(?: [0-9]+)?"
_ZIP = re.compile(rf"zip[ \t]*:[ \t]*({_MEMBER}(?:[ \t]*,[ \t]*{_MEMBER})+)[ \t]*")
_FIELDS = {*catalog.FAMILY_FIELDS, "model", "image", "images"}


@dataclass(frozen=True)
class AxisLine:
    """One axis: its name, and its values as texts, ranges as they were written."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class AxisLines:
    """Axes, and the names of those that go side by side."""

    axes: tuple[AxisLine, ...] = ()
    zipped: tuple[tuple[str, ...], ...] = ()

    def render(self) -> str:
        """Return the lines as text, without the line `---`."""
        zips = [f"zip: {', '.join(names)}" for names in self.zipped]
        return "\n".join([*map(_line, self.axes), *zips])


def split(prompt: str) -> tuple[str, AxisLines, tuple[str, ...]]:
    """Return the prompt without its axis lines, the lines, and notes on what was not taken."""
    lines = prompt.split("\n")
    rules = [n for n, line in enumerate(lines) if line.rstrip() == RULE]
    if not rules:
        return prompt, AxisLines(), ()
    below = lines[rules[-1] + 1 :]
    found, odd = _read(below)
    if found is None:
        return prompt, AxisLines(), _doubt(below, odd)
    return "\n".join(lines[: rules[-1]]).rstrip(), found, ()


def _read(lines: list[str]) -> tuple[AxisLines | None, str]:
    """Return the axes, or None and the first line that is none."""
    axes: list[AxisLine] = []
    zipped: list[tuple[str, ...]] = []
    inline = indented = varies = False
    for line in filter(str.strip, lines):
        if line[0] in " \t" and axes and not inline:
            axes[-1] = AxisLine(axes[-1].name, (*axes[-1].values, vary.literal(line)))
            indented = True
        elif found := _ZIP.fullmatch(line):
            zipped.append(_names(found[1]))
            inline = True
        elif found := _LINE.fullmatch(line):
            axes.append(_axis(found))
            inline = bool(axes[-1].values)
            varies = varies or _varies(axes[-1])
        else:
            return None, line
    whole = varies or indented or bool(zipped)
    return (AxisLines(tuple(axes), tuple(zipped)), "") if whole else (None, "")


def _axis(found: re.Match[str]) -> AxisLine:
    values = vary.split(found[2]) if found[2].strip() else ()
    return AxisLine(found[1].replace("-", "_"), values)


def _varies(axis: AxisLine) -> bool:
    """Whether the line cannot be a line of text such as `Author: me`."""
    several = len(axis.values) > 1 or any(map(vary.is_range, axis.values))
    return several or (axis.name in _FIELDS and bool(axis.values))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().replace("-", "_") for name in text.split(","))


def _doubt(lines: list[str], odd: str) -> tuple[str, ...]:
    """Return a note where some of the lines below `---` look like axes."""
    matched = [found for line in lines if (found := _LINE.fullmatch(line))]
    if not odd or not any(_varies(_axis(found)) for found in matched):
        return ()
    return (f"the lines below {RULE} are text of the prompt, for this is no axis: {odd[:80]}",)


def _line(axis: AxisLine) -> str:
    if len(axis.values) > 1:
        return f"{axis.name}: {vary.joined(axis.values)}"
    return "\n".join([f"{axis.name}:", *(f"  {vary.escaped(value)}" for value in axis.values)])
