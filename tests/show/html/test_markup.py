"""Colours and escaping."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.markup import escaped, safe_href, tag


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [markup.GREEN, markup.RED, markup.AMBER, markup.GREY])
@pytest.mark.parametrize("paper", ["#ffffff", "#111111"])
def test_border_colours_can_be_told_from_both_papers(colour: str, paper: str) -> None:
    """Each has a contrast of at least 3:1 on white and on near-black."""
    high, low = sorted((_luminance(colour), _luminance(paper)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 3


def test_text_is_escaped_once_and_safe_html_never() -> None:
    """Plain text becomes HTML, and HTML made here stays as it is."""
    assert escaped("<b>&") == "&lt;b&gt;&amp;"
    assert tag("i", tag("b", "<")) == "<i><b>&lt;</b></i>"
    assert escaped(Markup("<b>")) == "<b>"


def test_attributes_are_escaped() -> None:
    """A quote in a value does not end the attribute."""
    assert tag("span", title='"><b>') == '<span title="&#34;&gt;&lt;b&gt;"></span>'


@pytest.mark.parametrize("href", ["images/a cat-3f.png", "../a.png", "https://x.example/a?b=1"])
def test_relative_paths_and_https_are_links(href: str) -> None:
    """What a saved notebook may point at stays as it is."""
    assert safe_href(href) == href


@pytest.mark.parametrize("href", ["data:text/html,x", "JavaScript:x", "java\tscript:x", "", None])
def test_anything_else_is_no_link(href: str | None) -> None:
    """Schemes that run or leak are refused."""
    assert safe_href(href) is None
