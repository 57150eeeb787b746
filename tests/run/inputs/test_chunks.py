"""Depths, clear colours and colour chunks of a PNG: each way to give it sends the same pixels."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from nanobanana_nb.images.containers import container_of
from nanobanana_nb.run.inputs.reference import reference

GREY, RGB, INDEXED, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, INDEXED: 1, GREY_ALPHA: 2, RGBA: 4}
KINDS = [
    *((GREY, bits) for bits in (1, 2, 4, 8, 16)),
    *((INDEXED, bits) for bits in (1, 2, 4, 8)),
    *((kind, bits) for kind in (RGB, GREY_ALPHA, RGBA) for bits in (8, 16)),
]
CHUNKS = {
    "gAMA 1": {b"gAMA": (100_000).to_bytes(4)},
    "gAMA of sRGB": {b"gAMA": (45_455).to_bytes(4)},
    "gAMA 0": {b"gAMA": bytes(4)},
    "gAMA beside sRGB": {b"sRGB": b"\0", b"gAMA": (100_000).to_bytes(4)},
    "cHRM": {b"cHRM": struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)},
    "cHRM of one point": {b"cHRM": struct.pack(">8I", *[30_000] * 8)},
    "cHRM of nothing": {b"cHRM": bytes(32)},
    "cICP": {b"cICP": b"\x09\x10\0\1"},
    "all": {
        b"cICP": b"\x01\x0d\0\1",
        b"gAMA": (60_000).to_bytes(4),
        b"cHRM": struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000),
    },
    "none": {},
}
WIDTH, HEIGHT = 5, 3


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.sampled_from(sorted(CHUNKS)),
    st.booleans(),
    st.sampled_from([1, 6]),
    st.integers(0, 2**32 - 1),
)
def test_ways_agree(
    tmp_path_factory: Any, kind: tuple[int, int], chunks: str, keyed: bool, turn: int, seed: int
) -> None:
    """Path, bytes and Pillow image of one file arrive as the same pixels, and name no colours."""
    data = drawn(*kind, seed, CHUNKS[chunks], keyed=keyed, turn=turn)
    path = tmp_path_factory.getbasetemp() / "picture.png"
    path.write_bytes(data)
    first, *others = (sent(value) for value in ways(path, data))
    for other in others:
        assert (first == other).all()
    names = {part.name for part in container_of(reference(data).data or b"").parts}  # type: ignore[union-attr]
    assert b"sRGB" in names or not names & {b"gAMA", b"cHRM", b"cICP"}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_clear_colour_is_clear(kind: tuple[int, int]) -> None:
    """Of whatever depth, the pixels of the file's clear colour are the clear ones."""
    colour, bits = kind
    if colour in (GREY_ALPHA, RGBA):
        return
    samples = samples_of(colour, bits, 3)
    data = drawn(colour, bits, 3, {}, keyed=True)
    clear = (samples == samples[0, 0]).all(axis=2)
    for value in (data, Image.open(BytesIO(data)), Image.open(BytesIO(data)).copy()):
        assert ((sent(value)[:, :, 3] == 0) == clear).all()


@pytest.mark.parametrize(
    ("chunks", "level"), [("gAMA 1", 188), ("gAMA of sRGB", 128), ("gAMA beside sRGB", 128)]
)
@pytest.mark.parametrize("colour", [GREY, RGB])
def test_gamma_is_followed(chunks: str, level: int, colour: int) -> None:
    """Half of the light is the level 188 of sRGB; where sRGB is named, that counts."""
    samples = numpy.full((HEIGHT, WIDTH, CHANNELS[colour]), 128)
    data = png(colour, 8, samples, CHUNKS[chunks])
    for value in (data, Image.open(BytesIO(data))):
        assert abs(sent(value)[:, :, :3].astype(int) - level).max() <= 1


def test_primaries_are_followed() -> None:
    """The green of a wider gamut is more than sRGB has, its white is white."""
    samples = numpy.full((HEIGHT, WIDTH, 3), 255)
    samples[0, 0] = 128, 200, 128
    found = sent(png(RGB, 8, samples, CHUNKS["cHRM"]))
    assert (found[1, 1, :3] >= 254).all()
    assert found[0, 0, 0] < 110


