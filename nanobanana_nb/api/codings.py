"""What a `Content-Encoding` header says, and bodies that came packed although not asked for so."""

from __future__ import annotations

import zlib

_ANY_HEADER, _NO_HEADER = 47, -15  # zlib's words for gzip or zlib, and for bare deflate
_WINDOWS = {
    "gzip": (_ANY_HEADER,),
    "x-gzip": (_ANY_HEADER,),
    "deflate": (_ANY_HEADER, _NO_HEADER),
}


def unpacked(body: bytes, header: str, limit: int) -> bytes:
    """Return the body without gzip and deflate; a word that is neither changes no byte.

    What is not packed as the header says, or unpacks into more than `limit` bytes, is returned as
    it came.

    Raises:
        ValueError: it was cut; the text says it.
    """
    plain = body
    for word in reversed(header.split(",")):  # the last was applied last
        coding = word.strip().lower()
        if coding in _WINDOWS:
            inner = _inflated(plain, _WINDOWS[coding], limit)
            if inner is None:
                return body
            plain = inner
    return plain


def _inflated(body: bytes, windows: tuple[int, ...], limit: int) -> bytes | None:
    for window in windows:
        try:
            return _members(body, window, limit)
        except zlib.error:
            continue
    return None


def _members(body: bytes, window: int, limit: int) -> bytes | None:
    """Return what all parts of a packed body hold, None where it is more than `limit` bytes."""
    plain = bytearray()
    while body:
        part = zlib.decompressobj(window)
        plain += part.decompress(body, limit + 1 - len(plain))
        if len(plain) > limit:
            return None
        if not part.eof:
            raise ValueError("it was cut: its packed bytes have no end")
        rest = part.unused_data
        body = rest if rest.startswith(b"\x1f\x8b") else b""
    return bytes(plain)
