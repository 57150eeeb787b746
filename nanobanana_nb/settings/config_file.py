"""The file of settings, `config.toml`, which most people do not have."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import SettingsError
from nanobanana_nb.images import disk
from nanobanana_nb.privacy.redaction import holds_key
from nanobanana_nb.settings.keys import misplaced_key
from nanobanana_nb.text.spelling import hint

_LARGEST = 1_000_000  # bytes of the file
# A home that cannot be is told where it is used.
_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)
_LIKE_A_SETTING = re.compile(r"[a-z_]{1,32}", re.IGNORECASE)


def read(file: Path, names: Iterable[str]) -> dict[str, Any]:
    """Return what the file sets, nothing where there is none.

    Raises:
        SettingsError: it cannot be read, or sets a name that is not known.
    """
    try:
        text = disk.read_regular(file, _LARGEST).decode("utf-8-sig")
        import tomllib  # most people have no such file, and every notebook loads this

        values = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        # A link that leads nowhere was put there by somebody: its ceilings are not none.
        if getattr(error, "errno", None) in _NO_FILE and not os.path.islink(file):  # noqa: PTH114
            return {}
        why = getattr(error, "strerror", None) or str(error)
        why += "; save it as UTF-8" if isinstance(error, UnicodeError) else ""
        raise SettingsError(f"{file} cannot be read", why=why) from None
    for name, value in values.items():
        if name not in names:
            raise _unknown(file, name, value, names)
    return values


def _unknown(file: Path, name: str, value: object, names: Iterable[str]) -> SettingsError:
    """Return the error for a name that is no setting; one that may be a key is not repeated."""
    if holds_key(name):
        return misplaced_key(SettingsError, f"{file}, as a name")
    is_word = _LIKE_A_SETTING.fullmatch(name)
    label = repr(name) if is_word else "a name"
    why = hint(name, names)
    if isinstance(value, dict):
        why = f"settings stand at the top, under no {f'[{name}]' if is_word else 'header'}"
    return SettingsError(f"{file} sets {label}, which is no setting", why=why)
