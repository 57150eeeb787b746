"""The small text under a tile: its number, what tells it apart, and what came otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag


def captioned(drawn: Markup, words: Markup) -> Markup:
    """Return a tile with its small text below."""
    return tag("div", drawn, tag("div", words, style="margin:2px 0 0 0"))


def legend(generation: Generation, number: int, parts: Sequence[str], name: Markup | str) -> Markup:
    """Return the small text under a tile: its number and name, what differs here or came so."""
    first = joined([f"#{number}", *([name] if name else [])], wording.DOT)
    words = [wording.cut(wording.DOT.join(parts), 160)] if parts else []
    words += [differs(text) for text in generation.differences]
    between = Markup("<br>") if name else wording.DOT
    return markup.quiet(joined([first, *([joined(words, " ")] if words else [])], between))


def name(heading: str, values: Mapping[str, str]) -> Markup | str:
    """Return what tells an image apart where no row or column does, axis values in bold."""
    if not heading:
        return ""
    text = markup.isolated(heading, 90)
    return tag("b", text) if values else text


def differs(text: str) -> Markup:
    """Return what was delivered otherwise than asked, marked by a line and by words."""
    return tag("b", "≠ ", text, style=f"border-bottom:2px solid {markup.AMBER}")


def values_text(values: Mapping[str, str]) -> str:
    """Return the axis values of one image: `cat · woodcut`."""
    return wording.DOT.join(values.values())
