"""What bytes are that no picture can be made of, in words that say what to do."""

from __future__ import annotations

import re
from typing import NamedTuple

TAKEN = "Give a PNG, JPEG or WebP image, or another that Pillow opens."
_SAVE_AS = "Save it as PNG or JPEG, and give that."


class Format(NamedTuple):
    """What bytes are, and what the person can do."""

    name: str
    action: str = TAKEN


_HEIC = Format(
    "a HEIC picture, as iPhones make them, which Pillow does not open by itself",
    "Save it as PNG, JPEG or WebP; or `%pip install pillow-heif`, then"
    " `import pillow_heif; pillow_heif.register_heif_opener()`.",
)
_AVIF = Format("an AVIF picture, which this Pillow does not open", _SAVE_AS)
IN_PIECES = Format("in too many pieces to be read", _SAVE_AS)
PREVIEW = Format("a camera's raw file, which begins with a small preview", _SAVE_AS)
_OPENED_BY_SOME = (  # Pillow's name of what it opens with a decoder that it may lack
    (rb"....ftypavi[fs]", "AVIF", _AVIF),
    (rb"....ftyp(hei|hev|mif1|msf1)", "HEIF", _HEIC),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "JXL", Format("a JPEG XL picture", _SAVE_AS)),
)  # fmt: skip
_STARTS = (  # the first that fits counts
    (rb"....ftypcrx |II\*\0\x10\0\0\0CR|FUJIFILMCCD-RAW", PREVIEW),
    (rb"....(ftyp|moov|mdat)|\x1aE\xdf\xa3|RIFF....AVI ", Format("a video", "Give one frame.")),
    (rb"%PDF", Format("a PDF document", "Save the page as PNG, and give that.")),
    (rb"%!PS|\xc5\xd0\xd3\xc6", Format("an EPS drawing", "Save it as PNG, and give that.")),
    (rb"(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!DOCTYPE svg).*<svg|(\xef\xbb\xbf)?\s*<svg", Format(
        "an SVG drawing, which has no pixels", "Save it as PNG, and give that."
    )),
    (rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|\?xml|\w+>)", Format("a web page or XML")),
    (rb"\x93NUMPY", Format("a NumPy file", "Give the array: `numpy.load(path)`.")),
    (rb"version https://git-lfs", Format(
        "a placeholder of Git LFS, not the picture", "Fetch the picture: `git lfs pull`."
    )),
    (rb"PK\x03\x04|\x1f\x8b|BZh|7z\xbc\xaf|Rar!|\xfd7zXZ", Format(
        "a packed file", "Unpack it, and give the picture in it."
    )),
    (rb"\x7fELF|MZ", Format("a program")),
    (rb"ID3|OggS|fLaC|RIFF....WAVE", Format("a sound")),
)  # fmt: skip
_PICTURES = (
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"\xff\xd8", "JPEG"),
    (rb"RIFF....WEBP", "WebP"),
    (rb"GIF8", "GIF"),
    (rb"BM", "BMP"),
    (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", "TIFF"),
    (rb"8BPS", "Photoshop"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
)
_SHOWN = 4096  # bytes that are looked at


def format_of(data: bytes) -> Format:
    """Return what bytes are that could not be opened as a picture."""
    start = data[:_SHOWN]
    if not start:
        return Format("empty")
    for pattern, form, unopened in _OPENED_BY_SOME:
        if re.match(pattern, start, re.DOTALL | re.IGNORECASE):
            return _damaged(form) if _opens(form, start) else unopened
    for pattern, known in _STARTS:
        if re.match(pattern, start, re.DOTALL | re.IGNORECASE):
            return known
    for pattern, name in _PICTURES:
        if re.match(pattern, start, re.DOTALL):
            return _damaged(name)
    return Format("text" if _is_text(start) else "of no kind that is known here")


def _damaged(name: str) -> Format:
    article = "an" if name[0] in "AEIOU" else "a"
    return Format(f"{article} {name} picture that is damaged or cut off", f"Fetch it anew. {TAKEN}")


def _opens(form: str, start: bytes) -> bool:
    """Whether this Pillow takes a picture that begins so; it says in a text what it lacks."""
    from PIL import Image

    Image.init()
    _, accepts = Image.OPEN.get(form, (None, None))
    return accepts is not None and accepts(start[:16]) is True


def _is_text(start: bytes) -> bool:
    text = start.decode("utf-8", "replace").removesuffix("\N{REPLACEMENT CHARACTER}")
    return all(sign.isprintable() or sign.isspace() for sign in text) and "\ufffd" not in text
