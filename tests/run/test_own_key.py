"""A person's own key in a prompt or a field: refused before anything is sent or kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import nanobanana_nb
from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import GenerationRequest
from tests.fixtures import OpenSession
from tests.service import MODEL, Service

KEY = 'ak_own/"key"+of%the&person_0123456789'
OTHER = "sk-other-0123456789-abcdefghij"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": json.dumps,
    "percent": lambda key: quote(key, safe=""),
    "in a word": lambda key: f"x{key}y",
}
PLACES: dict[str, Callable[[str], Any]] = {
    "prompt": lambda text: nanobanana_nb.generate(f"a heron {text}", raw=True),
    "field": lambda text: nanobanana_nb.generate("a heron", seed_note=text),
    "nested field": lambda text: nanobanana_nb.generate("a heron", extra={"a": [1, {text: 2}]}),
    "ratio": lambda text: nanobanana_nb.generate("a heron", aspect_ratio=text),
    "model": lambda text: nanobanana_nb.generate("a heron", model=f"google/{text}"),
    "axis": lambda text: nanobanana_nb.sweep("a {bird}", bird=["heron", text]),
    "axis of a sample": lambda text: nanobanana_nb.sweep(
        "a {bird}", bird=["heron", "owl", text], sample=1, sample_seed=2
    ),
    "plan": lambda text: nanobanana_nb.plan("a {bird}", bird=["heron", text]),
    "link": lambda text: nanobanana_nb.generate("a", images=f"https://h.example/?key={text}"),
    "callback": lambda text: nanobanana_nb.generate("a", callback_url=f"https://h.example/{text}"),
    "callback of a plan": lambda text: nanobanana_nb.plan("a", callback_url=f"https://{text}@h.ex"),
    "submit": lambda text: nanobanana_nb.submit(f"a heron {text}", raw=True),
}


@pytest.fixture
def keyed(faces: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings with a key of the service in force and one of another service."""
    monkeypatch.setenv("CRUN_API_KEY", KEY.replace("%", "p"))
    monkeypatch.setenv("OTHER_API_KEY", OTHER)
    monkeypatch.setenv("NANOBANANA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("key", [KEY.replace("%", "p"), OTHER], ids=["own", "other"])
def test_key_is_refused(keyed: Path, faces: Service, place: str, spelling: str, key: str) -> None:
    """One sentence without the key, no create, and no file that holds it."""
    text = SPELLINGS[spelling](key)
    with pytest.raises(InputError, match="Your API key stands in") as refusal:
        PLACES[place](text)
    assert key not in f"{refusal.value!r}{refusal.value}"
    assert not faces.creates()
    files = [path for path in keyed.rglob("*") if path.is_file()]
    assert not any(key.encode() in path.read_bytes() for path in files)


def test_request_made_by_hand_is_refused(service: Service, open_session: OpenSession) -> None:
    """A plan that no function of ours built is refused when it is priced or sent."""
    session = open_session(service, key=OTHER)
    prompt = Plan((Cell(GenerationRequest("crun", MODEL, f"a {OTHER}")),))
    right = Cell(GenerationRequest("crun", MODEL, "a heron"))
    callback = Plan((right,), callback_url=f"https://h.example/{OTHER}")
    for made, where in ((prompt, "the prompt"), (callback, "callback_url")):
        for act in (session.submit, lambda plan: session.bridge.run(session.bill(plan))):
            with pytest.raises(InputError, match=f"stands in {where}"):
                act(made)
    assert not service.creates()
