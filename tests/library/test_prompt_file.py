"""One prompt file: what it may hold, and one sentence with the place for what it may not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.library import prompt_file
from nanobanana_nb.privacy.redaction import keep_secret

KEY = "ak_" + "Hidden9z" * 4
WHOLE = """
# a comment
[prompts.poster]
prompt = "A poster of {bird}, {style: @styles}"
aspect_ratio = "3:4"
model = "nano-banana-2"
google_search = true
note = "for the autumn series"
images = { Mia = "refs/mia.png", "" = ["a.png"] }
[lists]
styles = ["woodcut", "oil", 3, 0.5, true]
"""


def read(folder: Path, text: str) -> prompt_file.PromptFile:
    """What a file with this text holds."""
    file = folder / "prompts.toml"
    file.write_text(text, encoding="utf-8")
    return prompt_file.read(file)


def test_everything_that_may_stand_there(tmp_path: Path) -> None:
    """Text, parameters, note, references by their paths, and lists."""
    file = read(tmp_path, WHOLE)
    poster = file.prompts["poster"]
    assert poster == "A poster of {bird}, {style: @styles}"
    assert (poster.name, poster.model) == ("poster", "nano-banana-2")
    assert poster.note == "for the autumn series"
    assert poster.parameters == {"aspect_ratio": "3:4", "google_search": True}
    assert poster.references == (f"Mia={tmp_path / 'refs' / 'mia.png'}", str(tmp_path / "a.png"))
    assert file.lists == {"styles": ("woodcut", "oil", 3, 0.5, True)}


def test_no_file_holds_nothing(tmp_path: Path) -> None:
    """Most people have none, or a file in the place of its folder."""
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "none.toml", tmp_path / "file" / "prompts.toml"):
        assert prompt_file.read(path) == prompt_file.PromptFile(path)


P = '[prompts.a]\nprompt = "x"\n'
WRONG = {
    '[prompts.a]\nprompt = "x\n': "is no TOML: .*line 2, column",
    "x = [" * 5_000: "is no TOML",
    P + 'provider = "crun"': r"\[prompts.a\] cannot set 'provider'",
    P + "max_credits = 5": r"\[prompts.a\] cannot set 'max_credits'",
    P + "yes = true": r"\[prompts.a\] cannot set 'yes'",
    P + 'callback_url = "https://example.org"': "cannot set 'callback_url'",
    P + "repeats = 3": "cannot set 'repeats'",
    P + 'aspect_rato = "1:1"': "cannot set 'aspect_rato': did you mean aspect_ratio",
    '[prompt.a]\nprompt = "x"': "cannot set 'prompt': did you mean prompts",
    'api_key = "x"': "cannot set 'api_key'",
    "prompts = 3": r"\[prompts\] is a table",
    "[prompts]\na = 3": r"\[prompts.a\] is a table",
    "[prompts.a]": r"\[prompts.a\] has no line",
    '[prompts.a]\nprompt = " "': r"\[prompts.a\] has no line",
    "[prompts.a]\nprompt = 3": r"\[prompts.a\] prompt is a text",
    P + "google_search = 'on'": "google_search is true or false",
    P + "aspect_ratio = 2": "aspect_ratio is a text",
    '[prompts."a b"]\nprompt = "x"': "'a b' cannot be a name",
    '[prompts.a]\nprompt = "x\\u001b"': "control character",
    P + 'note = "x\\u009b"': "control character",
    P + 'images = "../secret.png"': "no path inside its folder",
    P + 'images = "/etc/secret.png"': "no path inside its folder",
    P + 'images = ["a.png", "https://example.org/a.png"]': "no path inside its folder",
    P + 'images = "out/secret.png"': "no path inside its folder",
    P + 'images = "circle/a.png"': "no path inside its folder",
    P + "images = 3": "images are paths",
    "[lists]\nstyles = 'ink'": r"\[lists.styles\] is a list",
    "[lists]\nstyles = []": r"\[lists.styles\] has 0 values",
    "[lists]\nstyles = ['ink', '']": r"\[lists.styles\] is a list of texts",
    "[lists]\nstyles = [['ink']]": r"\[lists.styles\] is a list of texts",
    "[lists]\nstyles = [nan]": r"\[lists.styles\] is a list of texts",
    '[lists]\nstyles = ["a\\u0007"]': "control character",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[-40:])
def test_one_sentence_with_the_place(tmp_path: Path, text: str) -> None:
    """File, table and name, or line and column, and the nearest name where it is a slip."""
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "out").symlink_to(tmp_path.parent)
    with pytest.raises(InputError) as error:
        read(tmp_path, text)
    assert str(tmp_path / "prompts.toml") in str(error.value)
    assert re.search(WRONG[text], str(error.value))
    assert "\n" not in str(error.value)


def test_a_key_is_not_repeated(tmp_path: Path) -> None:
    """Wherever it stands, in broken TOML too."""
    keep_secret(KEY)
    for text in (f'[prompts.a]\nprompt = "{KEY}"', f"[lists]\na = ['{KEY}']", f"= {KEY}"):
        with pytest.raises(InputError, match="Your API key stands in") as error:
            read(tmp_path, text)
        assert KEY not in str(error.value)


def test_what_is_no_text_file(tmp_path: Path) -> None:
    """Too large, not UTF-8, or a folder: said so, and not read to its end."""
    file = tmp_path / "prompts.toml"
    for data, why in ((b"#" * 1_000_001, "larger"), (b"\xff\xfe", "not UTF-8")):
        file.write_bytes(data)
        with pytest.raises(InputError, match=why):
            prompt_file.read(file)
    with pytest.raises(InputError, match="no regular file"):
        prompt_file.read(tmp_path)


def test_a_mark_of_byte_order_and_line_ends_of_windows(tmp_path: Path) -> None:
    """As editors there write them."""
    (tmp_path / "prompts.toml").write_bytes(b'\xef\xbb\xbf[prompts.a]\r\nprompt = "x"\r\n')
    assert prompt_file.read(tmp_path / "prompts.toml").prompts == {"a": "x"}
