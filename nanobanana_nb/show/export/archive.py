"""Everything of a grid as files: originals byte for byte, sidecars, table, plan and page.

They go into a ZIP, or into a folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from nanobanana_nb.privacy.redaction import storable
from nanobanana_nb.show.export.content import Content, Entry
from nanobanana_nb.show.export.data_files import csv_file, json_file
from nanobanana_nb.show.export.file_writer import FileLinks
from nanobanana_nb.show.export.page import page
from nanobanana_nb.text.file_names import file_name

IMAGES, SIDECARS = "images", "sidecars"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same grid gives the same bytes whenever it is exported


def members(content: Content) -> Iterator[tuple[str, bytes | Path]]:
    """Yield the name and the content of each file: `index.html`, `images.csv`, `images/` and more.

    An original is called by its number in the grid, its prompt and its hash, and is there once even
    if two tasks made it.

    Raises:
        OSError: an original cannot be read.
    """
    names = _names(content)
    links = {e.number: names[_hash(e)] for e in content.entries if e.original}
    yield "index.html", page(content, links)
    yield "images.csv", csv_file(content, links)
    yield "images.json", json_file(content, links)
    if content.plan is not None:
        yield "plan.json", json.dumps(content.plan, indent=1).encode("ascii")
    written: set[str] = set()
    for entry in content.entries:
        for name, data in _files_of(entry, links):
            if name not in written:
                yield name, data
            written.add(name)


def archive(content: Content, out: BinaryIO) -> None:
    """Write the files into a ZIP.

    Raises:
        OSError: an original cannot be read.
    """
    with ZipFile(out, "w") as file:
        for name, data in members(content):
            if isinstance(data, Path):
                _copy(file, name, data)
            else:
                file.writestr(_info(name, ZIP_DEFLATED), data)


def _names(content: Content) -> dict[str, str]:
    """Return the name of each original by its hash: that of the first image that has it."""
    width = len(str(len(content.entries)))
    names: dict[str, str] = {}
    for entry in content.entries:
        if entry.original is not None:
            words = "" if entry.hidden else entry.request.prompt
            name = file_name(words, _hash(entry), entry.original.suffix)
            names.setdefault(_hash(entry), f"{IMAGES}/{entry.number:0{width}}-{name}")
    return names


def _files_of(entry: Entry, links: FileLinks) -> Iterator[tuple[str, bytes | Path]]:
    if entry.original is None:
        return
    yield links[entry.number], entry.original
    sidecar = _sidecar(entry, entry.original)
    if sidecar is not None:
        yield f"{SIDECARS}/{_hash(entry)}.{_task(entry)}.json", sidecar


def _hash(entry: Entry) -> str:
    if entry.generation.sha256:
        return entry.generation.sha256
    assert entry.original is not None
    with entry.original.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def _task(entry: Entry) -> str:
    """Return the part of a sidecar's name that tells tasks with the same image apart."""
    return hashlib.sha256(storable(str(entry.generation.task_id)).encode()).hexdigest()[:12]


def _sidecar(entry: Entry, original: Path) -> bytes | None:
    """Return the sidecar beside an original, or None where there is none or it is damaged.

    One from an earlier run that was not private may hold a prompt that is private now.
    """
    try:
        data = original.with_suffix(f".{_task(entry)}.json").read_bytes()
        record: dict[str, Any] = json.loads(data)
        if not entry.hidden:
            return data
        record["request"]["prompt"] = ""
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return json.dumps(record, indent=1).encode()


def _copy(file: ZipFile, name: str, original: Path) -> None:
    info = _info(name, ZIP_STORED)
    info.file_size = original.stat().st_size
    with original.open("rb") as read, file.open(info, "w") as write:
        shutil.copyfileobj(read, write)


def _info(name: str, how: int) -> ZipInfo:
    info = ZipInfo(name, _FIRST_DAY)
    info.compress_type = how
    info.external_attr = 0o644 << 16
    return info
