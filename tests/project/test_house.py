"""The arrows of the house: who may import whom."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.project.sources import CHECKOUT, PACKAGE, Import, floor_of, imports_of, package_files

_RECORDS = {"redaction", "plain_text", "errors", "config", "keys", "origin", "spelling"}
ARROWS: dict[str, set[str]] = {
    "redaction": set(),
    "plain_text": set(),
    "containers": set(),
    "quiet": set(),
    "decoding": {"containers", "quiet"},
    "disk": set(),
    "data_links": set(),
    "addresses": {"redaction"},
    "values": {"addresses"},
    "origin": set(),
    "spelling": set(),
    "errors": {"plain_text", "redaction"},
    "config": {"errors", "values", "origin", "spelling", "redaction", "keys", "config_file"},
    "config_file": {"errors", "spelling", "redaction", "keys", "disk"},
    "keys": {"errors", "redaction"},
    "model": {"config", "keys", "values", "plain_text", "errors", "redaction", "decoding", "disk"},
    "api": {"model", "addresses", "values", "data_links", *_RECORDS},
    "ledger": {"model", "errors", "redaction", "decoding", "disk"},
    "show": {"model", "plain_text", "errors", "redaction", "decoding", "disk"},
    "run": {
        "show",
        "api",
        "ledger",
        "model",
        "data_links",
        "containers",
        "decoding",
        "quiet",
        *_RECORDS,
    },
    "faces": {"run", "show", "model", *_RECORDS},
    "experiments": {"faces", "run", "show", "model", *_RECORDS},
    "lineage": {"faces", "run", "show", "model", *_RECORDS},
    "notebook": {
        "experiments",
        "faces",
        "run",
        "show",
        "api",
        "ledger",
        "model",
        "containers",
        *_RECORDS,
    },
    "simulator": set(),
    "__init__": {"experiments", "lineage", "faces", "run", "show", "model", *_RECORDS},
}
LAZY_ARROWS = {("faces", "notebook"), ("__init__", "notebook")}
THE_DOOR_TO_THE_SIMULATOR = "api/simulated.py"

OWNERS = {  # who alone may import these, by folder or file
    "httpx": ("api/http.py",),
    "httpcore": (),
    "sqlite3": ("ledger/", "simulator/"),
    "IPython": ("notebook/",),
    "anywidget": ("notebook/",),
    "ipywidgets": ("notebook/",),
    "traitlets": ("notebook/",),
    "starlette": ("simulator/",),
    "uvicorn": ("simulator/",),
    "nest_asyncio": ("run/bridge.py",),
}
LAZY_PROBES = {("faces.py", "IPython")}


def _all_imports() -> list[Import]:
    return [found for file in package_files() for found in imports_of(file)]


def _in_house(found: Import, floor: str) -> bool:
    if found.floor in ("", floor):
        return True
    if found.floor == "simulator":
        return found.file == THE_DOOR_TO_THE_SIMULATOR
    lazy = found.lazy and (floor, found.floor) in LAZY_ARROWS
    return lazy or found.floor in ARROWS[floor]


def test_every_part_has_a_floor() -> None:
    """Each file and folder at the top of the package stands in the plan of arrows."""
    parts = {floor_of(file) for file in package_files()}
    assert parts <= set(ARROWS)
    assert len(package_files()) > 30, "the package was found"


@pytest.mark.parametrize("floor", sorted(ARROWS))
def test_arrows_point_down(floor: str) -> None:
    """A floor imports itself and what stands below it."""
    files = [file for file in package_files() if floor_of(file) == floor]
    wrong = [str(i) for file in files for i in imports_of(file) if not _in_house(i, floor)]
    assert wrong == []


def test_floors_have_no_ring() -> None:
    """The plan of arrows itself has an order: no floor stands above itself."""
    left = {floor: set(below) for floor, below in ARROWS.items()}
    while free := [floor for floor, below in left.items() if not below & set(left)]:
        for floor in free:
            del left[floor]
    assert left == {}


@pytest.mark.parametrize(
    ("file", "below"),
    [
        ("redaction.py", set()),
        ("plain_text.py", set()),
        ("errors.py", {"plain_text", "redaction"}),
    ],
)
def test_lowest_floors_rest_on_the_standard_library(file: str, below: set[str]) -> None:
    """What texts pass through imports only what is Python's own, the error tree only that."""
    found = imports_of(CHECKOUT / PACKAGE / file)
    assert found
    assert {i.floor for i in found if i.top == PACKAGE} == below
    assert {i.top for i in found if i.top != PACKAGE} <= sys.stdlib_module_names


def test_simulator_stands_apart() -> None:
    """The simulator imports nothing of ours outside itself, and one file alone imports it."""
    inner = [i for i in _all_imports() if i.file.startswith("simulator/") and i.top == PACKAGE]
    assert [str(i) for i in inner if i.floor != "simulator"] == []
    callers = {i.file for i in _all_imports() if i.floor == "simulator"}
    outside = {file for file in callers if not file.startswith("simulator/")}
    assert outside == {THE_DOOR_TO_THE_SIMULATOR}


@pytest.mark.parametrize("module", sorted(OWNERS))
def test_library_has_one_home(module: str) -> None:
    """Each of these libraries is imported in its own corner and nowhere else."""
    users = [i for i in _all_imports() if i.top == module]
    wrong = [
        str(i)
        for i in users
        if not i.file.startswith(OWNERS[module] or ("-",))
        and not (i.lazy and (i.file, module) in LAZY_PROBES)
    ]
    assert wrong == []


def test_httpx_is_imported_in_one_file() -> None:
    """A change of HTTP client touches api/http.py."""
    assert {i.file for i in _all_imports() if i.top == "httpx"} == {"api/http.py"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import httpx\n", [("httpx", False)]),
        ("def f():\n    import httpx\n", [("httpx", True)]),
        ("from nanobanana_nb import api, keys\n", ["api", "keys"]),
        ("from . import errors\n", ["errors"]),
        ("from .api.client import Client\n", ["api"]),
        ("if TYPE_CHECKING:\n    from PIL import Image\n", [("PIL", True)]),
        ("try:\n    import PIL\nexcept ImportError:\n    pass\n", [("PIL", False)]),
    ],
)
def test_imports_are_read_right(
    monkeypatch: pytest.MonkeyPatch, source: str, expected: list[str | tuple[str, bool]]
) -> None:
    """The reader of imports knows their forms; otherwise the tests above hold nothing."""
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: source)
    found = imports_of(CHECKOUT / PACKAGE / "faces.py")
    assert [i.floor or (i.module, i.lazy) for i in found] == expected


def test_whether_a_key_is_wanted_decides_about_keys_alone() -> None:
    """A provider without a key may cost money: `simulated` says that nothing is paid."""
    readers = {
        str(file.relative_to(CHECKOUT / PACKAGE))
        for file in package_files()
        if ".needs_key" in file.read_text(encoding="utf-8")
    }
    asks = {"run/sessions.py", "notebook/doctor.py", "notebook/panel/head.py"}
    assert readers == {"api/provider.py", *asks}
