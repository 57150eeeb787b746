"""What the public functions are tried with: the service over TCP, and nothing to wait for."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb.settings import origin
from tests.fixtures import quickly  # noqa: F401


@pytest.fixture(autouse=True)
def script_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script in the folder of the test: what is kept beside it goes there."""
    monkeypatch.setattr(origin, "_IMPORTED_IN", tmp_path)
