"""What does not carry the pixels spoils no picture, neither a result nor a reference."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from nanobanana_nb.images.decoding import decoded
from nanobanana_nb.images.thumbnail import thumbnail
from nanobanana_nb.ledger.files.originals import measure
from nanobanana_nb.run.inputs.reference import reference
from tests.fixtures import OpenSession
from tests.run.conftest import plan
from tests.run.strange_service import Strange

SIZE = (8, 6)
COLOUR = (200, 30, 40)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def chunk(name: bytes, content: bytes, crc: int | None = None) -> bytes:
    """A chunk of a PNG, its checksum right unless it is given."""
    crc = zlib.crc32(name + content) if crc is None else crc
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def picture(form: str, **options: Any) -> bytes:
    """A small picture of one colour."""
    out = BytesIO()
    Image.new("RGB", SIZE, COLOUR).save(out, form, **options)
    return out.getvalue()


PNG, JPEG = picture("PNG"), picture("JPEG", quality=95)


def png(*chunks: bytes, after: bool = False) -> bytes:
    """A PNG with these chunks before its pixels, or behind them."""
    at = len(PNG) - 12 if after else 33
    return PNG[:at] + b"".join(chunks) + PNG[at:]


def jpeg(*segments: bytes) -> bytes:
    """A JPEG with these segments in front."""
    return JPEG[:2] + b"".join(segments) + JPEG[2:]


TRNS = chunk(b"tRNS", struct.pack(">3H", *COLOUR))
ODD = {
    "large profile": png(chunk(b"iCCP", b"k\0\0" + zlib.compress(PROFILE + bytes(1_200_000)))),
    "profile of a method": png(chunk(b"iCCP", b"k\0\7x")),
    "empty profile": png(chunk(b"iCCP", b"")),
    "texts": png(chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(2_000_000)))),
    "tEXt, wrong checksum": png(chunk(b"tEXt", b"k\0v", 1)),
    "eXIf, wrong checksum": png(chunk(b"eXIf", b"II*\0", 1)),
    "sRGB, wrong checksum": png(chunk(b"sRGB", b"\0", 1)),
    "behind the pixels": png(chunk(b"zTXt", b"k\0\7x"), chunk(b"pHYs", b"1"), after=True),
    "zTXt of a method": png(chunk(b"zTXt", b"k\0\7x")),
    **{f"short {name.decode()}": png(chunk(name, b"1")) for name in (
        b"pHYs", b"cHRM", b"gAMA", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"bKGD", b"sBIT", b"cICP"
    )},
    "empty sRGB": png(chunk(b"sRGB", b"")),
    "odd fcTL": png(chunk(b"fcTL", b"1" * 26)),
    "several": png(chunk(b"iCCP", b"k\0\7"), chunk(b"gAMA", b"1"), chunk(b"zTXt", b"k\0\7x")),
    "short ICC of a JPEG": jpeg(segment(0xE2, b"ICC_PROFILE\0")),
    "short Adobe": jpeg(segment(0xEE, b"Adobe")),
    "short JFIF": jpeg(segment(0xE0, b"JFIF")),
    "short JFIF with its zero": jpeg(segment(0xE0, b"JFIF\0\1")),
    "short of all": jpeg(
        *(segment(0xE0, b"JFIF\0"), segment(0xE1, b"Exif\0\0"), segment(0xE2, b"ICC_PROFILE\0")),
        *(segment(0xED, b"Photoshop 3.0\0"), segment(0xEE, b"Adobe")),
    ),
}  # fmt: skip


def assert_shown(data: bytes) -> None:
    """A result of these bytes is decoded to the picture."""
    measured = measure(data)
    assert (measured.width, measured.height) == SIZE
    assert_colour(decoded(data, lambda image: image.convert("RGB")))


def assert_sent(data: bytes) -> None:
    """A reference of these bytes is sent as the picture, in a file that anybody opens."""
    sent = reference(data)
    assert sent.data is not None
    with Image.open(BytesIO(sent.data)) as image:
        assert image.size == SIZE
        assert_colour(image.convert("RGB"))


def assert_colour(image: Image.Image) -> None:
    """The picture has the colour that was drawn."""
    pixel = image.getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert max(abs(a - b) for a, b in zip(pixel, COLOUR, strict=True)) < 8


@pytest.mark.parametrize("name", ODD)
def test_odd_part_spoils_no_picture(name: str, tmp_path: Path) -> None:
    """It is shown, also small, and it can be a reference."""
    assert_shown(ODD[name])
    path = tmp_path / "original"
    path.write_bytes(ODD[name])
    with Image.open(BytesIO(thumbnail(path, 8))) as small:
        assert small.size == SIZE
    assert_sent(ODD[name])


NAMES = (
    *(b"tEXt", b"zTXt", b"iTXt", b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"eXIf", b"acTL"),
    *(b"fcTL", b"fdAT", b"bKGD", b"hIST", b"sBIT", b"sPLT", b"tIME", b"tRNS", b"cICP", b"abCd"),
)
contents = st.binary(max_size=40) | st.builds(
    lambda name, end: name + b"\0" + end, st.sampled_from([b"k", b"exif"]), st.binary(max_size=9)
)
chunks = st.builds(chunk, st.sampled_from(NAMES), contents, st.none() | st.integers(0, 2**32 - 1))
STARTS = (
    b"",
    b"JFIF",
    b"JFIF\0",
    b"Exif\0\0",
    b"ICC_PROFILE\0",
    b"Photoshop 3.0\x008BIM",
    b"MPF\0",
)
segments = st.builds(
    lambda marker, start, end: segment(marker, start + end),
    st.sampled_from([*range(0xE0, 0xEE), 0xEF, 0xFE]),
    st.sampled_from(STARTS),
    st.binary(max_size=20),
)


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(chunks, min_size=1, max_size=3), st.booleans())
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_any_chunk_spoils_no_result(odd: list[bytes], after: bool) -> None:
    """Whatever stands beside the pixels of a PNG, in front of them or behind."""
    assert_shown(png(*odd, after=after))


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(segments, min_size=1, max_size=3))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_any_segment_spoils_no_result(odd: list[bytes]) -> None:
    """Whatever stands in front of the pixels of a JPEG."""
    assert_shown(jpeg(*odd))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(chunks, max_size=2), st.lists(segments, max_size=2))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_any_part_spoils_no_reference(in_png: list[bytes], in_jpeg: list[bytes]) -> None:
    """The same of what is sent; its colours are those that the file names."""
    for data in (png(*in_png), jpeg(*in_jpeg)):
        sent = reference(data)
        assert sent.data is not None
        with Image.open(BytesIO(sent.data)) as image:
            image.load()
            assert image.size == SIZE


@pytest.mark.parametrize(
    "odd", [chunk(b"pHYs", b"1"), chunk(b"iCCP", b"k\0\7"), chunk(b"zTXt", b"k\0\7x")]
)
def test_whole_parts_count_beside_an_odd_one(odd: bytes) -> None:
    """The clear colour of a file stays clear, and its turn and its profile stay where they can."""
    clear = decoded(png(TRNS, odd), lambda image: image.convert("RGBA").getpixel((0, 0)))
    assert clear[3] == 0
    sent = reference(png(TRNS, odd))
    assert sent.data is not None
    assert Image.open(BytesIO(sent.data)).convert("RGBA").getpixel((0, 0))[3] == 0


def test_turn_and_profile_stay_beside_an_odd_text() -> None:
    """Only what is broken is left out first."""
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = chunk(b"iCCP", b"k\0\0" + zlib.compress(PROFILE))
    data = png(profile, chunk(b"eXIf", exif.tobytes()[6:]), chunk(b"zTXt", b"k\0\7x"))
    info, turn = decoded(data, lambda image: (dict(image.info), image.getexif().get(0x0112)))
    assert (info["icc_profile"], turn) == (PROFILE, 6)


def test_profile_that_cannot_be_read_is_told() -> None:
    """The bill says that a reference goes without its profile, or its clear colour."""
    assert "without a colour profile" in reference(ODD["large profile"]).changes
    assert "without chunks that cannot be read" in reference(ODD["short tRNS"]).changes


def test_original_stays_as_it_came(open_session: OpenSession) -> None:
    """The bytes of a result with odd chunks are those in the ledger, and it is shown."""
    data = ODD["several"]
    one = open_session(Strange(picture=lambda _: data)).submit(plan()).result().one
    assert (one.ok, one.bytes, one.image.size) == (True, data, SIZE)


@pytest.mark.parametrize("cut", [13, 20, 30])
def test_cut_picture_is_none(cut: int) -> None:
    """Leaving out what is odd does not make a picture of half a one."""
    for data in (png(chunk(b"zTXt", b"k\0\7x"))[:-cut], jpeg(segment(0xE0, b"JFIF"))[:-cut]):
        with pytest.raises(Exception, match="complete image"):
            measure(data)
