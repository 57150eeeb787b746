"""A page that stands alone: the viewer, the plan and the pictures in one HTML file."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from markupsafe import escape

from nanobanana_nb.images import decoding, thumbnail
from nanobanana_nb.show.arrange.columns import error_column
from nanobanana_nb.show.export.content import Content, Entry
from nanobanana_nb.show.export.data_files import record
from nanobanana_nb.show.export.file_writer import FileLinks
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.viewer import viewer_source, viewer_style

MOST_BYTES = 12_000_000  # of all pictures together, as JPEG; base64 makes a third more of them
SMALL_PX, FULL_PX = 320, 1280
_MOST_SMALL, _MOST_FULL = 24_000, 320_000
_NO_PICTURE: dict[str, Any] = {"src": None, "full": None}
_BYTES_A_PIXEL = 0.12  # of a photo as JPEG; a picture starts at the size that its bytes allow
# The history keeps what is asked for while the page is loaded anew, and needs no storage.
_START = """
mount(document.getElementById("viewer"), JSON.parse(document.getElementById("data").textContent), {
  keys: document,
  query: history.state?.query,
  onQuery: (query) => history.replaceState({ query }, ""),
});
"""


def page(content: Content, links: FileLinks, *, originals: bool = False) -> bytes:
    """Return the page. It asks the network for nothing, and may run only its own script.

    Pictures are JPEGs of at most 320 and 1280 pixels, smaller where there are many: 12 MB
    together. With `originals` the large ones are the originals themselves. What people or a
    service wrote stands in JSON, and is put on the page as text.
    """
    data = viewer_data(content, links, originals=originals)
    script, style = viewer_source() + _START, viewer_style()
    return _PAGE.format(
        policy=_policy(script, style),
        title=escape(wording.plain(content.title)),
        style=style,
        script=script,
        data=_json(data),
        record=_json(record(content, links)),
    ).encode("utf-8", "replace")


def viewer_data(
    content: Content,
    links: FileLinks,
    *,
    originals: bool = False,
    most_bytes: int | None = None,
    pictured: Container[int] | None = None,
) -> dict[str, Any]:
    """Return what the viewer shows, as plain JSON data; its pictures have `most_bytes` in all.

    Args:
        pictured: the positions of the images whose pictures are read, None for all.
    """
    share = (most_bytes or MOST_BYTES) // max(1, len(content.entries))
    small, full = min(_MOST_SMALL, share // 5), min(_MOST_FULL, share * 4 // 5)
    with ThreadPoolExecutor(2, "page") as pool:
        sources = pool.map(
            lambda entry: (
                _sources(entry, small, full, originals)
                if pictured is None or entry.number in pictured
                else _NO_PICTURE
            ),
            content.entries,
        )
        pictures = list(sources)
    ratings = {str(e.number): e.rating.to_record() for e in content.entries if e.rating}
    scores = _scores(content)
    return {
        "title": content.title,
        "counts": list(content.counts),
        "settings": list(content.settings),
        "notes": list(content.notes),
        "axes": [{"name": name, "labels": list(labels)} for name, labels in content.axes.items()],
        "view": {side: list(getattr(content.view, side)) for side in ("rows", "cols", "pages")},
        "images": [
            {**_image(entry, links, content.axes), **sources}
            for entry, sources in zip(content.entries, pictures, strict=True)
        ],
        **({"ratings": ratings} if ratings else {}),
        **({"scores": scores} if scores else {}),
    }


def _scores(content: Content) -> dict[str, dict[str, float]]:
    """Return by name the scores of the images that have one."""
    scores: dict[str, dict[str, float]] = {}
    for entry in content.entries:
        for name, value in entry.numbers.items():
            scores.setdefault(name, {})[str(entry.number)] = value
    return scores


def _image(entry: Entry, links: FileLinks, axes: Container[str]) -> dict[str, Any]:
    generation, link = entry.generation, links.get(entry.number)
    return {
        "id": str(entry.number),
        "point": None if entry.point is None else list(entry.point),
        "caption": _by_name(entry, axes),
        "short": list(entry.legend),
        "state": entry.state,
        "error": entry.error,
        "charged": entry.charged,
        "prompt": "" if entry.hidden else entry.request.prompt,
        "private": entry.hidden,
        "differences": list(generation.differences),
        "width": generation.width,
        "height": generation.height,
        "original": None if link is None else quote(link),
    }


def _by_name(entry: Entry, axes: Container[str]) -> dict[str, str]:
    """Return all settings by name, for the viewer to pick those that differ.

    What is told of the image is beside an axis of the same name, not in its place.
    """
    settings = {name.removeprefix("parameter "): text for name, text in entry.settings.items()}
    facts = {f"{name} of the image" if name in axes else name: text for name, text in _facts(entry)}
    return {**settings, **facts}


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    generation = entry.generation
    if generation.ok and generation.seconds is not None:
        yield "time", wording.seconds_text(generation.seconds)
    if generation.ok and (cost := wording.credits_text(generation)):
        yield "cost", cost
    if generation.width and generation.height:
        yield "size", f"{generation.width} × {generation.height}"
    for name, error in entry.score_errors.items():
        yield error_column(name), error


def _sources(entry: Entry, small: int, full: int, originals: bool) -> dict[str, Any]:
    if entry.original is None:
        return _NO_PICTURE
    try:
        image = thumbnail.opened(entry.original, _side(full, FULL_PX))
        kind = entry.generation.media_type
        if originals and kind in decoding.IN_BROWSERS:
            large = _uri(entry.original.read_bytes(), kind)
        else:
            large = _uri(thumbnail.within(image, full))
    except OSError:
        why = "it cannot be read as a picture"
        return {**_NO_PICTURE, "state": "no file", "error": why}
    side = _side(small, SMALL_PX)
    image.thumbnail((side, side))
    return {"src": _uri(thumbnail.within(image, small)), "full": large}


def _side(most_bytes: int, most: int) -> int:
    return min(most, math.isqrt(round(most_bytes / _BYTES_A_PIXEL)))


def _uri(data: bytes, kind: str = "image/jpeg") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _json(data: Any) -> str:
    """Return JSON that cannot end the element it stands in, nor begin a comment there."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="nanobanana_nb">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main id="viewer"></main>
<noscript><p>The pictures are in this file; its own script shows them.</p></noscript>
<script type="application/json" id="data">{data}</script>
<script type="application/json" id="record">{record}</script>
<script type="module">{script}</script>
</body>
</html>
"""
