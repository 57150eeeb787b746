r"""The prompt language: values of the notebook, choices in place, and axis lines.

    prompt       =  body [ NEWLINE "---" NEWLINE axis lines ]
    body         =  { text | placeholder | choice | literal }
    placeholder  =  "{" NAME "}"                     NAME is exactly one Python identifier
    choice       =  "{" [ NAME ":" ] option "|" option { "|" option } "}"
                     |  "{" NAME ":" ( range | "@" NAME ) "}"
    literal      =  "{{" NAME "}}" | "{{" … "|" … "}}"   stands for the text in single braces

    axis lines   =  { axis | zip | blank line }
    axis         =  NAME ":" values  |  NAME ":" { NEWLINE INDENT value }
    zip          =  "zip:" NAME "," NAME { "," NAME }    these go side by side

What values are stands in `value_syntax`: options and values are read by the same rules, ranges
too. They are put in once and never expanded again. A choice without a name is called by its place:
`choice 1`. A choice in an option of another is refused.

Braces around anything else are text. So are a name and a choice with LaTeX before them, after
`\command`, its other arguments, `^`, a backslash, or the `_` of a command, a bracket or a single
letter (`\frac{x}{y}`, `x_{i}`, but not `report_{year}`): in `\frac{{{x}}}` the name is filled in.
So is what has a bar but

- a blank just inside the braces (`{ x | y }`, a Jinja tag), a line break or further braces,
- an empty option (`{|x| x}`), or one whose brackets or double quotes are not closed,
- one of `= < > ;`, a relation of sets, or a backslash (`{x | x > 0}`),
- a quoted key in front (`{"a": "x|y"}`), or `%` or `#` at both ends.

Braces pair up as in an f-string: `{{{name}}}` is the value in braces.

The last line `---` of a prompt begins axis lines if every line below it is one, and if one of
them has several values, a range or indented values, couples axes, or names a place or a
parameter. Otherwise it is text, as in Markdown. What else counts stands in `axis_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nanobanana_nb.model.prompt import axis_lines, checks, placeholders, value_syntax, variables
from nanobanana_nb.model.prompt.axis_lines import AxisLines

Read = Callable[[re.Match[str], str, int], placeholders.Meaning | None]

_MOST_NOTES = 3


@dataclass(frozen=True)
class Place:
    """Where a value goes: `{name}`, or a choice with its `options`."""

    name: str
    options: tuple[str, ...] = ()
    named: bool = True

    def render(self) -> str:
        """Return what stands in the braces."""
        options = "|".join(value_syntax.escaped(option) for option in self.options)
        return f"{self.name}: {options}" if self.named and options else options or self.name


@dataclass(frozen=True)
class Template:
    """A prompt taken apart.

    `written` is the body as it was, without axis lines; `notes` say what a person may have meant
    otherwise; `formula` are names in braces that are text because LaTeX stands before them.
    """

    parts: tuple[str | Place, ...]
    lines: AxisLines = field(default_factory=AxisLines)
    written: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    formula: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the places, each once, in order."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Place)))

    @cached_property
    def choices(self) -> tuple[Place, ...]:
        """The places that bring their values with them."""
        return tuple(part for part in self.parts if isinstance(part, Place) and part.options)

    def fill(self, texts: Mapping[str, str]) -> str:
        """Return the prompt with the text of each place put in."""
        return "".join(p if isinstance(p, str) else texts[p.name] for p in self.parts)

    def render(self) -> str:
        """Return a prompt that `parse` takes apart into this template."""
        lines = self.lines.render()
        return f"{self.body()}\n{axis_lines.RULE}\n{lines}" if lines else self.body()

    def body(self) -> str:
        """Return the prompt without its axis lines."""
        out = ""
        for index, part in enumerate(self.parts):
            if isinstance(part, str):
                out = _escaped(out, part)
            else:
                after = self.parts[index + 1] if index + 1 < len(self.parts) else ""
                behind = len(after) - len(after.lstrip("}")) if isinstance(after, str) else 0
                braces = 1 + min(len(out) - len(out.rstrip("{")), behind)
                out += "{" * braces + part.render() + "}" * braces
        return out


def parse(prompt: str) -> Template:
    """Return the prompt taken apart. Every text is a prompt; nothing is raised."""
    body, lines, notes = axis_lines.split(prompt)
    template = parse_body(body)
    return replace(template, lines=lines, notes=(*notes, *template.notes))


def parse_names(text: str) -> Template:
    """Return a text of an option taken apart, in which only `{name}` and `{{name}}` count."""
    return parse_body(text, placeholders.read_name)


def parse_body(body: str, read: Read = placeholders.read) -> Template:
    """Return a prompt whose axis lines, if it had some, were taken off."""
    if placeholders.OPENING.isdisjoint(body):
        return Template((body,) if body else (), written=body)
    parts: list[str | Place] = []
    formula: dict[str, None] = {}
    at = unnamed = 0
    for group in placeholders.GROUP.finditer(body):
        meaning = read(group, body, group.start())
        if meaning is None:
            formula |= dict.fromkeys(placeholders.formula_name(group, body))
            continue
        name, options = meaning
        unnamed += not name and placeholders.depth(group) % 2
        place = Place(name or f"choice {unnamed}", options, bool(name))
        parts += [body[at : group.start()], *_with_braces(group, place)]
        at = group.end()
    parts.append(body[at:])
    texts = dict.fromkeys(text[:62] for text in placeholders.doubts(body))
    notes = tuple(f"{text} is text, not a choice" for text in texts)[:_MOST_NOTES]
    return Template(_merged(parts), written=body, notes=notes, formula=tuple(formula))


def escaped_names(text: str) -> str:
    """Return a text of which `parse_names` makes the text again, with nothing to fill in."""
    return placeholders.GROUP.sub(
        lambda group: _doubled(group, placeholders.read_name(group)), text
    )


def plain(prompt: str) -> Template:
    """Return a prompt in which no brace and no line means anything."""
    return Template((prompt,), written=prompt)


def names(prompt: str) -> tuple[str, ...]:
    """Return the names of the places of `prompt`, each once, in order."""
    return parse(prompt).names


def fill(prompt: str, values: Mapping[str, Any]) -> str:
    """Return the text with every place replaced by `str` of its value.

    Raises:
        InputError: `values` lacks a name, or has one that is no text or number.
    """
    template = parse(prompt)
    checks.check_names(template.names, values)
    return template.fill({name: variables.text_of(name, values[name]) for name in template.names})


def _with_braces(group: re.Match[str], place: Place) -> list[str | Place]:
    """Return the place, or its literal, with the braces that stay around it."""
    depth = placeholders.depth(group)
    left, right = group[1][depth:], group[3][depth:]
    pairs = depth // 2
    inner: str | Place = place if depth % 2 else group[2]
    return [left + "{" * pairs, inner, "}" * pairs + right]


def _merged(parts: list[str | Place]) -> tuple[str | Place, ...]:
    """Return the parts with neighbouring texts as one and without empty ones."""
    merged: list[str | Place] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, str) and isinstance(last, str):
            merged[-1] = last + part
        elif part:
            merged.append(part)
    return tuple(merged)


def _escaped(out: str, text: str) -> str:
    """Return `out` followed by `text`, with braces doubled where they would mean something."""
    at = 0
    for group in placeholders.GROUP.finditer(text):
        out += text[at : group.start()]
        at = group.end()
        out += _doubled(group, placeholders.read(group, out, len(out)))
    return out + text[at:]


def _doubled(group: re.Match[str], meaning: placeholders.Meaning | None) -> str:
    """Return the braces, twice as many where they would mean something."""
    more = placeholders.depth(group) if meaning else 0
    return "{" * more + group[0] + "}" * more
