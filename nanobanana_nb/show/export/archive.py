"""A ZIP of everything: originals byte for byte, their sidecars, table, plan and page."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from nanobanana_nb.privacy.redaction import storable
from nanobanana_nb.show.export.content import Content, Entry
from nanobanana_nb.show.export.data_files import csv_file, json_file
from nanobanana_nb.show.export.file_writer import FileLinks
from nanobanana_nb.show.export.page import page

FOLDER = "originals"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same grid gives the same bytes whenever it is exported


def archive(content: Content, out: BinaryIO) -> None:
    """Write the archive: `index.html`, `images.csv`, `images.json`, `plan.json`, `originals/`.

    An original is named by the hash of its bytes, and is there once even if two tasks made it.

    Raises:
        OSError: an original cannot be read.
    """
    links = {e.number: f"{FOLDER}/{_name(e.original)}" for e in content.entries if e.original}
    with ZipFile(out, "w") as file:
        _put(file, "index.html", page(content, links))
        _put(file, "images.csv", csv_file(content, links))
        _put(file, "images.json", json_file(content, links))
        if content.plan is not None:
            _put(file, "plan.json", json.dumps(content.plan, indent=1).encode("ascii"))
        _originals(file, content, links)


def _originals(file: ZipFile, content: Content, links: FileLinks) -> None:
    done: set[str] = set()
    for entry in content.entries:
        name = links.get(entry.number)
        if name is None or entry.original is None:
            continue
        sidecar = _sidecar(entry, entry.original)
        if name not in done:
            _copy(file, name, entry.original)
        beside = str(Path(name).with_suffix(f".{_task(entry)}.json").as_posix())
        if sidecar is not None and beside not in done:
            _put(file, beside, sidecar)
        done |= {name, beside}


def _name(original: Path) -> str:
    with original.open("rb") as read:
        digest = hashlib.file_digest(read, "sha256").hexdigest()
    return f"{digest}{original.suffix}"


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


def _put(file: ZipFile, name: str, data: bytes) -> None:
    file.writestr(_info(name, ZIP_DEFLATED), data)


def _info(name: str, how: int) -> ZipInfo:
    info = ZipInfo(name, _FIRST_DAY)
    info.compress_type = how
    info.external_attr = 0o644 << 16
    return info
