"""Fetching a picture that is paid: whatever comes instead, the task stays known and fetchable."""

from __future__ import annotations

import gzip
import struct
import zlib

import pytest

from nanobanana_nb.api import client, http
from nanobanana_nb.errors import Charged, DownloadError
from nanobanana_nb.model.result import State
from tests.api.raw_server import Reply, answer
from tests.faults.bench import Bench
from tests.faults.proxy import Fault
from tests.fixtures import png

GROUP = "a picture cannot be fetched"
MEDIA = "/media/"
WHOLE = png(size=(64, 64))


def zeros(count: int) -> bytes:
    """So many bytes of nothing, deflated: one megabyte of them again and again, which is quick."""
    megabyte, rest = (zlib.compressobj(1, wbits=-15) for _ in range(2))
    block = megabyte.compress(bytes(2**20)) + megabyte.flush(zlib.Z_FULL_FLUSH)
    end = rest.compress(bytes(count % 2**20)) + rest.flush()
    checksum = count % 65_521 << 16 | 1  # Adler-32 of nothing but zeros
    return b"\x78\x01" + block * (count // 2**20) + end + checksum.to_bytes(4, "big")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred kilobytes that unpacks into so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zeros((width + 1) * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def chunked(body: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """The answer with this body in one chunk."""
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + f"{len(body):x}\r\n".encode() + body + b"\r\n" + end


BROKEN: dict[str, Reply] = {
    "cut by length": Reply((answer(WHOLE[:-40], content_length=str(len(WHOLE))),)),
    "cut by chunk": Reply((chunked(WHOLE[:-40], b""),)),
    "cut by close": Reply((b"HTTP/1.1 200 OK\r\n\r\n" + WHOLE[:-40],)),
    "reset in the middle": Reply((answer(WHOLE[:40], content_length="9999"),), end="reset"),
    "reset at once": Reply(end="reset"),
    "silence": Reply(end="silence"),
    "drip": Reply((answer(b"", content_length="90000"), b"x"), pause_s=0.02, endless=True),
    "endless": Reply((b"HTTP/1.1 200 OK\r\n\r\n", bytes(65_536)), endless=True),
    "too long": Reply((answer(b"", content_length="99999999999"),)),
    "a header of 3 MB": Reply((b"HTTP/1.1 200 OK\r\nx: " + b"y" * 3_000_000,)),
    "cut gzip": Reply((answer(gzip.compress(WHOLE)[:-40], content_encoding="gzip"),)),
    "gzip bomb": Reply((answer(gzip.compress(bytes(20_000_000)), content_encoding="gzip"),)),
    "88 megapixels": Reply((answer(bomb(11_000, 8_000)),)),
    "182 megapixels": Reply((answer(bomb(14_000, 13_000)),)),
    "HTML": Reply((answer(b"<html>Sign in", content_type="image/png"),)),
    "SVG": Reply((answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),)),
    "GIF": Reply((answer(b"GIF89a" + bytes(40)),)),
    "empty": Reply((answer(),)),
    "204": Reply((answer(b"", "204 No content"),)),
    "403": Reply((answer(b"<Error>expired", "403 Forbidden"),)),
    "404": Reply((answer(b"", "404 Not found"),)),
    "410": Reply((answer(b"", "410 Gone"),)),
    "503": Reply((answer(b"", "503 Busy"),)),
    "redirect to http": Reply((answer(b"", "302 Found", location="http://example.com/a"),)),
    "redirect inside": Reply((answer(b"", "302 Found", location="http://10.0.0.1/a"),)),
    "redirect to metadata": Reply((answer(b"", "302", location="http://169.254.169.254/"),)),
    "redirect to a file": Reply((answer(b"", "302 Found", location="file:///etc/passwd"),)),
    "redirect to nowhere": Reply((answer(b"", "302 Found", location="https://[bad/"),)),
    "redirect to itself": Reply((answer(b"", "302 Found", location=""),)),
}


@pytest.fixture(autouse=True)
def low_ceilings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let half a second and two megabytes be too much."""
    monkeypatch.setattr(http, "MEDIA_DEADLINE_S", 0.5)
    monkeypatch.setattr(client, "MEDIA_LIMIT", 2_000_000)


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_broken_picture_is_fetched_again(bench: Bench, reply: Reply) -> None:
    """One bad answer costs a second look, whose fresh link gives the picture; one create."""
    bench.proxy.fault(Fault(MEDIA, reply))
    assert bench.run().ok
    assert len(bench.proxy.creates()) == 1


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_picture_that_never_comes_stays_fetchable(bench: Bench, reply: Reply) -> None:
    """The error says that it is paid, names the task and how to fetch it; later it comes."""
    bench.proxy.fault(Fault(MEDIA, reply, times=None))
    one = bench.run()
    assert one.state is State.DETACHED
    assert isinstance(one.error, DownloadError)
    assert one.error.charged is Charged.YES
    assert str(one.error.task_id) in str(one.error)
    assert "%nanobanana resume" in str(one.error)
    assert not list(bench.session.ledger.images.folder.rglob("*.png"))
    bench.proxy.forget_faults()
    assert bench.resumed().one.ok
    assert len(bench.proxy.creates()) == 1


def test_another_name_on_the_wire_is_no_name_on_disk(bench: Bench) -> None:
    """A link that ends in a path of the server's choice changes no file name here."""
    bench.run()
    (path,) = bench.session.ledger.images.folder.rglob("*.png")
    assert path.stem == bench.rows()[0].sha256
