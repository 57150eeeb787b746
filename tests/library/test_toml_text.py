"""A prompt written into a file: read again it is the same, and nothing else has changed."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.library.toml_text import with_table

OTHERS = """# mine, kept as it is
title = 'x'   # odd

[prompts.first]  # a comment
prompt = \"\"\"
A text with
[prompts.poster]
in it\"\"\"

# of the lists
[lists]
styles = [ "ink" ,  "oil" ]
[tool.other]
x = 1
"""
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXTS)
@example('quotes """" and """ in it\nand "')
@example("\n\n leads \\ and ends \r\n\t\x7f")
@example('"""\n"')
def test_every_text_is_read_again(text: str) -> None:
    """Quotes, line breaks, backslashes and every character."""
    fields = {"prompt": text, "note": text, "raw": True}
    whole = with_table(OTHERS, "poster", fields, replace=False)
    assert whole.startswith(OTHERS)
    assert tomllib.loads(whole)["prompts"]["poster"] == fields
    windows = with_table(OTHERS.replace("\n", "\r\n"), "poster", fields, replace=False)
    assert "\n" not in windows.replace("\r\n", "")
    assert tomllib.loads(windows)["prompts"]["poster"] == fields
    again = with_table(whole, "poster", {"prompt": "new"}, replace=True)
    assert again == with_table(OTHERS, "poster", {"prompt": "new"}, replace=False)


def test_a_name_is_taken_once() -> None:
    """A second time needs a word for it."""
    whole = with_table("", "a", {"prompt": "x"}, replace=False)
    assert whole == '[prompts.a]\nprompt = "x"\n'
    with pytest.raises(InputError, match="a prompt a already"):
        with_table(whole, "a", {"prompt": "y"}, replace=False)


def test_replaced_in_its_place() -> None:
    """Between others, whose comments stay with them."""
    before, after = "# head\n[prompts.z]\nprompt = 'z'\n\n", "\n# of b\n[prompts.b]\nprompt = 'b'\n"
    whole = f"{before}[prompts . 'a'] # old\nprompt = 'x'\n{after}"
    assert with_table(whole, "a", {"prompt": "y"}, replace=True) == (
        f'{before}[prompts.a]\nprompt = "y"\n{after}'
    )


@pytest.mark.parametrize("text", ["prompts = {a = {prompt = 'x'}}", "[prompts]\na.prompt = 'x'\n"])
def test_what_cannot_be_replaced_is_left(text: str) -> None:
    """A table that stands inside another has no lines of its own."""
    with pytest.raises(InputError, match="cannot be replaced"):
        with_table(text, "a", {"prompt": "y"}, replace=True)


def test_a_name_in_other_letters() -> None:
    """It is quoted, and read again."""
    whole = with_table("", "reiher_größe", {"prompt": "x"}, replace=False)
    assert tomllib.loads(whole)["prompts"] == {"reiher_größe": {"prompt": "x"}}
