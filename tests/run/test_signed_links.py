"""A signed link in a field: the service gets the whole, nobody else anything of its secret."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import State
from nanobanana_nb.show.export import ENDINGS, export
from tests.fixtures import OpenSession
from tests.run.conftest import plan, rows
from tests.run.strange_service import Strange
from tests.service import MODEL
from tests.show.forms import grid_html

SECRET = "hush0123456789"
LINKS = {
    "S3": f"https://b.s3.amazonaws.com/mask.png?X-Amz-Signature={SECRET}",
    "SAS": f"https://a.blob.core.windows.net/c/mask.png?sv=2024&sig={SECRET}%3D",
    "GCS": f"https://storage.googleapis.com/b/mask.png?X-Goog-Signature={SECRET}",
    "CloudFront": f"https://d1.cloudfront.net/mask.png?Policy=p&Signature={SECRET}",
    "parameter": f"https://host.example/mask.png;sig={SECRET}",
    "password": f"https://user:{SECRET}@host.example/mask.png",
    "capitals": f"HTTPS://host.example/mask.png?token={SECRET}",
    "fragment": f"https://host.example/mask.png#{SECRET}",
}


@pytest.fixture
def service() -> Strange:
    """A service that takes any field."""
    return Strange()


@pytest.mark.long
@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("nested", [False, True])
def test_only_the_service_gets_the_whole(
    service: Strange, open_session: OpenSession, tmp_path: Path, kind: str, nested: bool
) -> None:
    """It is sent as given; plan, row, files, page, exports and texts are without its secret."""
    link: Any = {"urls": [LINKS[kind]]} if nested else LINKS[kind]
    session = open_session(service)
    made = plan(parameters={"style_url": link})
    grid = session.submit(made).result()
    (created,) = service.creates
    assert created["input"]["style_url"] == link
    for ending in ENDINGS:
        export(grid, tmp_path / f"out{ending}")
    shown = f"{made!r}{made}{made.to_json()}{made.cells}{grid_html(grid)}{grid}{grid.one!r}"
    shown += json.dumps(grid.to_records())
    assert SECRET not in shown
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_same_link_is_the_same_request(service: Strange, open_session: OpenSession) -> None:
    """The link given again finds the paid image; another signature is another request."""
    session = open_session(service)
    first, second = LINKS["S3"], LINKS["S3"] + "9"
    made = plan(parameters={"style_url": first})
    for link in (first, first, second):
        assert session.submit(plan(parameters={"style_url": link})).result().one.ok
    assert len(service.creates) == 2
    kept = rows(session)[0].request
    assert kept.fingerprint() == made.cells[0].request.fingerprint()
    assert GenerationRequest.from_record(kept.to_record()) == kept


def test_kept_request_is_not_sent(service: Strange, open_session: OpenSession) -> None:
    """What the ledger has of the link is not sent in its place: one sentence asks for it."""
    session = open_session(service)
    session.submit(plan(parameters={"style_url": LINKS["S3"]})).result()
    kept = dict(rows(session)[0].request.parameters)
    with pytest.raises(InputError, match="must be given again"):
        session.submit(plan("another", parameters=kept)).result()
    assert rows(session)[-1].state in (State.SUCCESS, State.FAILED)
    assert len(service.creates) == 1


def test_axis_of_links_shows_no_secret() -> None:
    """As values of an axis they are hidden in the plan, its labels and its JSON."""
    options: dict[str, Any] = {
        "provider": "crun",
        "model": MODEL,
        "namespace": {},
        "fields": lambda: ("style_url",),
    }
    made = make_plan("a heron", axes={"style_url": [LINKS["S3"], LINKS["SAS"]]}, **options)
    assert SECRET not in f"{made!r}{made.axes}{made.cells}{made.recipe}{made.to_json()}"
    sent = [cell.request.fields()["style_url"] for cell in made.cells]
    assert sent == [LINKS["S3"], LINKS["SAS"]]


def test_copies_keep_and_pickles_lose_it() -> None:
    """A pickle is a file like any other; a copy in memory can be sent."""
    (cell,) = plan(parameters={"style_url": LINKS["S3"]}).cells
    assert copy.deepcopy(cell.request).fields()["style_url"] == LINKS["S3"]
    assert SECRET.encode() not in pickle.dumps(cell)


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_reference_is_pickled_as_it_is_kept(kind: str, protocol: int) -> None:
    """Its link has no secret there, and is the same reference that cannot be sent; copies can."""
    link = LINKS[kind]
    image = ReferenceImage(url=link, name=link)
    made = plan(images=[image], axes={"image": [ReferenceImage(url=f"{link}2"), image]})
    pickled = pickle.dumps(made, protocol)
    assert SECRET.encode() not in pickled
    fingerprints = [cell.request.fingerprint() for cell in made.cells]
    assert [cell.request.fingerprint() for cell in pickle.loads(pickled).cells] == fingerprints
    assert not pickle.loads(pickle.dumps(image, protocol)).complete
    for copied in (copy.copy(image), copy.deepcopy([image])[0], replace(image, changes="x")):
        assert copied.complete
        assert copied.url == link


def test_plain_reference_is_pickled_whole() -> None:
    """A link without a secret, and bytes, come back as they were."""
    link = ReferenceImage(url="https://host.example/a.png", name="a.png")
    data = ReferenceImage.from_bytes(b"pixels", "image/png", "b.png")
    for image in (link, data):
        assert pickle.loads(pickle.dumps(image)) == image
        assert pickle.loads(pickle.dumps(image)).complete


@pytest.mark.parametrize("text", ["https://host.example/a.png", "a photo", "ftp://h/?x=1", "?a=b"])
def test_other_texts_stay(text: str) -> None:
    """A plain link, and what is none, is as it was."""
    (cell,) = plan(parameters={"style_url": text}).cells
    assert cell.request.parameter("style_url") == text
