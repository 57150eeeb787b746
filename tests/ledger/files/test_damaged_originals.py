"""Originals that were cut, emptied, deleted or replaced: noticed before they count as images."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import DownloadError
from nanobanana_nb.images.thumbnail import thumbnail
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.files import originals as module
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.inputs.reference import reference
from tests.ledger.conftest import columns_of, intent, number_of, picture, request_for, set_columns


def stored(ledger: Ledger, data: bytes) -> Generation:
    """A finished image of the ledger."""
    row = intent(ledger, request_for(), 1.0)
    measured, path = ledger.images.store(data)
    done = replace(
        row,
        state=State.SUCCESS,
        task_id="t1",
        path=path,
        file_size=len(data),
        finished_at=path.stat().st_mtime + 1,
        **vars(measured),
    )
    ledger.record(done)
    return done


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def deleted(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    """Put another picture of the same size in its place, as new as a restored file is."""
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    os.utime(path, (path.stat().st_mtime + 60,) * 2)


def replaced_unseen(path: Path) -> None:
    """Put a longer file in its place that is as old as the original was."""
    was = path.stat()
    path.write_bytes(path.read_bytes() + b"x")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    """Let it be a terabyte of nothing."""
    os.truncate(path, 1 << 40)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "harm", [cut, emptied, deleted, replaced, replaced_unseen, a_pipe, a_device]
)
@pytest.mark.parametrize("known", [True, False])
def test_harm_is_noticed(ledger: Ledger, harm: object, known: bool) -> None:
    """The image counts no longer as one that is here, and asking again fetches it anew."""
    data = picture()
    done = stored(ledger, data)
    if not known:  # a row of a version that did not write sizes down
        set_columns(ledger, number_of(done), file_size=None)
    assert ledger.find(done.request.fingerprint()).ok  # type: ignore[union-attr]
    assert callable(harm)
    assert done.path is not None
    harm(done.path)
    found = ledger.find(done.request.fingerprint())
    assert found is not None
    assert (found.ok, found.path, found.state) == (False, None, State.SUCCESS)
    assert ledger.images.data(str(done.sha256)) is None
    claim = ledger.claims.claim(done.request, CreateTerms(now=2.0))
    assert claim.to is To.FETCH, "it is paid, and not paid again"
    ledger.images.store(data)
    assert ledger.get("t1").ok  # type: ignore[union-attr]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("harm", [a_pipe, a_device, huge])
def test_what_never_ends_is_not_read(ledger: Ledger, harm: Callable[[Path], None]) -> None:
    """A pipe, a device or a huge file in the place of an original is a lost original."""
    data = picture()
    done = stored(ledger, data)
    assert done.path is not None
    harm(done.path)
    for _ in range(2):
        assert ledger.images.data(str(done.sha256)) is None
        with pytest.raises(DownloadError, match="Run its cell again"):
            done.image  # noqa: B018
        with pytest.raises(OSError, match="it is"):
            thumbnail(done.path, 64)
    ledger.images.store(data)
    assert done.bytes == data


@pytest.mark.parametrize(
    ("reader", "kind"),
    [
        *((reader, kind) for reader in ("bytes", "image", "edit") for kind in ("JPEG", "BMP")),
        *((reader, "PNG") for reader in ("bytes", "image", "edit", "thumbnail")),
    ],
)
def test_original_that_fails_to_be_read_is_lost(ledger: Ledger, kind: str, reader: str) -> None:
    """A byte that changed unseen is noticed when the original is read; then it is fetched anew."""
    data = picture(kind)
    done = stored(ledger, data)
    assert done.path is not None
    was = done.path.stat()
    done.path.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
    os.utime(done.path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert ledger.get("t1").ok, "it is not read for a list"  # type: ignore[union-attr]
    with pytest.raises((DownloadError, OSError)):
        READERS[reader](done)
    assert not ledger.get("t1").ok  # type: ignore[union-attr]
    assert ledger.claims.claim(done.request, CreateTerms(now=2.0)).to is To.FETCH
    ledger.images.store(data)
    assert ledger.get("t1").ok  # type: ignore[union-attr]


READERS: dict[str, Callable[[Generation], object]] = {
    "bytes": lambda done: done.bytes,
    "image": lambda done: done.image,
    "edit": reference,
    "thumbnail": lambda done: thumbnail(str(done.path), 64),
}


def test_untouched_originals_are_not_read(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long history costs one look at each file, and none of them is opened."""
    data = picture()
    done = stored(ledger, data)
    assert columns_of(ledger, number_of(done), "file_size") == len(data)
    monkeypatch.setattr(module, "_digest_of", lambda *_: pytest.fail("it was read"))
    assert [one.ok for one in ledger.recent(10)] == [True]


@pytest.mark.parametrize("harm", [cut, emptied, deleted])
def test_image_that_was_harmed_later_says_so(ledger: Ledger, harm: object) -> None:
    """A result in hand whose file is lost raises an error of ours with the way on."""
    done = stored(ledger, picture())
    assert done.path is not None
    assert callable(harm)
    harm(done.path)
    with pytest.raises(DownloadError, match="Run its cell again"):
        done.image  # noqa: B018
    if harm is deleted:
        with pytest.raises(DownloadError, match="Run its cell again"):
            done.bytes  # noqa: B018


def test_row_says_what_came_instead(ledger: Ledger) -> None:
    """The ledger tells where bytes are kept that cannot be shown, whatever happens later."""
    row = intent(ledger, request_for(), 1.0)
    with pytest.raises(DownloadError) as raised:
        ledger.images.store(bytes(100))
    kept = ledger.images.arrival(str(raised.value.kept))
    ledger.record(
        replace(row, state=State.DETACHED, task_id="t1", sha256=raised.value.kept, error=None)
    )
    found = ledger.get("t1")
    assert found is not None
    assert not found.ok
    assert any(str(kept) in note for note in found.notes)
