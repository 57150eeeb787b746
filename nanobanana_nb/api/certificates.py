"""Which certificates are trusted: what the environment names at this moment, or certifi's."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nanobanana_nb.errors import SettingsError

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # the first one that is set counts
_KEY_LOG = "SSLKEYLOGFILE"  # opened with the certificates
Source = tuple[str, str] | None


@dataclass
class TrustStore:
    """The TLS context of one event loop. A failure is not kept, nor what the environment drops.

    Args:
        read: makes a context, which takes about 0.2 s; called in a thread.
    """

    read: Callable[[], ssl.SSLContext]
    _source: Source = field(default=None, init=False)
    _context: asyncio.Future[ssl.SSLContext] | None = field(default=None, init=False)

    async def context(self) -> ssl.SSLContext:
        """Return the context for the certificates that the environment names.

        Raises:
            SettingsError: they cannot be read.
        """
        source = certificate_source()
        if self._context is None or source != self._source or _is_failure(self._context):
            self._context = asyncio.ensure_future(asyncio.to_thread(self._load, source))
            self._source = source
        return await asyncio.shield(self._context)

    def _load(self, source: Source) -> ssl.SSLContext:
        if source and source[0] == "SSL_CERT_DIR" and not Path(source[1]).is_dir():
            raise _unusable(source, "there is no such folder")  # TLS itself would not tell
        try:
            return self.read()
        except OSError as error:  # the errors of ssl are OSErrors too
            if error.filename and error.filename == os.environ.get(_KEY_LOG):
                source = (_KEY_LOG, error.filename)
            text = os.strerror(error.errno) if error.errno else str(error)
            reason = "no certificate is in it" if isinstance(error, ssl.SSLError) else text
        raise _unusable(source, reason)


def certificate_source() -> Source:
    """Return the variable that names the certificates, and its value; None for certifi's."""
    values = ((name, os.environ.get(name, "")) for name in _VARIABLES)
    return next(((name, value) for name, value in values if value), None)


def _is_failure(future: asyncio.Future[ssl.SSLContext]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


def _unusable(source: Source, reason: str) -> SettingsError:
    if source is None:
        return SettingsError(
            "The certificates of the package certifi cannot be read",
            why=reason,
            action="Install it anew: pip install --force-reinstall certifi.",
        )
    name, value = source
    names = "a file that can be written" if name == _KEY_LOG else "certificates in PEM form"
    return SettingsError(
        f"{name} cannot be used",
        why=f"{value}: {reason}",
        action=f"Let it name {names}, or unset it; then run the cell again.",
    )
