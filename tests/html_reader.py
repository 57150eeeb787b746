"""Reads HTML: what stands in a page, and whether an output would survive a sanitizer."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"img", "br"}
GENERAL = {"title", "style"}
ALLOWED = {
    "a": {"href"},
    "b": set(),
    "bdi": set(),
    "br": set(),
    "code": set(),
    "del": set(),
    "div": set(),
    "ins": set(),
    "img": {"src", "alt", "width", "height"},
    "pre": set(),
    "small": set(),
    "span": set(),
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"align", "valign", "width", "height", "bgcolor", "colspan"},
    "th": {"align", "valign", "scope", "colspan", "rowspan"},
    "tr": set(),
}
HINTS = {"img": {"decoding"}, "div": {"class", "data-now"}}  # stripped without a loss
BLOCKS = {"script", "style", "title"}
UNREAD_BY_MATHJAX = {"script", "noscript", "style", "textarea", "pre", "code"}


class Page(HTMLParser):
    """The elements of any HTML in their order, and every text in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []  # the texts between tags
        self.strings = [""]  # the same as MathJax reads them: pieces in which it looks for formulas
        self.blocks: dict[str, str] = {}  # scripts, styles and titles by their id or name
        self._unread = 0
        self.feed(str(html))  # the parser adds to it, which `Markup` escapes
        self.close()

    @property
    def text(self) -> str:
        """All text, with single spaces."""
        return " ".join(" ".join(self.words).split())

    @property
    def values(self) -> list[str]:
        """What stands in attributes, pictures left out."""
        return [
            value
            for _, attributes in self.elements
            for name, value in attributes.items()
            if name != "src"
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element, and begin a string unless MathJax reads across its tag."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._unread += tag in UNREAD_BY_MATHJAX
        self.strings += [] if tag in ("br", "wbr") else [""]

    def handle_endtag(self, tag: str) -> None:
        """Begin a string."""
        self._unread -= tag in UNREAD_BY_MATHJAX
        self.strings.append("")

    def handle_data(self, data: str) -> None:
        """Keep the text, by itself and as a part of its string and block."""
        self.words.append(data)
        self.strings[-1] += "" if self._unread else data
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag in BLOCKS:
            name = attributes.get("id") or tag
            self.blocks[name] = self.blocks.get(name, "") + (data if data.strip() else "")


class Reader(Page):
    """An output: what is not balanced or would not survive a sanitizer is an error."""

    def __init__(self, html: str, pictures: str = "jpeg") -> None:
        self.pictures = pictures
        self.open: list[str] = []
        super().__init__(html)
        assert not self.open, f"not closed: {self.open}"

    @property
    def images(self) -> list[dict[str, str]]:
        """The attributes of each picture."""
        return [attributes for tag, attributes in self.elements if tag == "img"]

    @property
    def links(self) -> list[str]:
        """Where each link leads."""
        return [attributes["href"] for tag, attributes in self.elements if tag == "a"]

    @property
    def cells(self) -> list[str]:
        """The tag of each cell of a table."""
        return [tag for tag, _ in self.elements if tag in ("th", "td")]

    @property
    def titles(self) -> list[str]:
        """What is shown where the mouse rests."""
        return [attributes["title"] for _, attributes in self.elements if "title" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check the tag and what it carries."""
        super().handle_starttag(tag, attrs)
        attributes = self.elements[-1][1]
        assert tag in ALLOWED, f"<{tag}> may be stripped"
        unknown = set(attributes) - ALLOWED[tag] - GENERAL - HINTS.get(tag, set())
        assert not unknown, f"{unknown} of <{tag}> may be stripped"
        assert "var(" not in attributes.get("style", "")
        if tag == "img":
            assert attributes["src"].startswith(f"data:image/{self.pictures};base64,")
            assert int(attributes["width"]) > 0
            assert int(attributes["height"]) > 0
        assert tag != "a" or "href" in attributes
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        """Check that tags close in the order in which they opened."""
        super().handle_endtag(tag)
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_comment(self, data: str) -> None:
        """Outputs have no comments."""
        raise AssertionError(f"<!--{data}-->")
