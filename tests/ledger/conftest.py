"""A ledger of the test's own, requests for it, and small pictures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.ledger.claims import Order
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.memory import memory_of
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder that is not there yet."""
    return tmp_path / "new" / "home"


@pytest.fixture
def ledger(home: Path) -> Ledger:
    """A ledger that has never been used."""
    return Ledger(home)


def request_for(prompt: str = "a heron", **fields: Any) -> GenerationRequest:
    """A request with this prompt."""
    return GenerationRequest(**{"provider": "crun", "model": "m", **fields, "prompt": prompt})


def intent(ledger: Ledger, request: GenerationRequest, now: float) -> Generation:
    """Write that a request leaves now, as a run does, and return its row."""
    row = ledger.claims.claim(request, Order(now=now, fresh=True)).generation
    assert row is not None
    return ledger.claims.leave(row, now)


def given_up(ledger: Ledger) -> None:
    """Let this process die, as far as the ledger knows: it works on nothing any more."""
    memory_of(ledger.home).held.clear()


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """The bytes of a picture with some noise in it."""
    buffer = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()
