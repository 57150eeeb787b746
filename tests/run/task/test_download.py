"""Fetching the finished picture: expired links, broken pictures, and a task that stays known."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import DownloadError
from nanobanana_nb.model.result import State
from nanobanana_nb.simulator.tasks import Task
from tests.api.raw_server import RawServer, Reply, answer, raw_server
from tests.fixtures import OpenSession, png
from tests.run.conftest import plan, rows
from tests.service import Service


@pytest.mark.parametrize("status", [403, 404, 410, 503])
def test_expired_link_is_asked_for_again(
    service: Service, open_session: OpenSession, status: int
) -> None:
    """A link that does not work is replaced once by the service's fresh one."""
    service.fault("media", status=status)
    session = open_session(service)
    assert session.submit(plan()).result().one.ok
    assert len(service.calls("/TaskInfo")) == 2
    assert len(service.creates()) == 1


def test_link_that_never_works_leaves_the_task_to_resume(
    service: Service, open_session: OpenSession
) -> None:
    """The image is paid: the error says so and names the task, and resume fetches it later."""
    service.fault("media", status=403, times=None)
    session = open_session(service)
    with pytest.raises(DownloadError, match="resume") as raised:
        session.submit(plan()).result()
    assert {raised.value.task_id} == service.task_ids()
    assert [row.state for row in rows(session)] == [State.DETACHED]
    service.forget_faults()
    assert session.resume().result().one.ok
    assert len(service.creates()) == 1


def test_asking_again_fetches_what_was_not_fetched(
    service: Service, open_session: OpenSession
) -> None:
    """Running the cell again downloads the paid image instead of paying for another."""
    service.fault("media", status=403, times=2)
    session = open_session(service)
    with pytest.raises(DownloadError):
        session.submit(plan()).result()
    assert session.submit(plan()).result().one.ok
    assert len(service.creates()) == 1


WRONG = {
    "HTML": Reply((answer(b"<html>Sign in</html>"),)),
    "SVG": Reply((answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),)),
    "cut": Reply((answer(png()[:-20]),)),
    "cut by length": Reply((answer(png(), content_length="9999"),)),
    "reset": Reply(end="reset"),
    "empty": Reply((answer(),)),
}


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(WRONG))
def test_what_is_no_image_is_not_kept(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """A body that is no whole image leaves no file, and the task stays to be fetched."""
    session = open_session(service)
    with raw_server() as raw, monkeypatch.context() as patched:
        lead_to(raw.on("", WRONG[fault]), patched)
        with pytest.raises(DownloadError) as raised:
            session.submit(plan()).result()
        assert {raised.value.task_id} == service.task_ids()
        assert not any("x-api-key" in one.headers for one in raw.arrived)
    originals = session.settings.home / "originals"
    assert [path for path in originals.rglob("*") if path.is_file()] == []
    assert session.resume().result().one.ok


@pytest.mark.parametrize("link", ["https://[bad/a.png", "http://127.0.0.1:99999/a.png"])
def test_link_that_is_none_is_a_download_error(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    """A link that cannot be parsed is told like one that does not work."""
    session = open_session(service)
    monkeypatch.setattr(Task, "_result", lambda *_: {"code": 200, "media_urls": [link]})
    with pytest.raises(DownloadError):
        session.submit(plan()).result()
    assert [row.state for row in rows(session)] == [State.DETACHED]


def test_image_that_cannot_be_written_stays_to_be_fetched(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full fails the download and not the task; with space it is fetched."""
    session = open_session(service)
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", _full)
        with pytest.raises(errors.LedgerError, match="No space") as raised:
            session.submit(plan()).result()
    assert {raised.value.task_id} == service.task_ids()
    assert session.resume().result().one.ok
    assert len(service.creates()) == 1


def test_another_format_than_asked_is_kept_as_it_is(
    service: Service, open_session: OpenSession
) -> None:
    """The type comes from the bytes, and the difference is noted."""
    session = open_session(service)
    grid = session.submit(plan(parameters={"output_format": "jpeg"})).result()
    assert grid.one.media_type == "image/png"
    assert grid.one.differences == ("asked jpeg, got png",)


def test_media_are_asked_without_the_key(service: Service, open_session: OpenSession) -> None:
    """The service's own log says so."""
    open_session(service).submit(plan()).result()
    media = [call for call in service.calls() if call["path"].startswith("/media/")]
    assert [call["key_sent"] for call in media] == [False]


def lead_to(raw: RawServer, patched: pytest.MonkeyPatch) -> None:
    """Send every download to the raw server instead."""
    real = Client.download

    async def elsewhere(client: Client, url: str) -> Any:
        return await real(client, raw.url + "/a.png")

    patched.setattr(Client, "download", elsewhere)


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")