@pytest.mark.parametrize(
    ("chunks", "changes"),
    [
        ("gAMA 1", "made sRGB"),
        ("cHRM", "made sRGB"),
        ("cICP", "its colours taken as sRGB"),
        ("gAMA of sRGB", "its colours taken as sRGB"),
        ("gAMA beside sRGB", ""),
        ("none", ""),
    ],
)
def test_bill_says_what_became_of_the_colours(chunks: str, changes: str) -> None:
    """What is left out or followed is told; a file that names sRGB goes as it is."""
    assert reference(drawn(RGB, 8, 1, CHUNKS[chunks])).changes == changes


@pytest.mark.parametrize("turn", range(2, 9))
@pytest.mark.parametrize("form", ["TIFF", "PNG", "JPEG", "WEBP", "MPO"])
def test_bill_says_that_it_was_turned(form: str, turn: int) -> None:
    """Whatever holds the picture, and whether we or the decoder turn it."""
    exif = Image.Exif()
    exif[0x0112] = turn
    buffer = BytesIO()
    Image.new("RGB", (9, 7)).save(buffer, form, exif=exif)
    for value in (buffer.getvalue(), Image.open(buffer)):
        assert "turned upright" in reference(value).changes


def ways(path: Path, data: bytes) -> list[Any]:
    """The same file as people have it in hand."""
    loaded = Image.open(BytesIO(data))
    loaded.load()
    return [path, data, Image.open(BytesIO(data)), loaded, loaded.copy()]


def sent(value: Any) -> Any:
    """The pixels of what is sent, as RGBA."""
    return numpy.asarray(Image.open(BytesIO(reference(value).data or b"")).convert("RGBA"))


def samples_of(colour: int, bits: int, seed: int) -> Any:
    """Numbers of a picture in all its levels, or in the first 16 where these are many."""
    rng = numpy.random.default_rng(seed)
    return rng.integers(0, 2**bits, (HEIGHT, WIDTH, CHANNELS[colour]))


def drawn(
    colour: int,
    bits: int,
    seed: int,
    chunks: dict[bytes, bytes],
    *,
    keyed: bool = False,
    turn: int = 1,
) -> bytes:
    """A PNG of noise, whose first pixel's colour is clear where it has such."""
    samples = samples_of(colour, bits, seed)
    if keyed and colour == INDEXED:
        opacity = bytearray(b"\xff" * 2**bits)
        opacity[samples[0, 0, 0]] = 0
        chunks = {**chunks, b"tRNS": bytes(opacity)}
    elif keyed and colour in (GREY, RGB):
        chunks = {**chunks, b"tRNS": b"".join(int(n).to_bytes(2) for n in samples[0, 0])}
    if turn > 1:
        exif = Image.Exif()
        exif[0x0112] = turn
        chunks = {**chunks, b"eXIf": exif.tobytes()[6:]}
    return png(colour, bits, samples, chunks)


def png(colour: int, bits: int, samples: Any, chunks: dict[bytes, bytes]) -> bytes:
    """The PNG of these numbers."""
    early = {name: content for name, content in chunks.items() if name not in (b"tRNS", b"eXIf")}
    late = {name: content for name, content in chunks.items() if name not in early}
    palette = bytes(n * 7 % 256 for n in range(3 * 2**bits)) if colour == INDEXED else b""
    whole = {
        b"IHDR": struct.pack(">2I5B", WIDTH, HEIGHT, bits, colour, 0, 0, 0),
        **early,
        **({b"PLTE": palette} if palette else {}),
        **late,
        b"IDAT": zlib.compress(b"".join(b"\0" + _packed(row, bits) for row in samples)),
        b"IEND": b"",
    }
    out = BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    for name, content in whole.items():
        PngImagePlugin.putchunk(out, name, content)
    return out.getvalue()


def _packed(row: Any, bits: int) -> bytes:
    digits = "".join(format(int(n), f"0{bits}b") for n in row.flatten())
    return b"".join(
        int(digits[at : at + 8].ljust(8, "0"), 2).to_bytes(1) for at in range(0, len(digits), 8)
    )
