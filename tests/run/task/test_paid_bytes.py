"""What a paid task brings is never thrown away nor paid twice, whatever it is."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import features

from nanobanana_nb.errors import Charged, DownloadError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.grid import ImageGrid
from tests.fixtures import OpenSession
from tests.ledger.conftest import picture
from tests.run.conftest import plan, rows
from tests.run.strange_service import PRICE, Strange, drawn
from tests.show.forms import grid_html

UNSHOWN = {
    "HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(range(200)),
    "cut at the service": picture(size=(200, 150))[:5000],
    "unknown": zlib.compress(bytes(5000)) + bytes(range(256)),
}
SHOWN = {
    "GIF": (picture("GIF"), "image/gif"),
    "BMP": (picture("BMP"), "image/bmp"),
    "TIFF": (picture("TIFF"), "image/tiff"),
    "JPEG and a film": (picture("JPEG") + b"\x00ftypmp42" * 5000, "image/jpeg"),
}
if features.check("avif"):
    SHOWN["AVIF"] = (picture("AVIF"), "image/avif")
EXPORTS = ("grid.html", "grid.zip", "grid.csv", "grid.json", "grid.png", "grid.jpg")


def exported(grid: ImageGrid, folder: Path) -> None:
    """Everything that is made of a grid can be made."""
    folder.mkdir(exist_ok=True)
    for name in EXPORTS:
        assert grid.export(folder / name).stat().st_size
    assert len(grid.to_frame()) == len(grid)
    for text in (grid_html(grid), str(grid), repr(list(grid)), json.dumps(grid.to_records())):
        assert text


@pytest.mark.long
@pytest.mark.parametrize("name", UNSHOWN)
def test_bytes_that_cannot_be_shown_are_kept(
    open_session: OpenSession, tmp_path: Path, name: str
) -> None:
    """One of three cannot be shown: its bytes are kept, told, and it is not paid again."""
    data = UNSHOWN[name]
    strange = Strange(picture=lambda n: data if n == 1 else drawn(n))
    session = open_session(strange)
    for _ in range(2):
        grid = session.submit(plan(repeats=3)).result()
        (odd,) = (one for one in grid if not one.ok)
        assert isinstance(odd.error, DownloadError)
        assert (odd.state, odd.error.charged) == (State.DETACHED, Charged.YES)
        kept = Path(odd.error.why.rpartition(" kept as ")[2])
        assert kept.read_bytes() == data
        assert kept.parent == session.settings.home / "arrived"
        assert "4 credits were taken." in str(odd.error)
        with pytest.raises(DownloadError):
            odd.image  # noqa: B018
        assert odd.path is None
        exported(grid, tmp_path / "exported")
    strange.picture = drawn
    assert session.resume().result().one.ok
    assert len(strange.creates) == 3


def test_kept_bytes_stay_told_when_the_service_forgets(open_session: OpenSession) -> None:
    """The row goes on to say where they are after the task is not there any more."""
    strange = Strange(picture=lambda _: UNSHOWN["HEIC"])
    session = open_session(strange)
    with pytest.raises(DownloadError, match="kept as"):
        session.submit(plan()).result()
    strange.name = lambda n: f"other-{n}"
    strange.creates.clear()
    job = session.submit(plan())
    with pytest.raises(Exception, match="404"):
        job.result()
    assert any(str(session.settings.home / "arrived") in note for note in rows(session)[0].notes)
    assert strange.creates == []


@pytest.mark.parametrize("name", SHOWN)
def test_other_formats_are_shown(open_session: OpenSession, tmp_path: Path, name: str) -> None:
    """A format that was not asked for is an image; its original stays as it came."""
    data, media_type = SHOWN[name]
    session = open_session(Strange(picture=lambda _: data))
    grid = session.submit(plan()).result()
    assert (grid.one.bytes, grid.one.media_type) == (data, media_type)
    assert grid.one.image.size == (64, 48)
    assert "data:image/jpeg" in grid_html(grid)
    exported(grid, tmp_path / "exported")
    assert session.submit(plan()).result().one.cached


def harmed(one: Generation, how: str) -> None:
    """Do this to the original of an image."""
    assert one.path is not None
    if how == "deleted":
        one.path.unlink()
    else:
        one.path.write_bytes(one.bytes[: len(one.bytes) // 2] if how == "cut" else b"")


HARMS = ("cut", "emptied", "deleted")


def three(open_session: OpenSession, how: str) -> tuple[Session, Strange, ImageGrid]:
    """Three images of which the original of the second was harmed afterwards."""
    strange = Strange()
    session = open_session(strange)
    grid = session.submit(plan(repeats=3)).result()
    harmed(grid[1], how)
    return session, strange, grid


@pytest.mark.long
@pytest.mark.parametrize("how", HARMS)
def test_harmed_original_is_fetched_again(open_session: OpenSession, how: str) -> None:
    """The cell again brings it back at no cost, and says so; no second original is paid."""
    session, strange, first = three(open_session, how)
    again = session.submit(plan(repeats=3)).result()
    assert [one.ok for one in again] == [True] * 3
    assert again[1].bytes == drawn_of(strange, again[1])
    assert (again.credits, [one.cached for one in again]) == (0, [True] * 3)
    assert [bool(one.notes) for one in again] == [False, True, False]
    assert len(strange.creates) == 3
    assert {row.credits for row in rows(session)} == {PRICE}, "the ledger knows what it cost"
    assert first[1].image.size == again[1].image.size


def drawn_of(strange: Strange, one: Generation) -> bytes:
    """What the service made for a task."""
    return strange.picture(int(str(one.task_id).removeprefix("task-")))


@pytest.mark.long
@pytest.mark.parametrize("how", HARMS)
def test_harmed_original_that_the_service_has_no_more(
    open_session: OpenSession, tmp_path: Path, how: str
) -> None:
    """It is told, the others are shown, and only a person's word pays for a new one."""
    session, strange, first = three(open_session, how)
    exported(first, tmp_path / "before")
    lost = str(first[1].task_id)
    strange.name = lambda n: "gone" if f"task-{n}" == lost else f"task-{n}"
    grid = session.submit(plan(repeats=3)).result()
    assert [one.ok for one in grid] == [True, False, True]
    error = grid[1].error
    assert isinstance(error, DownloadError)
    assert "lost here" in str(error)
    assert "--fresh" in error.action
    assert error.charged is Charged.YES
    assert len(strange.creates) == 3
    exported(grid, tmp_path / "after")
    fresh = session.submit(plan(repeats=3), RunLimits(fresh=True)).result()
    assert all(one.ok for one in fresh)
    assert len(strange.creates) == 6


def test_lost_original_stays_a_paid_image(open_session: OpenSession) -> None:
    """Its row stays a success, so that nothing takes it for a task that may be paid again."""
    session, strange, first = three(open_session, "cut")
    strange.info = lambda _: {"status": "failed"}
    session.submit(plan(repeats=3)).result()
    assert {row.state for row in rows(session)} == {State.SUCCESS}
    assert len(strange.creates) == len(first)


def noted(one: Generation) -> Any:
    """What a person reads below an image."""
    return one.notes
