"""Copies of the originals beside the notebook."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from nanobanana_nb.notebook.page.image_copies import Originals
from nanobanana_nb.text.file_names import file_name
from tests.html_reader import Reader
from tests.notebook.bench import Bench

MAKE = "%%nanobanana -m nano-banana-2-lite -o grid\n"
HASH = "0123456789abcdef" * 4


def test_copy_is_made_and_linked(bench: Bench, folder: Path) -> None:
    """The link is relative to the notebook, and behind it is the original, byte for byte."""
    bench.like_a_kernel()
    ran = bench.run(MAKE + "A cat in the rain")
    (link,) = set(Reader(ran.all("text/html")[-1]).links)
    assert link.startswith("nanobanana_images/a-cat-in-the-rain-")
    assert (folder / unquote(link)).read_bytes() == bench.names["grid"].bytes


def test_copy_is_made_once_and_again_when_it_is_gone(bench: Bench, folder: Path) -> None:
    """Showing a result again changes no file; a copy that was deleted comes back."""
    bench.like_a_kernel()
    bench.run(MAKE + "A cat")
    (copy,) = folder.glob("nanobanana_images/*")
    copy.write_bytes(b"edited by a person")
    bench.run("grid")
    assert copy.read_bytes() == b"edited by a person"
    copy.unlink()
    bench.run("%nanobanana show 1")
    assert copy.read_bytes() == bench.names["grid"].bytes


def test_editing_the_copy_leaves_the_original(bench: Bench, folder: Path) -> None:
    """The ledger's own file is another one."""
    bench.like_a_kernel()
    bench.run(MAKE + "A cat")
    whole = bench.names["grid"].bytes
    (copy,) = folder.glob("nanobanana_images/*")
    with copy.open("r+b") as file:
        file.write(b"scribble")
    assert bench.names["grid"].bytes == whole


@pytest.mark.parametrize("prompt", [r"%%nanobanana", "../../etc/passwd", "C:\\x\\y", "a\tb\nc"])
def test_name_is_safe_for_hostile_prompts(prompt: str) -> None:
    """No path, no blank and no sign that means something to a shell or a link."""
    name = file_name(prompt, HASH, ".png")
    assert re.fullmatch(r"[\w-]+-01234567\.png", name)
    assert Path(name).name == name


@pytest.mark.parametrize("prompt", ["", "...", "///", "  ", "-", "🦊🦊", "\u202e\u200f"])
def test_name_without_words_is_still_a_name(prompt: str) -> None:
    """Where a prompt has no letters the file is called image."""
    assert file_name(prompt, HASH, ".jpg") == "image-01234567.jpg"


def test_long_prompts_make_short_names() -> None:
    """20 kB of prompt are a name that every file system takes, and do not end in a dash."""
    name = file_name("one two three " * 1500, HASH, ".png")
    assert len(name.encode()) < 80
    assert "--" not in name


@pytest.mark.parametrize(("prompt", "word"), [("Ein süßer Fuchs", "fuchs"), ("кошка", "кошка")])
def test_name_is_readable_in_every_language(prompt: str, word: str) -> None:
    """Letters outside ASCII are letters too: `image` says nothing to who wrote the prompt."""
    name = file_name(prompt, HASH, ".png")
    assert word in name
    assert "s-er" not in name


@pytest.mark.parametrize("off", ["off", ""])
def test_no_copies_when_switched_off(
    bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    """`off` makes neither folder nor link; empty means not set."""
    monkeypatch.setenv("NANOBANANA_IMAGES_DIR", off)
    bench.like_a_kernel()
    ran = bench.run(MAKE + "A cat")
    assert (folder / "nanobanana_images").exists() is (off == "")
    assert ("href" in ran.html) is (off == "")


def test_folder_that_cannot_be_written(bench: Bench, folder: Path) -> None:
    """The result stands without the link, and nothing fails."""
    (folder / "nanobanana_images").write_text("a file in its place")
    bench.like_a_kernel()
    ran = bench.run(MAKE + "A cat")
    assert ran.error is None, ran.told
    assert "data:image/jpeg" in ran.html
    assert "href" not in ran.html


def test_half_a_copy_is_not_kept(
    bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that broke off does not stand for the original for ever after."""
    bench.run(MAKE + "A cat")
    one = bench.names["grid"].one

    def breaks_off(source: Path, target: Path) -> None:
        Path(target).write_bytes(b"half")
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("nanobanana_nb.notebook.page.image_copies.shutil.copyfile", breaks_off)
        assert Originals("pictures").link(one) is None
    link = Originals("pictures").link(one)
    assert link is not None
    assert (folder / link).read_bytes() == one.bytes


def test_home_sign_in_the_setting_is_the_home(
    bench: Bench, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`~/pictures` from the environment is no folder named `~`."""
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    monkeypatch.setenv("NANOBANANA_IMAGES_DIR", "~/pictures")
    bench.like_a_kernel()
    bench.run(MAKE + "A cat")
    assert not (folder / "~").exists()
