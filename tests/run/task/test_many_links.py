"""A task with more links than any image has: the wait holds, and what was cut is told."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from nanobanana_nb.api.provider import MOST_LINKS, Provider, TaskInfo
from nanobanana_nb.errors import DownloadError
from nanobanana_nb.model.result import State
from nanobanana_nb.run.task import download
from tests.fixtures import OpenSession
from tests.run.conftest import plan, rows
from tests.run.strange_service import MEDIA, Strange, success

NOWHERE = [f"{MEDIA}/{number}/none" for number in range(30_000)]  # answered with 404 at once
SHAPES = {
    "list": NOWHERE,
    "objects": [{"url": link} for link in NOWHERE],
    "by name": {link[-12:]: link for link in NOWHERE},
    "nested": [[[link] for link in NOWHERE]],
    "on the service": [f"/media/{number}/none" for number in range(30_000)],
    "not safe": [f"http://elsewhere.example/{number}" for number in range(30_000)],
}


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_wait_holds_with_any_number_of_links(open_session: OpenSession, shape: str) -> None:
    """Links that do not work are tried in turn and not all; the error says where it ended."""
    strange = Strange(info=lambda _: success(SHAPES[shape]))
    session = open_session(strange)
    begun = time.process_time()
    with pytest.raises(DownloadError, match=f"only the first {MOST_LINKS} are tried"):
        session.submit(plan()).result()
    assert time.process_time() - begun < 2, "each link took time"
    assert [row.state for row in rows(session)] == [State.DETACHED]
    strange.info = lambda n: success([f"{MEDIA}/{n}"])
    assert session.resume().result().one.ok
    assert len(strange.creates) == 1


@pytest.mark.long
@pytest.mark.parametrize("working", [0, 1, MOST_LINKS - 1])
def test_link_that_works_is_found_among_many(open_session: OpenSession, working: int) -> None:
    """The image comes from whichever of the first links has it, and nothing is told."""
    links = [*NOWHERE[:working], f"{MEDIA}/0", *NOWHERE[working:]]
    grid = open_session(Strange(info=lambda _: success(links))).submit(plan()).result()
    assert (grid.one.ok, grid.one.notes) == (True, ())


def test_no_link_is_tried_after_the_wait(
    open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the first links took all of the time, the others are left."""
    monkeypatch.setattr(download, "LEAST_S", 0.3)
    monkeypatch.setattr(download, "LINK_S", 0.2)
    tries: list[str] = []

    async def slow(context: Any, generation: Any, url: str, ends: float) -> Any:
        tries.append(url)
        return await download._until(ends, asyncio.sleep(60))

    monkeypatch.setattr(download, "_store", slow)
    strange = Strange(info=lambda _: success(NOWHERE[:MOST_LINKS]))
    with pytest.raises(DownloadError, match="wait was over"):
        open_session(strange, wait_s=0.3).submit(plan()).result()
    assert len(tries) <= 3


class Generous:
    """A provider's wire that reads more links than are taken."""

    def __init__(self, wire: Any) -> None:
        self._wire = wire

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)

    def read_info(self, answer: Any, task_id: str) -> TaskInfo:
        """Return a finished task with all links."""
        return TaskInfo(task_id, State.SUCCESS, 4.0, media_urls=tuple(NOWHERE))


def test_links_of_any_provider_are_counted(open_session: OpenSession) -> None:
    """Whoever reads the answer, the first links are tried."""

    class Foreign(Strange):
        @property
        def provider(self) -> Provider:
            known = super().provider
            return Provider("crun", known.base_url, Generous(known.wire), app=known.app, pace=0.0)

    with pytest.raises(DownloadError, match="only the first"):
        open_session(Foreign()).submit(plan()).result()
