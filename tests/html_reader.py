"""Reads HTML strictly: what is not balanced or would not survive a sanitizer is an error."""

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
    "small": set(),
    "span": set(),
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"align", "valign", "width", "height", "bgcolor", "colspan"},
    "th": {"align", "valign", "scope", "colspan", "rowspan"},
    "tr": set(),
}


class Reader(HTMLParser):
    """Collects text, images and links, and checks every tag and attribute on the way."""

    def __init__(self, html: str, pictures: str = "jpeg") -> None:
        super().__init__()
        self.pictures = pictures
        self.open: list[str] = []
        self.words: list[str] = []
        self.images: list[dict[str, str]] = []
        self.links: list[str] = []
        self.cells: list[str] = []
        self.titles: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    @property
    def text(self) -> str:
        """All text, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check the tag and what it carries."""
        found = {name: value or "" for name, value in attrs}
        assert tag in ALLOWED, f"<{tag}> may be stripped"
        unknown = set(found) - ALLOWED[tag] - GENERAL
        assert not unknown, f"{unknown} of <{tag}> may be stripped"
        assert "var(" not in found.get("style", "")
        self.titles += [found["title"]] if "title" in found else []
        if tag == "img":
            assert found["src"].startswith(f"data:image/{self.pictures};base64,")
            assert int(found["width"]) > 0
            assert int(found["height"]) > 0
            self.images.append(found)
        self.links += [found["href"]] if tag == "a" else []
        self.cells += [tag] if tag in ("th", "td") else []
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        """Check that tags close in the order in which they opened."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words.append(data)
