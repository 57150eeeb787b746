"""Secrets, and the search for them in all that a test told, logged and wrote."""

from __future__ import annotations

import base64
import logging
import pickle
from pathlib import Path
from urllib.parse import quote

import pytest

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import NanobananaError
from tests.folder_contents import contents
from tests.notebook.bench import Bench

KEY = "ak_" + "Secret7q" * 4
CODED = base64.b64encode(KEY.encode()).decode()
SIGNED = "https://cdn.example/cat.png?X-Amz-Expires=60&X-Amz-Signature=quietly"
USER_INFO = "https://me:quietly@cdn.example/cat.png"
SAID = f"bad key {KEY} ({quote(KEY)}, Basic {CODED}) for {SIGNED} and {USER_INFO}"


class Everything:
    """All that a person, a log or a file has seen."""

    def __init__(self, bench: Bench, folder: Path, logged: pytest.LogCaptureFixture) -> None:
        self.bench = bench
        self._folder = folder
        self._logged = logged
        self.seen: list[str] = []

    @property
    def logged(self) -> list[logging.LogRecord]:
        """What was logged while the test ran."""
        return self._logged.get_records("call")

    def run(self, *cells: str) -> None:
        """Run cells, and keep what they told in any form."""
        for cell in cells:
            ran = self.bench.run(cell)
            self.seen += [ran.told, repr(ran.outputs)]
            self._look_at(ran.error)

    def assert_silent(self) -> None:
        """Neither key nor signature stands in what was told, logged, written or held."""
        session = launch.session_for()
        held = (session, session.client, session.provider, session.key, session.settings)
        self.seen += [repr(one) for one in held]
        self.seen.append(repr(vars(session.client)))
        self.seen += [r.getMessage() + repr(vars(r)) for r in self.logged]
        grid = self.bench.names.get("grid")
        whole = pickle.dumps(grid).replace(b"quietly", b"")  # a copy of the plan has its links
        files = [str(path).encode() + data for path, data in contents(self._folder).items()]
        found = ["\n".join(self.seen).encode(), whole, *files]
        for secret in (KEY, CODED.rstrip("="), "quietly", "signature="):
            assert [
                _around(secret.encode(), data) for data in found if secret.encode() in data
            ] == []

    def ledger_exists(self) -> bool:
        """Whether there is a database that can be searched."""
        return any(self._folder.rglob("*ledger*"))

    def _look_at(self, error: BaseException | None) -> None:
        while error is not None:
            if isinstance(error, NanobananaError):
                self.seen += [str(error), repr(error), repr(vars(error))]
            error = error.__cause__ or error.__context__


def _around(secret: bytes, data: bytes) -> bytes:
    start = data.index(secret)
    return data[max(0, start - 150) : start + 50]
