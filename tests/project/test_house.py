"""The arrows of the house: who may import whom."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.project.sources import CHECKOUT, PACKAGE, Import, floor_of, imports_of, package_files

_LOW = {"privacy", "text", "errors", "version"}
ARROWS: dict[str, set[str]] = {
    "privacy": set(),
    "text": set(),
    "version": set(),
    "errors": {"privacy", "text"},
    "images": {"errors"},
    "stats": {"errors", "text"},
    "settings": {"images", *_LOW},
    "model": {"settings", "images", *_LOW},
    "library": {"model", "settings", "images", *_LOW},
    "api": {"model", "settings", *_LOW},
    "ledger": {"model", "images", *_LOW},
    "show": {"model", "stats", "images", *_LOW},
    "run": {"show", "api", "ledger", "model", "settings", "images", *_LOW},
    "entry": {"run", "show", "library", "model", "settings", *_LOW},
    "notebook": {
        *("entry", "run", "show", "api", "ledger", "library", "model", "settings", "images"),
        *_LOW,
    },
    "cli": {
        *("notebook", "entry", "run", "show", "ledger", "model", "settings", "images"),
        *_LOW,
    },
    "__main__": {"cli"},
    "simulator": set(),
    "__init__": {"entry", "run", "show", "library", "model", *_LOW},
}
LAZY_ARROWS = {("entry", "notebook"), ("__init__", "notebook")}
THE_DOOR_TO_THE_SIMULATOR = "api/simulated.py"

OWNERS = {  # who alone may import these, by folder or file
    "httpx": ("api/http.py",),
    "httpcore": (),
    "h11": ("run/callback_request.py",),
    "sqlite3": ("ledger/", "simulator/"),
    "IPython": ("notebook/",),
    "anywidget": ("notebook/",),
    "ipywidgets": ("notebook/",),
    "traitlets": ("notebook/",),
    "starlette": ("simulator/",),
    "uvicorn": ("simulator/",),
    "matplotlib": ("show/judge/score_plot.py", "show/judgement.py"),
    "nest_asyncio": ("run/loop/background_loop.py",),
}


@cache
def _all_imports() -> list[Import]:
    return [found for file in package_files() for found in imports_of(file)]


def _of(floor: str) -> list[Import]:
    """What the files of a floor import."""
    return [i for i in _all_imports() if floor_of(CHECKOUT / PACKAGE / i.file) == floor]


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
    wrong = [str(i) for i in _of(floor) if not _in_house(i, floor)]
    assert wrong == []


def test_floors_have_no_ring() -> None:
    """The plan of arrows itself has an order: no floor stands above itself."""
    left = {floor: set(below) for floor, below in ARROWS.items()}
    while free := [floor for floor, below in left.items() if not below & set(left)]:
        for floor in free:
            del left[floor]
    assert left == {}


CLASSES_AT_THE_TOP = {"ImageGrid", "Job", "Report"}
VERBS_AT_THE_TOP = {
    "edit",
    "aedit",
    "replay",
    "areplay",
    "bill",
    "chance",
    "compare",
    "keep",
    "save",
    "score",
    "vote",
}
OF_CLASSES = {  # public ones and what they inherit: these alone may
    *("model/plan/plan.py", "model/result.py", "show/grid.py", "show/arrange/data.py"),
    *("show/comparison.py", "show/judgement.py", "show/exports.py"),
}


def test_top_is_reached_by_public_classes_alone() -> None:
    """They name each other and the verbs that act, and nobody else imports the package's top."""
    for file in package_files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        name = file.relative_to(CHECKOUT / PACKAGE).as_posix()
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == PACKAGE
            for alias in node.names
            if not (CHECKOUT / PACKAGE / alias.name).with_suffix(".py").exists()
        }
        whole = [i for i in imports_of(file) if i.module == PACKAGE and not names]
        assert not whole, name
        assert name in OF_CLASSES or not names, name
        assert names <= CLASSES_AT_THE_TOP | VERBS_AT_THE_TOP | {"bundle_of_one"}, name
        assert all(i.lazy for i in imports_of(file) if i.module == PACKAGE), name


def test_folders_can_be_looked_through() -> None:
    """No folder has more than 22 files, and outside the simulator no name stands twice."""
    folders = Counter(file.parent for file in package_files() if file.name != "__init__.py")
    assert {str(folder): n for folder, n in folders.items() if n > 22} == {}
    files = [f for f in package_files() if f.name != "__init__.py" and "simulator" not in f.parts]
    assert [name for name, n in Counter(file.name for file in files).items() if n > 1] == []


DOORS = {"entry.front": "notebook"}  # the file that alone may reach up, and where to


def test_files_have_no_ring() -> None:
    """No file imports itself by way of others; lazy and typing imports count.

    Two doors are left out: from the front to the notebook, and the package's own top.
    """
    arrows: dict[str, set[str]] = {}
    for i in _all_imports():
        if i.top == PACKAGE:
            arrows.setdefault(_module_of(i.file), set()).add(_file_of(i.module))
    for door, floor in DOORS.items():
        arrows[door] = {name for name in arrows[door] if not name.startswith(f"{floor}.")}
    assert len(arrows) > 200, "the files were found"
    del arrows["__init__"]
    while free := [name for name, below in arrows.items() if not below & set(arrows)]:
        for name in free:
            del arrows[name]
    assert sorted(arrows) == []


def _module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _file_of(module: str) -> str:
    """The file of ours that a module name leads to, without the package's name."""
    return module.removeprefix(PACKAGE).removeprefix(".") or "__init__"


@pytest.mark.parametrize("floor", ["privacy", "text", "errors"])
def test_lowest_floors_rest_on_the_standard_library(floor: str) -> None:
    """What texts pass through imports only what is Python's own, the error tree only that."""
    outside = [i for i in _of(floor) if i.top != PACKAGE]
    assert outside
    assert {i.top for i in outside} <= sys.stdlib_module_names


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
    wrong = [str(i) for i in users if not i.file.startswith(OWNERS[module] or ("-",))]
    assert wrong == []


def test_httpx_is_imported_in_one_file() -> None:
    """A change of HTTP client touches api/http.py."""
    assert {i.file for i in _all_imports() if i.top == "httpx"} == {"api/http.py"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import httpx\n", [("httpx", False)]),
        ("def f():\n    import httpx\n", [("httpx", True)]),
        ("from nanobanana_nb import api, model\n", ["api", "model"]),
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
    found = imports_of(CHECKOUT / PACKAGE / "errors.py")
    assert [i.floor or (i.module, i.lazy) for i in found] == expected


def test_whether_a_key_is_wanted_decides_about_keys_alone() -> None:
    """A provider without a key may cost money: `simulated` says that nothing is paid."""
    readers = {
        str(file.relative_to(CHECKOUT / PACKAGE))
        for file in package_files()
        if ".needs_key" in file.read_text(encoding="utf-8")
    }
    asks = {"run/runtime.py", "notebook/commands/doctor.py", "notebook/panel/service_line.py"}
    assert readers == {"api/provider.py", *asks}
