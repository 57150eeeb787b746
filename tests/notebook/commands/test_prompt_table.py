"""`%nanobanana prompts`: every prompt with its newest image, and what is wrong with a file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from nanobanana_nb.ledger.ledger import Ledger
from tests.notebook.bench import Bench

FILE = """[prompts.poster]
prompt = "A {bird}, <b>{style: @styles}</b>"
aspect_ratio = "3:4"
note = "for <i>autumn</i>"
[prompts.unused]
prompt = "Nobody made it"
images = { Mia = "mia.png" }
[lists]
styles = ["woodcut", "oil", "<i>ink</i>", "pastel"]
"""


def test_without_a_file(bench: Bench) -> None:
    """It says how to begin."""
    assert "grid.keep('poster')" in bench.run("%nanobanana prompts").text


def test_prompts_with_their_newest_images(bench: Bench, folder: Path) -> None:
    """Of a grid of it, or of an image that was sent so; foreign text is escaped."""
    (folder / "prompts.toml").write_text(FILE, encoding="utf-8")
    bench.names["bird"] = "heron"
    assert bench.run("%%nanobanana --prompt poster -o grid").error is None
    bench.run("grid[3].keep('last')")
    ran = bench.run("%nanobanana prompts")
    assert "for &lt;i&gt;autumn&lt;/i&gt;" in ran.html
    assert "<b>{style" not in ran.html
    assert "<i>" not in ran.html
    assert ran.html.count("<img") == 2
    newest = Ledger(folder.parent / "home").newest(
        ["A {bird}, <b>{style: @styles}</b>", "Nobody made it"]
    )
    newest_number = max(image.id for image in bench.names["grid"])
    assert [image.id for image in newest.values()] == [newest_number]
    for text in (
        "unused",
        "with Mia",
        "prompts.toml here",
        "@styles (woodcut, oil, <i>ink</i>, …)",
    ):
        assert text in ran.text


def test_a_broken_file_hides_no_other(
    bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its problem is one line, and a prompt that is hidden says so."""
    (folder / "prompts.toml").write_text(FILE, encoding="utf-8")
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    (home / "prompts.toml").write_text('[prompts.poster]\nprompt = "mine"\n', encoding="utf-8")
    (folder / "class.toml").write_text("[prompts.a]\nyes = true\n", encoding="utf-8")
    monkeypatch.setenv("NANOBANANA_PROMPTS", "class.toml")
    text = bench.run("%nanobanana prompts").text
    assert "class.toml: [prompts.a] cannot set 'yes'" in text
    assert "your prompts.toml, hidden by the one above" in text
    assert "unused" in text


@pytest.mark.long
def test_two_hundred_prompts(bench: Bench, folder: Path) -> None:
    """In well under two seconds, and small enough for a notebook."""
    tables = (f'[prompts.n{n}]\nprompt = "A {{bird}} number {n}"\n' for n in range(200))
    (folder / "prompts.toml").write_text("".join(tables), encoding="utf-8")
    start = time.monotonic()
    ran = bench.run("%nanobanana prompts")
    assert time.monotonic() - start < 2
    assert "number 199" in ran.text
    assert len(ran.html) < 400_000
