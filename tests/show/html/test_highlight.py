"""The prompt as it is read: places marked, and the same in words."""

from __future__ import annotations

from nanobanana_nb.model.prompt import template
from nanobanana_nb.show.html.highlight import highlight_html
from tests.html_reader import Reader

HOSTILE = "<b onclick=x>"


def test_places_are_marked_and_told() -> None:
    """Axes, texts and unknown names look different and are named below the prompt."""
    source = template.parse("A {style: ink|oil} cat called {name}, {mood}")
    html = highlight_html(source, {"style": 2, "aspect_ratio": 3}, {"name": "Ann"})
    words = " ".join(Reader(html).words)
    assert "{style: ink|oil}" in words
    assert "{mood}?" in words
    for told in ("style (2), aspect_ratio (3)", "name = Ann", "not defined: "):
        assert told in words
    assert html.count("border") == 3


def test_plain_prompt_is_not_said_again() -> None:
    """Without places there is nothing to mark; axes beside the prompt are told all the same."""
    plain = template.parse("A cat")
    assert highlight_html(plain, {}, {}) == ""
    words = " ".join(Reader(highlight_html(plain, {"model": 2}, {})).words)
    assert "model (2)" in words
    assert "A cat" not in words


def test_everything_is_escaped_and_cut() -> None:
    """Markup in a prompt, a value or a text is read as it was written; novels are cut."""
    source = template.parse(f"{HOSTILE} {{a|{HOSTILE[1:-1]}}} {{name}} " + "long " * 400)
    html = highlight_html(source, {"choice 1": 2}, {"name": HOSTILE})
    assert HOSTILE not in html
    assert HOSTILE in " ".join(Reader(html).words)
    assert len(html) < 3_000
