"""Parents by their bytes, the way to an image, and its words replaced."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.lineage import Family, in_order, replaced, reworded
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation, State

_WORD = st.sampled_from(["night", "dusk", "day", "light", "a", "é"])
_PROMPT = st.lists(st.one_of(_WORD, st.sampled_from(["tonight", ", ", " ", "-"])), max_size=12)


def _hash(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def image(number: int, *made_from: int, prompt: str = "", **fields: Any) -> Generation:
    """An image with a number, made from images of these numbers."""
    references = tuple(ReferenceImage(sha256=_hash(n), media_type="image/png") for n in made_from)
    request = GenerationRequest("crun", "m", prompt or f"step {number}", references)
    known = {"sha256": _hash(number), "created_at": 0.0, "id": number, **fields}
    return Generation(request, State.SUCCESS, **known)


def test_tree_of_parents_and_children() -> None:
    """Each image stands under the first of its parents; a root has none."""
    ones = [image(1), image(2, 1), image(3, 2, 1), image(4, 1), image(5)]
    family = Family(tuple(ones), ones[2])
    assert family.roots() == (ones[0], ones[4])
    assert family.children(ones[0]) == (ones[1], ones[3])
    assert family.parents(ones[2]) == (ones[1], ones[0])
    assert family.chain() == tuple(ones[:3])


def test_the_oldest_of_the_same_bytes_is_the_parent() -> None:
    """Two images with the same bytes: the one that was there first, whatever its number."""
    old, new = image(9, created_at=1.0), image(2, created_at=2.0, sha256=_hash(9))
    child = image(3, 9, created_at=3.0)
    family = Family(in_order([new, child, old]), child)
    assert family.parent(child) == old
    assert family.members == (old, new, child)


@pytest.mark.parametrize("members", [[image(1, 1)], [image(1, 2), image(2, 1)]])
def test_no_image_descends_from_itself(members: list[Generation]) -> None:
    """What came out as it went in is its own root, and a ring has a beginning."""
    family = Family(tuple(members), members[-1])
    assert members[0] in family.roots()
    assert len(family.chain()) == len(members)


def test_what_was_changed_has_its_parent() -> None:
    """A reference that was sent smaller or turned counts as the image that was given."""
    given = _hash(1)
    small = ReferenceImage.from_bytes(b"small", "image/png", "x", sha256=given, changes="scaled")
    assert small.content != given
    child = Generation(GenerationRequest("crun", "m", "x", (small,)), id=2)
    assert Family((image(1), child), child).parent(child) == image(1)
    kept = ReferenceImage(**small.to_record())
    assert (kept.sha256, kept.content, kept.changes) == (given, small.content, "scaled")


def test_steps_begin_where_a_word_changes() -> None:
    """Steps before the change stay as they are; each later one is asked for after the former."""
    chain = [image(1), image(2, 1, prompt="make it night"), image(3, 2, prompt="a night boat")]
    first, second = reworded(chain, {"night": "dusk"})
    assert [first.request.prompt, second.request.prompt] == ["make it dusk", "a dusk boat"]
    assert (first.parent, second.parent) == (None, _hash(2)), "what comes before is kept"
    new = ReferenceImage.from_bytes(b"new", "image/png", "new")
    assert second.after(new).images == (new,)
    assert second.after(None) == second.request


def test_a_root_that_changes_has_no_parent() -> None:
    """Its own reference images, which are of no parent, stay."""
    chain = [image(1, 7, prompt="a night"), image(2, 1)]
    first, second = reworded(chain, {"night": "day"})
    assert first.parent is None
    assert first.after(ReferenceImage(sha256="0" * 64)).images == chain[0].request.images
    assert second.parent == _hash(1)


@pytest.mark.parametrize("words", [{}, {" ": "x"}, {"fog": "mist"}])
def test_a_word_that_is_nowhere_is_told(words: dict[str, str]) -> None:
    """The error says that there is none, or which prompts there are."""
    with pytest.raises(InputError, match=r"no word|No prompt has fog.*make it night"):
        reworded([image(1, prompt="make it night")], words)


def test_a_private_prompt_cannot_be_replayed() -> None:
    """Its words are not in the ledger."""
    hidden = Generation(GenerationRequest("crun", "m", "", private=True), id=1)
    with pytest.raises(InputError, match="private"):
        reworded([hidden], {"a": "b"})


def test_a_private_prompt_that_is_at_hand_can_be_replayed() -> None:
    """It is the missing words that stand in the way, not that they are private."""
    one = image(1, prompt="make it night")
    hidden = replace(one, request=replace(one.request, private=True))
    (step,) = reworded([hidden], {"night": "dusk"})
    assert step.request.prompt == "make it dusk"
    wordless = Generation(GenerationRequest("crun", "m", ""), id=1)
    with pytest.raises(InputError, match="No prompt has night"):
        reworded([wordless], {"night": "dusk"})


def test_whole_words_are_replaced_at_once() -> None:
    """Parts of words stay, two words change places, and signs are no patterns."""
    assert replaced("night, tonight, Night", {"night": "dusk"}) == "dusk, tonight, Night"
    assert replaced("day and night", {"day": "night", "night": "day"}) == "night and day"
    assert replaced("a (b) c", {"(b)": r"\1"}) == r"a \1 c"
    assert replaced("red fox, red", {"red": "blue", "red fox": "owl"}) == "owl, blue"


@pytest.mark.long
@given(st.tuples(_PROMPT, _PROMPT).map(lambda parts: "".join(parts[0] + parts[1])))
def test_replacing_back_gives_the_prompt(prompt: str) -> None:
    """A word that no prompt has can be put in and taken out again."""
    there = replaced(prompt, {"night": "zenith"})
    assert replaced(there, {"zenith": "night"}) == prompt
    assert replaced(prompt, {"zenith": "x"}) == prompt
