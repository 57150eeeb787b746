"""Files as references: what is sent of them, what is cut out of them, and what they are called."""

from __future__ import annotations

import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.images import opening
from nanobanana_nb.run.inputs.reference import reference
from tests.run.conftest import plan

PHOTO = Image.effect_noise((64, 48), 60).convert("RGB")
FIT = ("JPEG", "PNG", "WEBP")
VIDEO = b"\0\0\0\x18ftypmp42" + bytes(2_000_000)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="51"/></x:xmpmeta>'
CONVERTED = (
    *("GIF", "TIFF", "BMP", "DIB", "ICO", "AVIF", "JPEG2000", "PPM", "TGA", "QOI", "PCX", "SGI"),
    "DDS",
)
PLACE, SERIALS = {1: "N", 2: (51.0, 30.0, 0.0)}, {0xA431: "1234567890"}


@pytest.mark.parametrize("form", FIT)
@pytest.mark.parametrize("tail", [VIDEO, b"\0", b"\xff\xd9", PHOTO.tobytes()])
def test_what_follows_a_picture_stays_here(form: str, tail: bytes) -> None:
    """A motion photo is taken, and what is sent is the picture, with the pixels as they were."""
    found = reference(saved(form) + tail, "motion")
    assert found.data == saved(form)
    assert found.changes == "without what follows it"


@pytest.mark.parametrize("form", ["MPO", "PNG", "WEBP", "GIF", "TIFF", "AVIF"])
def test_first_of_several_pictures_is_sent(form: str) -> None:
    """Of an animation, of pages and of a stereo photo goes the first, and the bill says so."""
    second = PHOTO.transpose(Image.Transpose.ROTATE_180)
    options = {"lossless": True} if form == "WEBP" else {}
    found = reference(saved(form, save_all=True, append_images=[second], **options))
    assert "its first picture alone" in found.changes or "without what follows" in found.changes
    sent = Image.open(BytesIO(found.data or b""))
    assert getattr(sent, "n_frames", 1) == 1
    assert near(sent, PHOTO)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("less", [1, 2])
def test_jpeg_without_its_end_is_taken(less: int, progressive: bool) -> None:
    """Where no pixel is missing, the end is added."""
    data = saved("JPEG", progressive=progressive)
    found = reference(data[:-less])
    assert (found.data, found.changes) == (data, "its end added")


@pytest.mark.long
@pytest.mark.parametrize("form", [*FIT, "GIF", "TIFF", "BMP"])
@given(part=st.floats(0.02, 0.95))
def test_half_a_picture_is_none(form: str, part: float) -> None:
    """A file that is cut off is named, and never sent as it is."""
    data = saved(form)
    with pytest.raises(ReferenceImageError, match="cannot be used: it is"):
        reference(data[: int(len(data) * part)])


@pytest.mark.parametrize("progressive", [False, True])
def test_half_a_jpeg_with_tolerant_pillow_is_none(monkeypatch: Any, progressive: bool) -> None:
    """A program that lets Pillow fill up what is missing does not pay for grey."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    data = saved("JPEG", progressive=progressive)
    with pytest.raises(ReferenceImageError, match="damaged or cut off"):
        reference(data[: len(data) // 2])


@pytest.mark.parametrize("form", CONVERTED)
def test_other_formats_are_converted(form: str) -> None:
    """What Pillow opens goes as PNG, pixel by pixel."""
    data = saved(form)
    found = reference(data, "scan")
    assert (found.media_type, found.changes.endswith("as PNG")) == ("image/png", True)
    opened = Image.open(BytesIO(data)).convert("RGBA")
    assert near(Image.open(BytesIO(found.data or b"")).convert("RGBA"), opened, 0)


@pytest.mark.parametrize("form", FIT)
@pytest.mark.parametrize("where", ["exif", "xmp"])
def test_place_is_cut_out_of_coded_pixels(form: str, where: str) -> None:
    """Where a photo was taken stays here; nothing is encoded, and the bill says so."""
    data = tagged(form, where)
    found = reference(data, "phone.jpg")
    assert found.changes.startswith("without its place")
    assert found.data is not None
    assert (b"GPS" in found.data, b"1234567890" in found.data) == (False, False)
    sent = Image.open(BytesIO(found.data))
    assert (sent.format, dict(sent.getexif()), "xmp" in sent.info) == (form, {}, False)
    assert numpy.array_equal(numpy.asarray(sent), numpy.asarray(Image.open(BytesIO(data))))
    assert f"phone.jpg, {found.changes}" in plan(images=[found]).notes[0]


@pytest.mark.parametrize("form", [*FIT, "TIFF", "Pillow"])
def test_turned_photo_says_nothing_of_its_place(form: str) -> None:
    """A phone's photo goes upright and without its place, whichever way it is given."""
    exif = tags() if form != "TIFF" else Image.Exif()  # Pillow writes no place into one
    exif[0x0112] = 6
    data = saved("JPEG" if form == "Pillow" else form, exif=exif)
    found = reference(Image.open(BytesIO(data)) if form == "Pillow" else data)
    sent = Image.open(BytesIO(found.data or b""))
    assert (sent.size, dict(sent.getexif())) == ((48, 64), {})
    if form != "TIFF":  # Pillow turns these itself
        assert found.changes == "turned upright, without its place and serial numbers"


