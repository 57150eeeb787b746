"""Pictures that a page has announced and not sent yet: until they are here nothing is paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.errors import InputError, NanobananaError, ReferenceImageError

ON_ITS_WAY = "A picture is on its way: wait until it is there, or remove it"
_FAILURES = {
    "large": (
        "{} is too large for a message, and the page cannot scale it",
        "Put it beside the notebook and type its path.",
    ),
    "unread": ("The page cannot read {}", ""),
}


class Uploads:
    """The names of what is on its way, by the key that the page chose.

    Args:
        keep: writes a file and returns its path; raises NanobananaError.
        on_change: called with the paths that were added when one has begun or ended.
        fail: called with the errors of all that came together, once the last has ended.
    """

    def __init__(
        self,
        keep: Callable[[str, bytes], str],
        on_change: Callable[..., object],
        fail: Callable[..., object],
    ) -> None:
        self._keep, self._on_change, self._fail = keep, on_change, fail
        self._errors: list[NanobananaError] = []
        self.names: dict[str, str] = {}

    def check(self) -> None:
        """Raise InputError while a picture is on its way."""
        if self.names:
            raise InputError(ON_ITS_WAY)

    def receive(self, message: dict[Any, Any], buffers: Any) -> None:
        """Begin or end one; a front end may send anything."""
        kind, key, name = (message.get(field) for field in ("kind", "key", "name"))
        if not isinstance(key, str):
            return
        if kind == "upload":
            self.names[key] = str(name or "image")
            self._on_change()
        elif kind == "file" and key in self.names and len(buffers or ()) == 1:
            self._take(key, bytes(buffers[0]))
        elif kind == "end" and key in self.names:
            self._give_up(key, str(message.get("why")))

    def _take(self, key: str, data: bytes) -> None:
        paths: list[str] = []
        try:
            paths.append(self._keep(self.names[key], data))
        except NanobananaError as error:
            self._errors.append(error)
        finally:
            self._end(key, *paths)

    def _give_up(self, key: str, why: str) -> None:
        if why in _FAILURES:
            what, action = _FAILURES[why]
            self._errors.append(ReferenceImageError(what.format(self.names[key]), action=action))
        self._end(key)

    def _end(self, key: str, *paths: str) -> None:
        del self.names[key]
        self._on_change(*paths)
        if self._errors and not self.names:
            errors, self._errors = self._errors, []
            self._fail(*errors)
