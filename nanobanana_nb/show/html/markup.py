"""HTML that survives: inline styles and plain attributes that sanitizers keep.

Colours stand only on borders and bars, where each has a contrast of at least 3:1 on white
and on #111; no text colour reaches 4.5:1 on both, so text inherits its own.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from nanobanana_nb.show.html.wording import CODE, code_free, cut
from nanobanana_nb.text.terminal import inert, visible

GREEN = "#2f9e50"
RED = "#d9483b"
AMBER = "#b07a10"
GREY = "#808080"
FAINT = "rgba(128,128,128,0.4)"
HOLLOW = "rgba(128,128,128,0.1)"  # where a picture will be
QUIET = "opacity:0.75"
TABLE = (
    "border-collapse:separate;border-spacing:0;border:none;margin:0;table-layout:auto;width:auto"
)
FIXED = "border-collapse:separate;border-spacing:0;border:none;margin:0;table-layout:fixed"
MOST_TITLE = 300
_DELIMITER = re.compile(r"\$[^$\\\s]*|\\")  # of TeX, `$` with the word behind it
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def escaped(text: Any) -> Markup:
    """Return `text` as HTML that shows it as it is written, unchanged where it is `Markup`.

    MathJax typesets what stands between two delimiters of one element, so that each has an
    element of its own: no class that it skips outlives every sanitizer.
    """
    if isinstance(text, Markup):
        return text
    return Markup(_DELIMITER.sub(r"<span>\g<0></span>", str(escape(visible(text)))))


def tag(name: str, *content: Any, **attributes: Any) -> Markup:
    """Return an element around `content`; attributes that are None or empty are left out."""
    present = {k: v for k, v in attributes.items() if v is not None and v != ""}
    words = "".join(f' {k}="{escape(inert(v))}"' for k, v in present.items())
    if name in ("img", "br"):
        return Markup(f"<{name}{words}>")
    return Markup(f"<{name}{words}>{''.join(map(escaped, content))}</{name}>")


def joined(parts: Any, between: str = "") -> Markup:
    """Return the parts as HTML with `between` (text) in between."""
    return escaped(between).join(map(escaped, parts))


def isolated(text: str, most: int, title_most: int = 300) -> Markup:
    """Return a person's text, its direction its own affair, more of it in the title."""
    short = cut(text, most)
    title = cut(text, title_most) if short.endswith("…") else None
    return tag("bdi", short, title=title)


def quiet(*content: Any) -> Markup:
    """Return secondary text: small and lighter than its surroundings."""
    return tag("small", *content, style=f"font-size:12px;line-height:1.4;{QUIET}")


def with_code(text: str) -> Markup:
    """Return text with the commands that stand in backticks set as code."""
    parts = CODE.split(text)
    return joined(tag("code", part) if n % 2 else part for n, part in enumerate(parts))


def link(href: str, *content: Any, title: str = "") -> Markup:
    """Return a link, or its content alone where `href` is not a relative path or https."""
    allowed = safe_href(href)
    if allowed is None:
        return joined(content)
    style = "color:inherit;text-decoration:underline"
    return tag("a", *content, href=allowed, title=code_free(title), style=style)


def safe_href(href: str | None) -> str | None:
    """Return `href` where it is a relative path or https, else None."""
    if not href or any(ord(c) < 33 or c == "\\" for c in href.replace(" ", "")):
        return None
    if href.lower().startswith("https://"):
        return href
    outside = _SCHEME.match(href.strip()) or href.strip().startswith("/")
    return None if outside else href
