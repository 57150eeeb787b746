"""Files of an export that lie elsewhere: at any address that fsspec knows, as `s3://bucket/x.zip`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from nanobanana_nb.errors import InputError
from nanobanana_nb.privacy.redaction import redacted
from nanobanana_nb.text.terminal import cut

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)(?:::|://)")
_WHO, _ASKED = re.compile(r"//[^/\s@]*@"), re.compile(r"(?<=\w)\?\S*")
_IN_MEMORY = 32_000_000  # bytes of a file that are written before any of it is sent


def is_address(path: object) -> bool:
    """Whether a path is an address, and no file of this machine."""
    return isinstance(path, str) and _ADDRESS.match(path) is not None


def put_file(address: str, write: Callable[[BinaryIO], None]) -> None:
    """Write a file whole, and send it then.

    Raises:
        InputError: it cannot be written there, or what speaks to such an address is not installed.
    """
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        write(file)  # type: ignore[arg-type]  # it is one in all but name
        file.seek(0)
        with _reached(address) as fsspec, fsspec.open(address, "wb") as out:
            shutil.copyfileobj(file, out)


def put_files(folder: str, files: Iterable[tuple[str, bytes | Path]]) -> None:
    """Send files to a folder, one after the other.

    Raises:
        InputError: as `put_file`.
    """
    with _reached(folder) as fsspec:
        for name, data in files:
            with fsspec.open(f"{folder.rstrip('/')}/{name}", "wb", auto_mkdir=True) as out:
                if isinstance(data, bytes):
                    out.write(data)
                else:
                    with data.open("rb") as original:
                        shutil.copyfileobj(original, out)


@contextmanager
def _reached(address: str) -> Iterator[Any]:
    """Give fsspec; whatever it and those below it raise becomes one sentence."""
    try:
        import fsspec
    except ImportError as error:
        raise InputError(
            "An address needs fsspec, which is not installed", action="`%pip install fsspec`"
        ) from error
    try:
        yield fsspec
    except InputError:
        raise
    except ImportError as error:  # fsspec names the package
        raise _unreachable(address, error, "Install what it names.") from error
    except Exception as error:
        raise _unreachable(address, error, "Look at the address.") from error


def _unreachable(address: str, error: Exception, action: str) -> InputError:
    why = cut(_public(str(error) or type(error).__name__), 200)
    return InputError(f"{cut(_public(address), 120)} cannot be written", why=why, action=action)


def _public(text: str) -> str:
    """Return a text without keys, and addresses in it without who asks and what is asked."""
    return redacted(_ASKED.sub("", _WHO.sub("//", text)))
