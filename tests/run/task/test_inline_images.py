"""An answer that holds its image itself, in a `data:` link: as good as one behind a link."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
from urllib.parse import quote

import pytest
from PIL import Image

from nanobanana_nb.api import client, http
from nanobanana_nb.model.result import State
from tests.fixtures import OpenSession, png, settle
from tests.run.conftest import plan, rows
from tests.run.strange_service import Strange, linked, success
from tests.show.forms import grid_html

PICTURE = png("123456")
CODED = base64.b64encode(PICTURE).decode()
WAYS = {
    "base64": f"data:image/png;base64,{CODED}",
    "capitals and a parameter": f"DATA:image/PNG;name=a.png;BASE64,{CODED}",
    "no type": f"data:;base64,{CODED}",
    "wrong type": f"data:text/html;base64,{CODED}",
    "safe alphabet": f"data:image/png;base64,{base64.urlsafe_b64encode(PICTURE).decode()}",
    "no padding": f"data:image/png;base64,{CODED.rstrip('=')}",
    "lines": "data:image/png;base64," + "\r\n".join(CODED[n : n + 60] for n in range(0, 999, 60)),
    "coded base64": f"data:image/png;base64,{quote(CODED, safe='')}",
    "percent": f"data:image/png,{quote(PICTURE)}",
}
HOSTILE = {
    "huge": "data:image/png;base64," + "A" * 400_000,
    "huge by percent": "data:image/png," + "%00" * 200_000,
    "longer than an answer": "data:image/png;base64," + "A" * 900_000,
    "page": "data:text/html,<html><body>" + "no " * 100,
    "coded page": "data:image/png;base64," + base64.b64encode(b"<html>" + b"no " * 100).decode(),
    "wrong base64": "data:image/png;base64,*" + "!" * 100,
    "one sign": "data:image/png;base64,A",
    "cut": f"data:image/png;base64,{CODED[:80]}",
    "no comma": "data:image/png;base64" + CODED,
    "nothing": "data:,",
    "odd signs": "data:image/png;base64,\ud800\u2028",
}


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the ceilings be small, so that a test reaches them."""
    monkeypatch.setattr(client, "MEDIA_LIMIT", 100_000)
    monkeypatch.setattr(http, "INLINE_LIMIT", 800_000)


@pytest.mark.parametrize("way", WAYS)
def test_image_in_the_answer_is_the_paid_one(open_session: OpenSession, way: str) -> None:
    """The bytes in the link are the original, whichever way they are coded."""
    strange = Strange(info=lambda _: success([WAYS[way]]))
    session = open_session(strange)
    image = session.submit(plan()).result().one
    assert image.ok
    assert image.bytes == PICTURE
    assert rows(session)[0].state is State.SUCCESS


@pytest.mark.long
def test_large_image_in_the_answer_arrives(open_session: OpenSession) -> None:
    """An image whose text is longer than other answers may be is taken."""
    noise = Image.frombytes("RGB", (1200, 1200), os.urandom(3 * 1200 * 1200))
    noise.save(buffer := io.BytesIO(), "PNG")
    picture = buffer.getvalue()
    link = "data:image/png;base64," + base64.b64encode(picture).decode()
    session = open_session(Strange(info=lambda _: success([link])))
    assert session.submit(plan()).result().one.bytes == picture


@pytest.mark.long
@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_one_spoils_its_own_image(
    open_session: OpenSession, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Four of five are shown, the fifth is fetched later, and nothing of its link is kept."""
    caplog.set_level(logging.DEBUG)
    link = HOSTILE[kind]
    strange = Strange(info=lambda n: success([link]) if n == 2 else linked(n))
    session = open_session(strange, wait_s=1.5)
    grid = session.submit(plan(repeats=5)).result()
    settle()
    (odd,) = (image for image in grid if not image.ok)
    assert odd.state is State.DETACHED
    shown = f"{grid_html(grid)}{grid}{json.dumps(grid.to_records())}{odd.error!r}{caplog.text}"
    assert link[-60:] not in shown or len(link) < 60
    assert len(str(odd.error)) < 600
    strange.info = linked
    assert session.resume().result().one.ok
    assert len(strange.creates) == 5


def test_image_in_the_answer_is_no_link_to_send(open_session: OpenSession) -> None:
    """As a reference it is uploaded, as the service cannot fetch it, and no row holds its link."""
    session = open_session(Strange(info=lambda _: success([WAYS["base64"]])))
    image = session.submit(plan()).result().one
    assert session._links.get(image.sha256 or "") is None
    home = session.ledger.images.folder.parent
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert CODED.encode() not in kept
