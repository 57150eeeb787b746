"""Whatever a file says beside its picture stays here, whichever container holds it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin, features

from nanobanana_nb.run.inputs.reference import reference

SECRET = "Ada Lovelace 52.5200N"


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B], exif[0x8298], exif[0x010E] = SECRET, SECRET, SECRET
    exif[0x9C9C] = SECRET.encode("utf-16-le")
    return exif


def _texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    info.add(b"caBX", SECRET.encode())
    return info


XMP = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
OPTIONS: dict[str, dict[str, Any]] = {
    "PNG": {"exif": _exif(), "pnginfo": _texts()},
    "JPEG": {"exif": _exif(), "comment": SECRET, "xmp": XMP},
    "MPO": {"exif": _exif(), "comment": SECRET},
    "WEBP": {"exif": _exif(), "xmp": XMP, "lossless": True},
    "GIF": {"comment": SECRET},
    "TIFF": {"exif": _exif(), "tiffinfo": {0x010E: SECRET, 0x02BC: XMP, 0x83BB: XMP}},
    "AVIF": {"exif": _exif(), "xmp": XMP},
    "JPEG2000": {"comment": SECRET},
}


@pytest.mark.parametrize("form", OPTIONS)
@pytest.mark.parametrize("way", ["bytes", "Pillow", "Pillow, copied"])
def test_only_the_picture_leaves(form: str, way: str) -> None:
    """Camera data, packets, comments and tags are in the file, and not in what is sent."""
    if form == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    buffer = BytesIO()
    Image.new("RGB", (9, 7), "teal").save(buffer, form, **OPTIONS[form])
    data = buffer.getvalue()
    spellings = (SECRET.encode(), SECRET.encode("utf-16-le"))
    assert any(secret in data for secret in spellings)
    opened = Image.open(buffer)
    value = {"bytes": data, "Pillow": opened, "Pillow, copied": opened.copy()}[way]
    sent = reference(value).data or b""
    assert not any(secret in sent for secret in spellings)
