"""No renderer leaves two delimiters of TeX in one element, and each shows texts as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.show.html.markup import escaped
from tests.html_reader import Page
from tests.show.renderers import HTML

TEXTS = [
    "a price tag of $5 beside one of $9",
    "$x^2$ and $$\\frac{1}{2}$$",
    "$$ $$",
    "\\(a\\) or \\[b\\]",
    "\\begin{equation}e\\end{equation}",
    "see \\ref{x} and \\$3",
]
# What MathJax 2, 3 and 4 look for in the text of one element, as Jupyter's pages set them up.
FORMULA = re.compile(
    r"\$.*\$|\\\(.*\\\)|\\\[.*\\\]|\\begin\{.*\\end\{|\\(eq)?ref\s*\{|\\\$", re.DOTALL
)


def _formulas(html: str) -> list[str]:
    return [string for string in Page(html).strings if FORMULA.search(string)]


@given(st.text(st.sampled_from("$\\()[]{}begin ref5&<\n"), max_size=40))
def test_any_text_is_read_back_and_holds_no_formula(text: str) -> None:
    """However delimiters follow each other, the text is the same and nothing can be typeset."""
    assert "".join(Page(escaped(text)).words) == text
    assert _formulas(escaped(text)) == []


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", HTML)
def test_renderer_shows_text_as_written(photos: list[Path], name: str, text: str) -> None:
    """Whoever wrote it, and wherever it stands, it is there letter by letter and no formula."""
    html = HTML[name](photos, text)
    assert text in "".join(Page(html).words)
    assert _formulas(html) == []
