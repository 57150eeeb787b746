"""Files that are complete whenever they are there, after a power cut too."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nanobanana_nb.ledger.claims.processes import this_process

_PARTS = ".parts"  # in the same file system, or a rename would copy
_OLD_S = 86_400.0  # half a file of a writer that no ledger knows is left alone for a day


@dataclass(frozen=True)
class WholeFiles:
    """Files in and beside a folder: written there under a temporary name, synced, and renamed."""

    folder: Path

    def write(self, path: Path, data: bytes) -> None:
        """Write a file so that it is complete whenever it is there."""
        parts = self.folder / _PARTS
        existed = path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        parts.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=parts, prefix=this_process().id + "-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            if error.errno != errno.EXDEV:  # what lies beside a folder that leads to another disk
                raise
            shutil.copyfile(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        self._sync(path.parent, existed)

    def move(self, file: Path, path: Path, data: bytes) -> None:
        """Give a whole file, which holds `data`, its place in the folder."""
        existed = path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file.replace(path)
        except OSError:  # in another file system, or another thread was faster
            self.write(path, data)
            file.unlink(missing_ok=True)
        self._sync(path.parent, existed)

    def _sync(self, folder: Path, existed: bool) -> None:
        """Let new names survive a power cut, where the system can do that: a file's, a folder's."""
        if os.name != "posix":
            return
        for directory in (folder,) if existed else (folder, self.folder):
            handle = os.open(directory, os.O_RDONLY)
            try:
                os.fsync(handle)
            except OSError:  # some network folders cannot; the file itself is whole and on disk
                pass
            finally:
                os.close(handle)

    def part_writers(self) -> set[str]:
        """Return the processes of which half-written files are there."""
        parts = (self.folder / _PARTS).glob("*-*")
        return {part.name.partition("-")[0] for part in parts}

    def forget_parts(self, gone: Collection[str], living: Collection[str]) -> None:
        """Delete half-written files whose writers are gone, and old ones of nobody's."""
        for part in (self.folder / _PARTS).glob("*-*"):
            writer = part.name.partition("-")[0]
            if writer in gone or (writer not in living and _is_old(part)):
                part.unlink(missing_ok=True)


def _is_old(part: Path) -> bool:
    try:
        return time.time() - part.stat().st_mtime > _OLD_S
    except FileNotFoundError:
        return False
