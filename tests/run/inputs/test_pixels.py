"""One picture is the same at the service, however it is handed over and whatever it is."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.run.inputs.uploads import Uploads
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession
from tests.run.inputs import colour_profiles as profiles
from tests.service import Service

FORMATS = {  # and what Pillow writes in them without loss
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "TIFF": ("1", "L", "LA", "RGB", "RGBA", "I;16", "I", "F", "CMYK", "P", "YCbCr", "LAB"),
    "WEBP": ("RGB", "RGBA"),
    "JPEG": ("L", "RGB", "CMYK"),
}
CASES = [(form, mode) for form, modes in FORMATS.items() for mode in modes]
TURNS: dict[int, Callable[[Any], Any]] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: numpy.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: numpy.rot90(a, 1),
}


@pytest.fixture
def session(service: Service, open_session: OpenSession) -> Session:
    """A session whose uploads go to the service over TCP."""
    return open_session(service)


@pytest.mark.long
@pytest.mark.parametrize(("form", "mode"), CASES)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["none", "srgb", "wide", "broken"]),
    st.sampled_from(sorted(TURNS)),
    st.integers(0, 2**32 - 1),
)
def test_ways_to_give_a_picture_agree(
    service: Service,
    session: Session,
    tmp_path: Path,
    form: str,
    mode: str,
    profile: str,
    turn: int,
    seed: int,
) -> None:
    """Path, bytes, open files, links and Pillow images arrive as one upright sRGB picture."""
    data = file(picture(mode, seed), form, turn, profile)
    shown = expected(data, turn, profile)
    uploads = Uploads(session.client)
    path = tmp_path / "picture.bin"
    path.write_bytes(data)
    with path.open("rb") as opened:
        for way, value in ways(path, data, opened).items():
            there = arrived(service, session, uploads, reference(value))
            assert difference(there, shown) <= (3 if profile == "wide" else 0), way


@pytest.mark.parametrize(("form", "mode"), [("PNG", "L"), ("PNG", "RGB"), ("PNG", "I;16")])
@given(st.sampled_from(sorted(TURNS)), st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_array_of_a_picture_agrees_with_its_file(
    form: str, mode: str, turn: int, seed: int
) -> None:
    """What NumPy makes of the upright picture is sent as the file is."""
    data = file(picture(mode, seed), form, turn, "none")
    upright = numpy.ascontiguousarray(TURNS[turn](numpy.asarray(Image.open(BytesIO(data)))))
    assert difference(pixels(reference(upright)), pixels(reference(data))) == 0


@pytest.mark.parametrize("turn", sorted(TURNS))
@pytest.mark.parametrize("mode", [*FORMATS["TIFF"], "I;16B"])
def test_tiff_opened_by_its_path_agrees_with_the_path(tmp_path: Path, mode: str, turn: int) -> None:
    """Pillow maps raw pixels into memory; one that it mapped wrongly before is refused."""
    data = file(picture(mode, 1), "TIFF", turn, "none")
    path = tmp_path / "picture.tiff"
    path.write_bytes(data)
    shown = pixels(reference(path))
    assert difference(shown, expected(data, turn, "none")) == 0
    unloaded = Image.open(path)
    assert difference(pixels(reference(unloaded)), shown) == 0
    assert unloaded.filename == str(path)
    loaded = Image.open(path)
    loaded.load()
    assert _pixels_or_refusal(loaded) in (shown.tobytes(), b"broke its lines")


@pytest.mark.parametrize("mode", ["L", "I", "F", "I;16"])
def test_mask_of_0_and_1_is_white_on_black(mode: str, tmp_path: Path) -> None:
    """Whatever holds it: a file, a Pillow image, or an array of any type of number."""
    mask = numpy.eye(8, 9, dtype="uint8")
    image = Image.fromarray(mask)
    image = image if mode == "L" else image.convert("I").convert(mode)
    image.save(tmp_path / "mask.tiff")
    kinds = ("uint8", "int64", "uint16", "int8", "float32", "bool")
    given = [image, tmp_path / "mask.tiff", *(mask.astype(kind) for kind in kinds)]
    for value in given:
        assert (pixels(reference(value))[:, :, 0] == mask * 255).all()
    assert reference(tmp_path / "mask.tiff").changes.count("black and white") == (mode == "L")


@pytest.mark.parametrize("ink", [0, 1])
def test_inks_are_no_mask(tmp_path: Path, ink: int) -> None:
    """A print that is all but white stays so, however it is given."""
    inks = Image.new("CMYK", (8, 8), (0, 0, 0, ink))
    inks.putpixel((0, 0), (1, 0, 1, 0))
    inks.save(tmp_path / "white.tiff")
    for value in (inks, tmp_path / "white.tiff"):
        assert pixels(reference(value)).min() >= 253


@pytest.mark.parametrize(
    ("bits", "row", "key"), [(1, b"\x40", 0), (1, b"\x40", 1), (16, b"\x12\x34\xff\xff", 0x1234)]
)
@pytest.mark.parametrize("turn", [1, 6])
def test_key_of_a_grey_png_is_clear(bits: int, row: bytes, key: int, turn: int) -> None:
    """What a file makes clear by one of its numbers arrives clear, as a path and from Pillow."""
    data = _keyed_png(bits, row, key, turn)
    for value in (data, Image.open(BytesIO(data))):
        alpha = pixels(reference(value))[:, :, 3].flatten().tolist()
        assert alpha == ([255, 0] if key == 1 else [0, 255])


@pytest.mark.parametrize("turn", [5, 6, 7, 8])
def test_image_that_the_person_turned_is_not_turned_again(turn: int) -> None:
    """Pillow keeps the camera's data after `rotate`: the file's own size there says it is done."""
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x8769] = {0xA002: 9, 0xA003: 7}
    buffer = BytesIO()
    picture("RGB", 1).save(buffer, "PNG", exif=exif)
    image = Image.open(buffer)
    upright = image.rotate(-90, expand=True)
    assert (pixels(reference(upright))[:, :, :3] == numpy.asarray(upright)).all()
    for value in (image, image.copy()):
        assert pixels(reference(value)).shape == (9, 7, 4)


@pytest.mark.parametrize("turn", range(2, 9))
@pytest.mark.parametrize("size", [(9, 7), (8, 8)])
@pytest.mark.parametrize("tagged", [True, False])
def test_bill_doubts_a_turn_that_may_be_done_already(
    turn: int, size: tuple[int, int], tagged: bool
) -> None:
    """A file is turned for sure; pixels in memory only where the size in their EXIF proves it."""
    exif = Image.Exif()
    exif[0x0112] = turn
    if tagged:
        exif[0x8769] = dict(zip((0xA002, 0xA003), size, strict=True))
    buffer = BytesIO()
    Image.new("RGB", size).save(buffer, "JPEG", exif=exif)
    image = Image.open(buffer)
    copied = image.copy()
    is_proven = tagged and turn > 4 and size == (9, 7)
    assert reference(image).changes.startswith("turned upright")
    assert reference(copied).changes.startswith("turned upright") == is_proven
    assert ("if you had turned it already" in reference(copied).changes) != is_proven
    del copied.getexif()[274]
    assert "turned" not in reference(copied).changes


def test_saved_mask_of_0_and_1_is_white_on_black(tmp_path: Path) -> None:
    """A PNG that is all but black to the eye goes as what was meant, and the bill says so."""
    mask = numpy.eye(8, 9, dtype="uint8")
    Image.fromarray(mask).save(tmp_path / "mask.png")
    found = reference(tmp_path / "mask.png")
    assert (pixels(found)[:, :, 0] == mask * 255).all()
    assert found.changes == "0 and 1 made black and white"


@pytest.mark.parametrize(
    ("numbers", "mode", "level"),
    [
        (40_000, "I;16", 156),
        (65_535, "I;16", 255),
        (200, "I;16", 200),
        (40_000, "I", 156),
        (200, "I", 200),
        (0.5, "F", 128),
        (200.0, "F", 200),
    ],
)
def test_numbers_become_levels_by_one_rule(numbers: float, mode: str, level: int) -> None:
    """Fractions go to 1, whole numbers to 255, and 16 bit to 65535, in images and arrays."""
    image = Image.new(mode, (4, 3), numbers)
    assert set(pixels(reference(image))[:, :, 0].flat) == {level}
    assert set(pixels(reference(numpy.asarray(image)))[:, :, 0].flat) == {level}


@pytest.mark.parametrize(
    ("mode", "numbers"), [("I", -1), ("I", 70_000), ("F", 1.5), ("F", float("nan")), ("F", -0.5)]
)
def test_numbers_that_are_no_levels_are_told(mode: str, numbers: float) -> None:
    """An image whose numbers can mean anything is refused, not guessed."""
    image = Image.new(mode, (4, 3))
    image.putpixel((1, 1), numbers)
    with pytest.raises(ReferenceImageError, match="numbers of depth are no colours"):
        reference(image, "depth")


@pytest.mark.parametrize("given", ["path", "Pillow", "array"])
def test_identity_is_of_what_was_given(monkeypatch: Any, tmp_path: Path, given: str) -> None:
    """What Pillow makes of a picture is no part of it: another encoder is no other picture."""
    Image.effect_noise((20, 30), 50).save(tmp_path / "a.tiff")
    image = Image.open(tmp_path / "a.tiff")
    value = {"path": tmp_path / "a.tiff", "Pillow": image, "array": numpy.asarray(image)}[given]
    before = reference(value)
    monkeypatch.setattr("nanobanana_nb.images.pixels._LOSSLESS_PIXELS", 0)
    after = reference(value)
    assert after.media_type != before.media_type
    assert after == before
    assert after.identity == before.identity


@pytest.mark.parametrize("change", ["pixel", "size", "mode", "orientation", "profile", "palette"])
def test_whatever_shows_is_identity(change: str) -> None:
    """Two Pillow images that would look different are two pictures."""
    image = Image.effect_noise((20, 30), 50).convert("P")
    other = image.copy()
    if change == "pixel":
        other.putpixel((3, 3), 255 - int(image.getpixel((3, 3))))
    elif change == "size":
        other = other.crop((0, 0, 20, 29))
    elif change == "mode":
        other = other.convert("RGB")
    elif change == "orientation":
        other.getexif()[0x0112] = 6
    elif change == "profile":
        other.info["icc_profile"] = profiles.wide()
    else:
        other.putpalette([255 - n // 3 for n in range(768)])
    assert reference(image) == reference(image.copy())
    assert reference(image).identity != reference(other).identity


@pytest.mark.parametrize(
    ("mode", "profile"), [("L", "grey"), ("LA", "grey"), ("CMYK", "inks"), ("RGBA", "wide")]
)
def test_profile_is_followed(mode: str, profile: str) -> None:
    """Greys, inks and wide gamuts become sRGB, and no profile goes along."""
    image = picture(mode, 1)
    plain = reference(image)
    image.info["icc_profile"] = getattr(profiles, profile)()
    found = reference(image, "photo")
    assert found.changes == "made sRGB"
    assert "icc_profile" not in Image.open(BytesIO(found.data or b"")).info
    assert difference(pixels(found), pixels(plain)) > 10
    if "A" in mode:
        assert (pixels(found)[:, :, 3] == pixels(plain)[:, :, 3]).all()


@pytest.mark.parametrize("sharp", [10, 10_000])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "Pillow"])
def test_scaled_picture_keeps_its_colours(monkeypatch: Any, form: str, sharp: int) -> None:
    """A wide gamut that is turned and scaled is sRGB as much as one that is not."""
    plain = Image.new("RGB", (90, 60), (40, 160, 90))
    colour = _by_profile(plain).getpixel((0, 0))
    data = file(plain, "PNG" if form == "Pillow" else form, 6, "wide")
    monkeypatch.setattr("nanobanana_nb.images.pixels.MOST_SIDE", 45)
    monkeypatch.setattr("nanobanana_nb.images.pixels._SHARP_PIXELS", sharp)
    found = reference(Image.open(BytesIO(data)) if form == "Pillow" else data)
    sent = pixels(found)
    assert sent.shape == (45, 30, 4)
    assert abs(sent[:, :, :3].astype(int) - colour).max() <= 4
    assert "made sRGB, scaled to 30 × 45" in found.changes


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("profile", ["broken", "inks", "grey"])
def test_profile_of_something_else_does_not_count(form: str, profile: str) -> None:
    """It is cut out with a note, and the pixels stay coded as they are."""
    data = file(picture("RGB", 1), form, 1, profile)
    found = reference(data, "photo")
    assert found.changes == "without a colour profile that does not fit"
    sent = Image.open(BytesIO(found.data or b""))
    assert (sent.format, "icc_profile" in sent.info) == (form, False)
    assert (numpy.asarray(sent) == numpy.asarray(Image.open(BytesIO(data)))).all()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("profile", ["none", "srgb"])
def test_picture_that_is_fit_goes_as_it_is(form: str, profile: str) -> None:
    """Upright, 8 bit and sRGB, not a byte is changed."""
    data = file(picture("RGB", 1), form, 1, profile)
    found = reference(data)
    assert (found.data, found.changes, found.sent_sha256) == (data, "", None)


def picture(mode: str, seed: int) -> Image.Image:
    """A picture of noise, 9 wide and 7 high, none of whose turns is itself."""
    rng = numpy.random.default_rng(seed)
    levels = rng.integers(0, 256, (7, 9, 4), dtype="uint8")
    levels[0, 0] = 255, 0, 90, 200
    if mode == "I;16":
        numbers = rng.integers(0, 65536, (7, 9), dtype="uint16")
        numbers[0, 0] = 65535
        return Image.fromarray(numbers)
    if mode in ("I", "F"):
        return Image.fromarray(levels[:, :, 0]).convert(mode)
    if mode == "LA":
        return Image.merge("LA", [Image.fromarray(levels[:, :, n]) for n in (0, 3)])
    if mode == "P":
        return Image.fromarray(levels[:, :, :3]).quantize(16)
    bands = len(Image.new(mode, (1, 1)).getbands()) if mode != "1" else 1
    if mode == "1":
        return Image.fromarray(levels[:, :, 0]).convert("1")
    if bands == 1:
        return Image.fromarray(levels[:, :, 0])
    merged = [Image.fromarray(numpy.ascontiguousarray(levels[:, :, n])) for n in range(bands)]
    return Image.merge(mode, merged)


def _keyed_png(bits: int, row: bytes, key: int, turn: int) -> bytes:
    """A grey PNG of two pixels in a row, one of whose numbers is clear."""
    exif = Image.Exif()
    exif[0x0112] = turn
    chunks = {
        b"IHDR": struct.pack(">2I5B", 2, 1, bits, 0, 0, 0, 0),
        b"tRNS": key.to_bytes(2),
        b"eXIf": exif.tobytes()[6:],
        b"IDAT": zlib.compress(b"\0" + row),
        b"IEND": b"",
    }
    out = BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    for name, content in chunks.items():
        PngImagePlugin.putchunk(out, name, content)
    return out.getvalue()


def file(image: Image.Image, form: str, turn: int, profile: str) -> bytes:
    """The picture as a file that says how it is to be turned and what its colours are."""
    exif = Image.Exif()
    exif[0x0112] = turn
    known = {"none": None, "broken": b"no profile at all"}
    colours = known[profile] if profile in known else getattr(profiles, profile)()
    options: dict[str, Any] = {"lossless": True, "exact": True} if form == "WEBP" else {}
    if turn > 1:
        options["exif"] = exif
    buffer = BytesIO()
    image.save(buffer, form, icc_profile=colours, **options)
    return buffer.getvalue()


def expected(data: bytes, turn: int, profile: str) -> Any:
    """What the file shows, by other means than those of the package."""
    image = Image.open(BytesIO(data))
    is_tiff = image.format == "TIFF"  # Pillow turns these itself
    image.load()
    if image.mode.startswith(("I", "F")):
        numbers = numpy.asarray(image).astype(int)
        image = Image.fromarray((numbers >> (8 if numbers.max() > 255 else 0)).astype("uint8"))
    if profile == "wide" and image.mode in ("RGB", "RGBA", "P", "YCbCr"):
        image = _by_profile(image.convert("RGBA" if image.mode == "RGBA" else "RGB"))
    turned = TURNS[1 if is_tiff else turn](numpy.asarray(image.convert("RGBA")))
    return numpy.ascontiguousarray(turned)


def _by_profile(image: Image.Image) -> Image.Image:
    source = ImageCms.ImageCmsProfile(BytesIO(profiles.wide()))
    target = ImageCms.createProfile("sRGB")
    changed = ImageCms.profileToProfile(
        image.convert("RGB"),
        source,
        target,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=0x2000,  # with compensation of the black point
    )
    assert changed is not None
    if image.mode == "RGBA":
        changed.putalpha(image.getchannel("A"))
    return changed


def ways(path: Path, data: bytes, opened: Any) -> dict[str, Any]:
    """The same picture in everything that people have in hand."""
    coded = base64.b64encode(data).decode()
    end = BytesIO(data)
    end.seek(0, 2)
    return {
        "path": path,
        "text": str(path),
        "file link": path.as_uri(),
        "data link": f"data:image/png;base64,{coded}",
        "bytes": data,
        "bytearray": bytearray(data),
        "BytesIO": BytesIO(data),
        "BytesIO at its end": end,
        "open file": opened,
        "Pillow": Image.open(BytesIO(data)),
        "Pillow by path": Image.open(path),
        "Pillow, loaded": _loaded(data),
        "Pillow, copied": Image.open(BytesIO(data)).copy(),
    }


def _pixels_or_refusal(image: Image.Image) -> bytes:
    try:
        return bytes(pixels(reference(image)).tobytes())
    except ReferenceImageError as error:
        return b"broke its lines" if "broke its lines" in str(error) else str(error).encode()


def _loaded(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def arrived(service: Service, session: Session, uploads: Uploads, image: ReferenceImage) -> Any:
    """The pixels of what was uploaded, as the service has it."""
    link = session.bridge.run(uploads.link(image))
    name = link.split("/files/")[1].partition(".")[0]
    return _decoded(service.app.state.service.store.upload(name).body)


def pixels(image: ReferenceImage) -> Any:
    """The pixels of what would be uploaded."""
    assert image.data is not None
    return _decoded(image.data)


def _decoded(data: bytes) -> Any:
    image = Image.open(BytesIO(data))
    assert image.getexif().get(0x0112, 1) == 1
    assert image.mode in ("1", "L", "LA", "P", "RGB", "RGBA")
    return numpy.asarray(image.convert("RGBA"))


def difference(one: Any, other: Any) -> int:
    """The greatest difference of two pictures in levels, all where their sizes differ."""
    if one.shape != other.shape:
        return 255
    return int(abs(one.astype(int) - other.astype(int)).max())
