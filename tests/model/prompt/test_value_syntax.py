"""Values as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt import ambiguity, value_syntax


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a|b", ("a", "b")),
        (" a b | c, d ", ("a b", "c, d")),
        (r"a\|b|c", ("a|b", "c")),
        ("a||b", ("a", "", "b")),
        ("", ("",)),
        (r"c:\x|d", (r"c:\x", "d")),
    ],
)
def test_the_bar_alone_separates(text: str, values: tuple[str, ...]) -> None:
    """Commas are text, and a bar behind a backslash is a bar."""
    assert value_syntax.split(text) == values


@pytest.mark.long
@example(values=["0\n¦"])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])).map(str.strip), min_size=1))
def test_joined_values_come_back(values: list[str]) -> None:
    """Whatever is in a value, it survives being written between bars."""
    assert value_syntax.split(ambiguity.joined(tuple(values))) == tuple(values)


@pytest.mark.parametrize(
    ("value", "numbers"),
    [("1..5", (1, 2, 3, 4, 5)), ("3..1", (3, 2, 1)), ("-1..1", (-1, 0, 1)), ("2..2", (2,))],
)
def test_a_range_is_its_numbers(value: str, numbers: tuple[int, ...]) -> None:
    """Both ends belong to it, and it may fall."""
    assert value_syntax.expanded("n", (value, "x")) == (*numbers, "x")


@pytest.mark.parametrize("value", ["1...5", "a..b", "1.5..2", "1..", "..2", "1 .. 2"])
def test_what_is_no_range_is_text(value: str) -> None:
    """Only two whole numbers with two dots between them are a range."""
    assert value_syntax.expanded("n", (value,)) == (value,)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((), "is empty"),
        (("",), "is empty"),
        (("a", ""), "empty value"),
        (("1..999999999999",), "999,999,999,999 values"),
    ],
)
def test_values_that_cannot_be_are_refused(values: tuple[str, ...], said: str) -> None:
    """Nothing, a bar too many, and a range that no plan holds end in an error."""
    with pytest.raises(InputError, match=said):
        value_syntax.expanded("n", values)


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("true", True),
        ("7", 7),
        ("0.5", 0.5),
        ("16:9", "16:9"),
        ("2K", "2K"),
        ("null", "null"),
        ("NaN", "NaN"),
        ("1e999", "1e999"),
        ('"a"', '"a"'),
        ("[1]", "[1]"),
        (3, 3),
    ],
)
def test_a_parameter_gets_its_type(value: Any, typed: Any) -> None:
    """Numbers and truth values become such; everything else stays as it was written."""
    found = value_syntax.typed(value)
    assert found == typed
    assert type(found) is type(typed)


def test_an_option_is_a_name_and_values() -> None:
    """A hyphen in the name is an underscore, and only the first `=` counts."""
    assert value_syntax.parse_option("aspect-ratio=16:9|1:1") == ("aspect_ratio", ("16:9", "1:1"))
    assert value_syntax.parse_option("x=a=b") == ("x", ("a=b",))


@pytest.mark.parametrize("option", ["style", "=a|b", "1a=b", "a b=c", ""])
def test_an_option_without_a_name_is_refused(option: str) -> None:
    """The error shows the form."""
    with pytest.raises(InputError, match=r"NAME=V1\|V2"):
        value_syntax.parse_option(option)