@pytest.mark.parametrize("way", ["bytes", "Pillow"])
@pytest.mark.parametrize(("form", "kind"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_large_photo_that_lost_something_is_not_made_many_times_larger(
    monkeypatch: Any, form: str, kind: str, way: str
) -> None:
    """Above some megapixels a turned JPEG is a JPEG again; what was coded without loss stays so."""
    monkeypatch.setattr("nanobanana_nb.images.pixels._LOSSY_PIXELS", 1_000)
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(form, exif=exif)
    found = reference(Image.open(BytesIO(data)) if way == "Pillow" else data)
    assert (found.media_type, found.changes) == (kind, "turned upright")
    turned = Image.open(BytesIO(data)).transpose(Image.Transpose.ROTATE_270)
    assert near(Image.open(BytesIO(found.data or b"")), turned, 12)


@pytest.mark.parametrize("form", FIT)
@pytest.mark.parametrize(
    ("tag", "words"),
    [(0x013B, "names"), (0x8298, "names"), (0x9C9D, "names"), (0xC62F, "serial numbers")],
)
def test_whoever_made_it_is_left_out(form: str, tag: int, words: str) -> None:
    """Artists, owners and serial numbers go no further than places do."""
    exif = Image.Exif()
    exif[tag] = "Ada" if tag != 0x9C9D else b"A\0d\0a\0"
    assert reference(saved(form, exif=exif)).changes == f"without its {words}"


@pytest.mark.parametrize("form", FIT)
@pytest.mark.parametrize("tag", [0x010E, 0x0131, 0x9C9C, 0x9286])
def test_words_of_any_kind_stay_here(form: str, tag: int) -> None:
    """No list of words knows what a person wrote: all of it is left out, pixels stay coded."""
    exif = Image.Exif()
    exif[tag] = b"Secret Street 7"
    found = reference(saved(form, exif=exif))
    assert found.changes == "without its metadata"
    assert b"Secret" not in (found.data or b"")
    sent = Image.open(BytesIO(found.data or b""))
    assert numpy.array_equal(numpy.asarray(sent), numpy.asarray(Image.open(BytesIO(saved(form)))))


@pytest.mark.parametrize(
    ("marker", "start"),
    [
        (0xFE, b""),
        (0xE0, b"JFXX\0"),
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        (0xE2, b"MPF\0"),
        (0xEE, b"Ducky"),
        *((marker, b"") for marker in range(0xE1, 0xF0)),
    ],
)
def test_segments_that_no_decoder_needs_stay_here(marker: int, start: bytes) -> None:
    """Comments, origins and whatever else a JPEG carries; also what stands between segments."""
    body = start + b"Secret Street 7"
    segment = bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body
    data = saved("JPEG")
    for place in (2, 20):
        found = reference(data[:place] + segment + b"Secret" + data[place:])
        assert found.changes == "without its metadata"
        assert b"Secret" not in (found.data or b"")
        assert pixels_of(found.data) == pixels_of(data)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
@pytest.mark.parametrize("name", [b"caBX", b"prVt", b"C2PA", b"tIME", b"sPLT", b"bKGD", b"tEXt"])
def test_chunks_that_no_decoder_needs_stay_here(form: str, name: bytes) -> None:
    """Private ones, and known ones that hold more than they can mean."""
    data, body = saved(form), b"Secret Street 77"
    if form == "PNG":
        chunk = BytesIO()
        PngImagePlugin.putchunk(chunk, name, body)
        given = data[:33] + chunk.getvalue() + data[33:]
    else:
        chunks = data[12:] + name + len(body).to_bytes(4, "little") + body
        given = b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks
    found = reference(given)
    assert (found.data, found.changes) == (data, "without its metadata")


@pytest.mark.parametrize("form", FIT)
def test_file_in_too_many_pieces_is_told_at_once(form: str) -> None:
    """Millions of empty parts take no time, and the sentence says what to do."""
    data, count = saved(form), 1_000_000
    if form == "WEBP":
        chunks = data[12:] + b"junk\0\0\0\0" * count
        given = b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks
    else:
        place, part = (2, b"\xff\xfe\0\2") if form == "JPEG" else (33, b"\0\0\0\0tEXt\0\0\0\0")
        given = data[:place] + part * count + data[place:]
    start = time.process_time()
    with pytest.raises(ReferenceImageError, match=r"too many pieces.*Save it as PNG or JPEG"):
        reference(given)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("start", [b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"])
def test_camera_data_in_too_many_pieces_is_told_at_once(start: bytes) -> None:
    """Pillow copies all that it has for every further piece."""
    body, data = start + bytes(600), saved("JPEG")
    segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body
    with pytest.raises(ReferenceImageError, match="too many pieces"):
        reference(data[:2] + segment * 9_000 + data[2:])


@pytest.mark.parametrize("chunk", [b"tEXt", b"zTXt", b"iTXt"])
def test_camera_data_in_a_text_turns_the_picture(chunk: bytes) -> None:
    """Whichever kind of text a program packed it into, a path arrives as Pillow shows it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    body = exif.tobytes()
    text = f"\nexif\n{len(body):8}\n{body.hex()}\n"
    texts = PngImagePlugin.PngInfo()
    if chunk == b"iTXt":
        texts.add_itxt("Raw profile type exif", text)
    else:
        texts.add_text("Raw profile type exif", text, zip=chunk == b"zTXt")
    data = saved("PNG", pnginfo=texts)
    for value in (data, Image.open(BytesIO(data))):
        found = reference(value)
        assert found.changes.startswith("turned upright")
        assert Image.open(BytesIO(found.data or b"")).size == (48, 64)


@pytest.mark.parametrize(
    ("key", "value", "packed", "changes"),
    [
        ("Author", "Ada", False, "without its names"),
        ("Comment", "GPS 51.5 0.1", True, "without its place"),
        ("Raw profile type exif", "\nexif\n  10\n4d4d002a", True, "without its metadata"),
        ("Copyright", "Ada", False, "without its names"),
        ("Software", "Matplotlib", False, "without its metadata"),
        ("parameters", "steps " * 500_000, True, "without its metadata"),
    ],
)
def test_texts_of_a_png_stay_here(key: str, value: str, packed: bool, changes: str) -> None:
    """Packed or not, and a text that is too large for Pillow is no reason to refuse."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text(key, value, zip=packed)
    found = reference(saved("PNG", pnginfo=texts))
    assert found.changes == changes
    assert found.data == saved("PNG")


def test_text_of_an_agency_is_left_out() -> None:
    """What news agencies write into a JPEG names places and people."""
    block = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x08\x1c\x02\x50\0\x03Ada"
    data = saved("JPEG")
    data = data[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2) + block + data[2:]
    found = reference(data)
    assert (found.data, found.changes) == (saved("JPEG"), "without its metadata")


def test_16_bit_colours_become_8() -> None:
    """A PNG of 16 bit a channel is made one of 8, which is all that models see."""
    data = png_of(16, 2, b"\x80\x40\xff\xff\x00\x01" * 3)
    found = reference(data)
    assert found.changes == "made 8 bit"
    sent = Image.open(BytesIO(found.data or b""))
    assert [sent.getpixel((x, 0)) for x in range(3)] == [(0x80, 0xFF, 0)] * 3


@pytest.mark.parametrize("form", ["PNG", "TIFF", "BMP"])
def test_too_many_pixels_are_told_before_they_are_decoded(monkeypatch: Any, form: str) -> None:
    """The ceiling is said in pixels, with what to do."""
    monkeypatch.setattr(opening, "MOST_PIXELS", 3_000)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("it is decoded"))
    with pytest.raises(ReferenceImageError, match=r"64 × 48 pixels.*Make it smaller first"):
        reference(saved(form))


@pytest.mark.parametrize("way", ["bytes", "Pillow"])
def test_picture_with_a_side_without_end_is_refused(way: str) -> None:
    """A line of a million pixels would take seconds and gigabytes to be scaled."""
    image = Image.new("L", (1, 1_000_000))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    with pytest.raises(ReferenceImageError, match=r"1 × 1,000,000 pixels.*500,000 on a side"):
        reference(image if way == "Pillow" else buffer.getvalue())


def test_huge_jpeg_is_decoded_smaller(monkeypatch: Any) -> None:
    """Above the ceiling a JPEG is decoded at a part of its size, and the bill says so."""
    monkeypatch.setattr(opening, "MOST_PIXELS", 3_000)
    monkeypatch.setattr("nanobanana_nb.images.pixels.MOST_SIDE", 40)
    found = reference(saved("JPEG"))
    assert (Image.open(BytesIO(found.data or b"")).size, found.changes) == (
        *((32, 24), "scaled to 32 × 24"),
    )
    with pytest.raises(ReferenceImageError, match="too large"):
        reference(saved("JPEG", progressive=True))  # its decoder keeps the whole of it


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA"])
def test_pictures_above_the_limits_of_pillow_are_scaled(monkeypatch: Any, mode: str) -> None:
    """What Pillow takes for a bomb is scaled in strips, and nobody is warned."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000)
    monkeypatch.setattr("nanobanana_nb.images.pixels._SHARP_PIXELS", 1_000)
    monkeypatch.setattr("nanobanana_nb.images.pixels._STRIP_PIXELS", 900)
    monkeypatch.setattr("nanobanana_nb.images.pixels.MOST_SIDE", 30)
    image = PHOTO.convert(mode)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    found = reference(buffer.getvalue())
    assert found.changes == "scaled to 22 × 16"
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert near(Image.open(BytesIO(found.data or b"")), image.reduce(3), 0)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", r"HEIC.*pillow-heif"),
        (b"\0\0\0\x18ftypisom", "a video.*one frame"),
        (b"\x1aE\xdf\xa3", "a video"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "an EPS drawing"),
        (b"<svg xmlns='x'></svg>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg></svg>", "an SVG drawing"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xff\x0a" + bytes(50), "a JPEG XL picture"),
        (b"II*\0\x10\0\0\0CR\x02\0" + bytes(50), "a camera's raw file"),
        (b"\x93NUMPY\x01\0", r"a NumPy file.*numpy\.load"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"PK\x03\x04" + bytes(50), "a packed file"),
        ("Grüße an alle\n".encode() * 300, "it is text"),
        (b'{"a": 1}', "it is text"),
        (b"", "it is empty"),
        (bytes(range(255, 0, -1)), "of no kind that is known"),
        (b"GIF89a", "a GIF picture that is damaged"),
    ],
)
def test_what_cannot_be_opened_is_named(start: bytes, words: str) -> None:
    """What it is, what fits and what to do; never the name of a class."""
    with pytest.raises(ReferenceImageError, match=words) as raised:
        reference(start, "notes")
    assert "notes" in str(raised.value)
    assert "Error" not in str(raised.value)


def test_preview_of_a_raw_file_is_not_taken_for_the_picture() -> None:
    """The first picture in a DNG is a small one of another, which nobody means."""
    data = saved("TIFF", tiffinfo={254: 1})
    with pytest.raises(ReferenceImageError, match="raw file"):
        reference(data)


@given(st.binary(max_size=300), st.sampled_from([b"", *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")]))
def test_any_bytes_are_a_reference_or_an_error_of_ours(data: bytes, start: bytes) -> None:
    """No bytes get anything else out of it, whatever they begin like."""
    with pytest.raises(ReferenceImageError):
        reference(start + data)


@pytest.mark.long
@pytest.mark.parametrize("form", [*FIT, "TIFF", "GIF", "BMP"])
@given(st.data())
def test_broken_files_are_a_reference_or_an_error_of_ours(form: str, data: st.DataObject) -> None:
    """A byte that is another one is judged, and never raises what Pillow raises."""
    broken = bytearray(tagged(form, "exif") if form in FIT else saved(form))
    for place in data.draw(st.lists(st.integers(0, len(broken) - 1), min_size=1, max_size=4)):
        broken[place] = data.draw(st.integers(0, 255))
    try:
        found = reference(bytes(broken))
    except ReferenceImageError:
        return
    assert found.data is not None


def test_same_file_is_the_same_whatever_is_cut(tmp_path: Path) -> None:
    """The identity is that of the file in hand, with all that is cut out of it."""
    (tmp_path / "a.jpg").write_bytes(tagged("JPEG", "exif"))
    (tmp_path / "b.jpg").write_bytes(saved("JPEG"))
    one, other = reference(tmp_path / "a.jpg"), reference(tmp_path / "b.jpg")
    assert one != other
    assert one.content == other.content, "what is sent is uploaded once"


def saved(form: str, **options: Any) -> bytes:
    """The photo in a format."""
    buffer = BytesIO()
    PHOTO.save(buffer, form, **options)
    return buffer.getvalue()


def pixels_of(data: bytes | None) -> bytes:
    """What a file shows."""
    return Image.open(BytesIO(data or b"")).tobytes()


def tags() -> Image.Exif:
    """Where and with what the photo was taken."""
    exif = Image.Exif()
    exif[0x0110] = "camera"
    exif[0x8825] = PLACE
    exif[0x8769] = SERIALS
    return exif


def tagged(form: str, where: str) -> bytes:
    """The photo with its place in it."""
    if where == "exif":
        return saved(form, exif=tags())
    if form != "PNG":
        return saved(form, xmp=XMP)
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    return saved("PNG", pnginfo=texts)


def png_of(bits: int, colours: int, row: bytes) -> bytes:
    """A PNG of one row, as Pillow does not write it."""
    size = len(row) * 8 // bits // 3
    out = BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    head = size.to_bytes(4) + (1).to_bytes(4) + bytes([bits, colours, 0, 0, 0])
    PngImagePlugin.putchunk(out, b"IHDR", head)
    PngImagePlugin.putchunk(out, b"IDAT", zlib.compress(b"\0" + row))
    PngImagePlugin.putchunk(out, b"IEND")
    return out.getvalue()


def near(one: Image.Image, other: Image.Image, most: int = 60) -> bool:
    """Whether two pictures are the same but for what coding loses."""
    left, right = (numpy.asarray(image.convert("RGBA")).astype(int) for image in (one, other))
    return left.shape == right.shape and int(abs(left - right).max()) <= most


@pytest.mark.parametrize("form", ["AVIF", "PNG", "WEBP", "GIF", "TIFF"])
def test_cut_file_of_a_form_that_opens_is_damaged(form: str) -> None:
    """Only what no decoder here takes is said not to open."""
    buffer = BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(buffer, form)
    assert reference(buffer.getvalue())
    with pytest.raises(ReferenceImageError, match="picture that is damaged or cut off"):
        reference(buffer.getvalue()[:-200])


def test_what_a_library_stops_at_is_told() -> None:
    """An error without words has a name, and what to do stands there."""
    buffer = BytesIO()
    Image.new("P", (32, 24)).save(buffer, "ICNS")
    with pytest.raises(ReferenceImageError, match="stops at it with AssertionError"):
        reference(buffer.getvalue())
