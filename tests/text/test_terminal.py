"""Text as it may be shown, for any text and any output."""

from __future__ import annotations

import io
import sys
import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.text.terminal import MOST_LINE, cut, plain, printable, printed, visible

ENCODINGS = ["ascii", "cp1252", "cp932", "cp437", "latin-1", "utf-8", "utf-16", "iso2022_jp"]
ANY = st.text(st.characters(), max_size=60)
TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _obeyed(text: str) -> set[str]:
    """Return what a terminal or a page would obey: every control character but the line's end."""
    controls = {c for c in text if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}
    return controls | (set(text) & TURNS)


@given(ANY)
def test_nothing_is_obeyed(text: str) -> None:
    """No control character, turn of direction or half character is left, in lines or in one."""
    assert _obeyed(visible(text)) == set()
    assert _obeyed(plain(text)) | ({"\n", "\t"} & set(plain(text))) == set()


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60))
def test_written_letters_stay(text: str) -> None:
    """Whatever has no control character is shown as it is written, in every script."""
    assert visible(text) == plain(text) == text


@pytest.mark.parametrize("end", ["\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028"])
def test_each_end_of_a_line_is_one(end: str) -> None:
    """A carriage return does not write over what stands before it."""
    assert visible(f"safe{end}new") == "safe\nnew"
    assert plain(f"safe{end}new") == "safe new"


def test_a_line_nobody_writes_is_cut() -> None:
    """A megabyte takes no more room than the longest prompt; other lines stay whole."""
    first, second = visible("x" * 1_000_000 + "\nend").split("\n")
    assert (len(first), first[-1], second) == (MOST_LINE, "…", "end")
    assert cut("x" * 1_000_000, 10) == "x" * 9 + "…"


@given(ANY, st.sampled_from(ENCODINGS))
def test_any_text_can_be_printed(text: str, encoding: str) -> None:
    """Whatever the output's encoding is, it takes every text, and what it takes stays."""
    out = io.TextIOWrapper(io.BytesIO(), encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        print(printable(text))  # noqa: T201
        out.flush()
    if encoding.startswith("utf"):
        assert printable(text) == visible(text)


def test_signs_of_ours_become_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own signs read well in ASCII, a letter is its escape, and what fits stays."""
    text = "512 × 512 · 3 ≠ 4 – 猫…"
    told = {
        "ascii": r"512 x 512 | 3 != 4 - \u732b...",
        "cp1252": r"512 × 512 · 3 != 4 – \u732b…",
        "utf-8": text,
    }
    for encoding, expected in told.items():
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding))
        assert printable(text) == expected


@pytest.mark.parametrize(
    "out",
    [None, io.StringIO(), SimpleNamespace(encoding="no such"), SimpleNamespace(encoding=object())],
)
def test_an_output_without_an_encoding_takes_all(monkeypatch: pytest.MonkeyPatch, out: Any) -> None:
    """Where there is no standard output, one in memory, or an odd one, nothing is replaced."""
    monkeypatch.setattr(sys, "stdout", out)
    assert printable("猫 ×") == "猫 ×"


def test_a_class_prints_what_can_be_printed() -> None:
    """Both texts of a class pass, and what it has from `object` stays."""

    @printed
    class Odd:
        def __repr__(self) -> str:
            return "\x1b[31m\u202ered"

    assert (repr(Odd()), str(Odd())) == ("[31mred", "[31mred")
    assert printed(type("Bare", (), {})).__repr__ is object.__repr__
