"""A service that drips or hangs: the wait of the run bounds every part of it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import Charged, ConnectionLostError, DownloadError
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import State
from nanobanana_nb.run.inputs import uploads
from nanobanana_nb.run.task import download
from tests.api.raw_server import Reply, answer, raw_server
from tests.fixtures import OpenSession, png
from tests.run.conftest import plan, rows
from tests.run.task.test_download import lead_to
from tests.service import Service

WAIT_S = 1.0
HANG_S = 8.0
LATE_S = 5.0  # far above the wait and far below the hanging, on a busy machine too


@pytest.fixture(autouse=True)
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time that a download has at least be shorter than the wait."""
    monkeypatch.setattr(download, "LEAST_S", 0.5)


DRIP = Reply((answer(b"", content_length="90000"), b"x"), pause_s=0.05, endless=True)
CUT = Reply((answer(b"x" * 10, content_length="90000"),))


@pytest.mark.long
@pytest.mark.parametrize("replies", [(DRIP,), (CUT, DRIP)], ids=["link", "fresh link"])
def test_download_ends_with_the_wait(
    service: Service,
    open_session: OpenSession,
    monkeypatch: pytest.MonkeyPatch,
    replies: tuple[Reply, ...],
) -> None:
    """A picture that drips is open when the wait is over, and comes with a resume."""
    session = open_session(service, wait_s=WAIT_S)
    begun = time.monotonic()
    with raw_server() as raw, monkeypatch.context() as patched:
        lead_to(raw.on("", *replies), patched)
        with pytest.raises(DownloadError, match="wait was over") as raised:
            session.submit(plan()).result()
    assert time.monotonic() - begun < LATE_S
    assert raised.value.charged is Charged.YES
    assert [row.state for row in rows(session)] == [State.DETACHED]
    assert session.resume().result().one.ok
    assert len(service.creates()) == 1


@pytest.mark.long
def test_look_for_a_fresh_link_ends_with_the_wait(
    service: Service, open_session: OpenSession
) -> None:
    """The second link of a download is waited for no longer than the picture itself."""
    service.fault("media", status=403)
    service.fault("info", skip=1, delay_s=HANG_S)
    session = open_session(service, wait_s=WAIT_S)
    begun = time.monotonic()
    with pytest.raises(DownloadError):
        session.submit(plan()).result()
    assert time.monotonic() - begun < LATE_S
    assert session.resume().result().one.ok


def test_task_that_is_done_at_the_last_moment_comes(
    service: Service, open_session: OpenSession
) -> None:
    """A little time is left for a download when the wait was used up by the task."""
    session = open_session(service, wait_s=0.0)
    assert session.submit(plan()).result().one.ok


@pytest.mark.long
def test_upload_ends_with_the_wait(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reference that does not arrive ends as not sent and not paid, and all its images do."""
    monkeypatch.setattr(uploads, "LEAST_S", WAIT_S)
    service.fault("put", times=None, delay_s=HANG_S)
    session = open_session(service, wait_s=WAIT_S)
    picture = ReferenceImage.from_bytes(png(), "image/png", "a picture")
    begun = time.monotonic()
    with pytest.raises(ConnectionLostError, match="wait was over") as raised:
        session.submit(plan(images=[picture], repeats=3)).result()
    assert time.monotonic() - begun < LATE_S
    assert raised.value.charged is Charged.NO
    assert service.creates() == []
    service.forget_faults()
    assert session.submit(plan(images=[picture])).result().one.ok


def test_calls_are_not_tried_again_for_ever(
    service: Service, monkeypatch: pytest.MonkeyPatch, open_session: OpenSession
) -> None:
    """A call that took long to fail is not tried again: five times a minute is no answer."""
    monkeypatch.setattr("nanobanana_nb.api.retry.LONGEST_TRIED_S", 0.1)
    monkeypatch.setattr("nanobanana_nb.api.http.API_DEADLINE_S", 0.2)
    service.fault("models", times=None, delay_s=1)
    session = open_session(service)

    async def asked(client: Client) -> Any:
        return await client.models()

    begun = time.monotonic()
    with pytest.raises(ConnectionLostError):
        session.bridge.run(asked(session.client))
    assert time.monotonic() - begun < 1
    assert len(service.calls("/Models")) == 1
