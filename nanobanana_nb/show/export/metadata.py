"""What a contact sheet says of itself to programs: parameters, and that a model made it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from nanobanana_nb.show.export.content import Content
from nanobanana_nb.show.export.data_files import record
from nanobanana_nb.show.export.file_writer import FileLinks
from nanobanana_nb.show.html import wording

if TYPE_CHECKING:
    from PIL import Image

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
SOFTWARE = "nanobanana_nb"
MOST_SEGMENT = 60_000  # bytes; a JPEG's segment ends at 65,535, its header included
_XMP_KEY = "XML:com.adobe.xmp"
_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
_IMAGE_DESCRIPTION, _SOFTWARE, _EXIF, _USER_COMMENT = 0x010E, 0x0131, 0x8769, 0x9286


def save(sheet: Image.Image, content: Content, links: FileLinks, out: BinaryIO, form: str) -> None:
    """Write the sheet as `PNG` or `JPEG` with the parameters in it.

    PNG: iTXt chunks `nanobanana_nb` (the record of the `.json` export), `Description`, and XMP.
    JPEG: EXIF UserComment (the same record, without what does not fit into a segment),
    ImageDescription, and XMP. XMP names IPTC's digital source type for what a trained model made.
    """
    data = record(content, links)
    if form == "PNG":
        sheet.save(out, "PNG", pnginfo=_chunks(content, data), optimize=False)
        return
    whole = io.BytesIO()
    exif = _exif(content, data)
    sheet.save(whole, "JPEG", quality=90, subsampling=0, exif=exif)
    out.write(_with_xmp(whole.getvalue(), xmp(content)))


def xmp(content: Content) -> bytes:
    """Return the XMP packet: source type, description and program."""
    words = escape(_printable(wording.cut(_description(content), 2000)))
    source, program = quoteattr(SOURCE_TYPE), quoteattr(SOFTWARE)
    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 Iptc4xmpExt:DigitalSourceType={source} xmp:CreatorTool={program}>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{words}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
    return packet.encode()


def _description(content: Content) -> str:
    axes = wording.DOT.join(f"{name}: {', '.join(labels)}" for name, labels in content.axes.items())
    parts = (content.prompt, axes, wording.DOT.join(content.settings))
    return "\n".join(part for part in parts if part)


def _chunks(content: Content, data: dict[str, Any]) -> Any:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt(SOFTWARE, json.dumps(data), zip=True)
    info.add_itxt(
        "Description", _description(content).encode("utf-8", "replace").decode().replace("\0", "")
    )
    info.add_itxt("Software", SOFTWARE)
    info.add_itxt(_XMP_KEY, xmp(content).decode())
    return info


def _exif(content: Content, data: dict[str, Any]) -> bytes:
    from PIL import Image

    exif = Image.Exif()
    # EXIF's own texts are ASCII; in JSON every other letter has an ASCII spelling
    words = wording.cut(_description(content), 500).encode("ascii", "replace").decode()
    exif[_IMAGE_DESCRIPTION] = words
    exif[_SOFTWARE] = SOFTWARE
    exif.get_ifd(_EXIF)[_USER_COMMENT] = b"ASCII\0\0\0" + _within(data)
    return exif.tobytes()


def _within(data: dict[str, Any]) -> bytes:
    """Return the record as JSON, its longest parts left out until it fits one segment."""
    rest = dict(data)
    for name in ("plan", "images", "notes", "axes", "prompt"):
        text = json.dumps(rest, separators=(",", ":")).encode()
        if len(text) <= MOST_SEGMENT:
            return text
        rest[name] = None
        rest["left_out"] = [*rest.get("left_out", ()), name]
    return json.dumps(rest, separators=(",", ":")).encode()


def _with_xmp(jpeg: bytes, packet: bytes) -> bytes:
    """Put XMP behind the segments that a JPEG begins with; Pillow before 11 cannot."""
    at = 2
    while jpeg[at : at + 1] == b"\xff" and 0xE0 <= jpeg[at + 1] <= 0xE1:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    body = _XMP_HEAD + packet
    return jpeg[:at] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[at:]


def _printable(text: str) -> str:
    """Return what XML allows of a text without control characters."""
    return text.replace("\ufffe", "").replace("\uffff", "")
