"""The tree of edits, as HTML and as text."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.model.lineage import Family
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.lineage.steps import steps_of
from nanobanana_nb.show.lineage.tree import MOST_BYTES, Tree
from tests.html_reader import Reader
from tests.show.conftest import failed, generation

HOSTILE = '<script>alert("x")</script>\u202e & `code`'


def _hash(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def step(
    photos: list[Path], number: int, prompt: str, *made_from: int | ReferenceImage, **fields: Any
) -> Generation:
    """An image of that number, made from those of other numbers and from others."""
    images = tuple(
        n if isinstance(n, ReferenceImage) else ReferenceImage(sha256=_hash(n)) for n in made_from
    )
    parameters = fields.pop("parameters", ())
    asked = GenerationRequest("crun", "google/nano-banana", prompt, images, parameters)
    known = {"id": number, "sha256": _hash(number), "created_at": float(number), "request": asked}
    return generation(photos[number % len(photos)], number, **{**known, **fields})


@pytest.fixture
def family(photos: list[Path]) -> Family:
    """A root, two edits that differ in a word, and one of the first edit."""
    ones = (
        step(photos, 1, "a heron by a lake at dawn", parameters=(("aspect_ratio", "3:2"),)),
        step(photos, 2, "make it night", 1, parameters=(("aspect_ratio", "3:2"),)),
        step(photos, 3, "add a boat", 2, ReferenceImage(url="https://a.example/boat.png")),
        step(photos, 4, "make it dusk", 1, 3, parameters=(("aspect_ratio", "3:2"),)),
        step(photos, 5, "a heron by a lake at noon", 1, parameters=(("aspect_ratio", "1:1"),)),
    )
    return Family(ones, ones[3])


def test_text_says_each_step(family: Family) -> None:
    """Each is further in than its parent, with the words in which it differs from one like it."""
    assert repr(Tree(family)).splitlines() == [
        "id 1 · a heron by a lake at dawn · google/nano-banana · 3:2 · 4 credits",
        "  id 2 · make it night · 4 credits",
        "    id 3 · add a boat · no aspect_ratio · with https://a.example/boat.png · 4 credits",
        "  id 4 · this one · make it [-night-]{+dusk+} (against id 2) · with id 3 · 4 credits",
        "  id 5 · a heron by a lake at [-dawn-]{+noon+} (against id 1) · 1:1 · 4 credits",
    ]


def test_html_survives_a_sanitizer(family: Family) -> None:
    """Plain tags with inline attributes, a thumbnail for each, words struck out and underlined."""
    html = Tree(family, lambda one: f"images/{one.id}.png")._repr_html_()
    page = Reader(html)
    assert len(page.images) == 5
    assert page.links == [f"images/{n}.png" for n in range(1, 6)]
    assert "<del>night</del> <ins>dusk</ins>" in html
    assert "id 4 · this one" in page.text
    assert page.text.count("↳ from id 1") == 3


def test_everything_written_by_others_is_escaped(photos: list[Path]) -> None:
    """Prompts, names of references and reasons are text and stay on their own lines."""
    name = ReferenceImage(sha256="0" * 64, name=HOSTILE)
    ones = (step(photos, 1, HOSTILE, name), step(photos, 2, HOSTILE + " too", 1))
    html = Tree(Family(ones, ones[0]))._repr_html_()
    assert "<script>" not in html
    assert "alert" in Reader(html).text
    assert repr(Tree(Family(ones, ones[0]))).count("\n") == 1


def test_failed_and_private_steps_are_told(photos: list[Path]) -> None:
    """A step without an image says where it stands; a prompt that was not kept is not guessed."""
    root = step(photos, 1, "")
    lost = failed(id=2, images=(ReferenceImage(sha256=_hash(1)),), created_at=2.0, prompt="x y")
    tree = Tree(Family((root, lost), lost))
    assert "id 1 · (the prompt was kept private)" in repr(tree)
    assert "id 2 · this one · failed · x y" in repr(tree)
    assert "blocked by moderation" in Reader(tree._repr_html_()).text


def test_same_prompt_says_as_what(photos: list[Path]) -> None:
    """A step that asks for the same again names the one that did."""
    ones = (step(photos, 1, "a"), step(photos, 2, "night", 1), step(photos, 3, "night", 1))
    assert "id 3 · night (as id 2)" in repr(Tree(Family(ones, ones[0])))
    assert "night (as id 2)" in Reader(Tree(Family(ones, ones[0]))._repr_html_()).text


def test_alone_it_says_so(photos: list[Path]) -> None:
    """An image without relatives is a tree of one."""
    one = step(photos, 1, "a")
    assert "no other image" in repr(Tree(Family((one,), one)))


@pytest.mark.long
def test_large_tree_is_cut_and_stays_small(photos: list[Path]) -> None:
    """A long chain shows its beginning, says what is left out, and fits its budget."""
    ones = [step(photos, 1, "a heron")]
    ones += [step(photos, n, f"step {n}", n - 1) for n in range(2, 1201)]
    family = Family(tuple(ones), ones[-1])
    html = Tree(family)._repr_html_()
    assert len(html) < 1.34 * MOST_BYTES
    assert "1,140 more" in Reader(html).text
    assert repr(Tree(family)).count("\n") == 60
    assert [told.depth for told in steps_of(family)] == list(range(1200))
