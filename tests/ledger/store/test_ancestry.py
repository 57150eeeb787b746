"""Which tasks of a ledger belong to one tree."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation, State
from tests.ledger.conftest import intent, request_for


def _png(colour: int) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (4, 4), (colour, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def _made(ledger: Ledger, name: str, colour: int, *made_from: ReferenceImage) -> Generation:
    """An image of that colour in the ledger, made from these."""
    asked = intent(ledger, request_for(name, images=made_from), now=float(ledger.count()))
    found, path = ledger.images.store(_png(colour))
    done = Generation(
        asked.request,
        State.SUCCESS,
        asked.id,
        f"task-{name}",
        path=path,
        sent_at=asked.sent_at,
        **vars(found),
    )
    ledger.record(done)
    return done


def _as_reference(one: Generation) -> ReferenceImage:
    return ReferenceImage.from_bytes(one.bytes, "image/png", "")


@pytest.fixture
def tree(ledger: Ledger) -> dict[str, Generation]:
    """A root with two branches, one image that has nothing to do with it, and an aunt's child."""
    outside = ReferenceImage.from_bytes(_png(99), "image/png", "photo")
    ones = {"root": _made(ledger, "root", 1, outside)}
    ones["left"] = _made(ledger, "left", 2, _as_reference(ones["root"]))
    ones["right"] = _made(ledger, "right", 3, _as_reference(ones["root"]))
    ones["leaf"] = _made(ledger, "leaf", 4, outside, _as_reference(ones["left"]))
    ones["stranger"] = _made(ledger, "stranger", 5, outside)
    return ones


@pytest.mark.parametrize("name", ["root", "left", "right", "leaf"])
def test_the_whole_family_from_any_of_its_members(
    ledger: Ledger, tree: dict[str, Generation], name: str
) -> None:
    """Ancestors, descendants and siblings are found; who has the same photo is no relative."""
    family = ledger.family(tree[name])
    assert [g.request.prompt for g in family.members] == ["root", "left", "right", "leaf"]
    assert family.focus.id == tree[name].id
    assert all(g.ok for g in family.members)


def test_an_image_alone(ledger: Ledger, tree: dict[str, Generation]) -> None:
    """What was made from nothing of ours is a family of one."""
    assert [g.id for g in ledger.family(tree["stranger"]).members] == [tree["stranger"].id]


def test_twins_are_one(ledger: Ledger, tree: dict[str, Generation]) -> None:
    """An image with the bytes of another has its relatives, and a failed try is there too."""
    twin = _made(ledger, "twin", 2)
    child = intent(ledger, request_for("child", images=(_as_reference(twin),)), now=9.0)
    names = {g.request.prompt for g in ledger.family(twin).members}
    assert names == {"root", "left", "right", "leaf", "twin", "child"}
    assert ledger.family(child).parent(ledger.family(child).focus) is not None


def test_what_came_out_as_it_went_in(ledger: Ledger) -> None:
    """An edit that changed nothing stands beside its original and is no ring."""
    first = _made(ledger, "first", 1)
    same = _made(ledger, "same", 1, _as_reference(first))
    assert len(ledger.family(same).chain()) == 2
    assert ledger.family(first).roots()[0].id == first.id


def test_originals_by_their_hash(ledger: Ledger, home: Path) -> None:
    """The bytes of an image are found by hash alone, and none of an image that is not there."""
    one = _made(ledger, "one", 1)
    assert one.sha256 is not None
    assert ledger.images.data(one.sha256) == _png(1)
    assert ledger.images.data("0" * 64) is None
