"""What importing costs: heavy libraries come with the first picture, not before."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

import pytest

from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import State
from tests.project.sources import PACKAGE, floor_of, package_files

pytestmark = pytest.mark.long

HEAVY = (
    "httpx",
    "httpcore",
    "h11",
    "anyio",
    "PIL",
    "sqlite3",
    "anywidget",
    "ipywidgets",
    "starlette",
    "uvicorn",
)

IMPORT = """
import json, sys
before = set(sys.modules)
import nanobanana_nb
print(json.dumps(sorted(set(sys.modules) - before)))
"""
LOAD = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic("load_ext", "nanobanana_nb")
assert "nanobanana" in shell.magics_manager.magics["cell"]
print(json.dumps(sorted(set(sys.modules) - before)))
"""


MOST_OF_A_START = 0.5  # what loading may cost, as a part of a bare start of IPython
RUNS = 7
LOADED = {"__init__", "version", "errors", "images", "notebook", "privacy", "settings", "text"}
HEAVY_FLOORS = ("show", "entry", "run", "model", "ledger", "api")
LATER = (  # rooms of ours that wait for a cell, on floors of which something is loaded
    *("images.decoding", "images.canvas", "images.measure"),
    *(
        "notebook.panel",
        "notebook.page",
        "notebook.status.live_view",
        "notebook.magic.option_parser",
    ),
    *("notebook.magic.cell_run", "notebook.magic.cell_spec", "notebook.commands.registry"),
)
LIBRARIES = (*HEAVY, "nest_asyncio", "argparse", "tomllib", "html", "markupsafe", "uuid")


def _new_modules(source: str, folder: Path) -> set[str]:
    """The top names of the modules that the source's import brings in, in a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_import_is_cheap(tmp_path: Path) -> None:
    """`import nanobanana_nb` brings in no heavy library, and not IPython."""
    new = _new_modules(IMPORT, tmp_path)
    assert "nanobanana_nb" in new
    assert new.isdisjoint((*HEAVY, "IPython", "nest_asyncio"))


def test_loading_the_extension_is_cheap(tmp_path: Path) -> None:
    """`%load_ext nanobanana_nb` brings in no heavy library that IPython had not loaded."""
    new = _new_modules(LOAD, tmp_path)
    assert "nanobanana_nb" in new
    assert new.isdisjoint((*HEAVY, "nest_asyncio"))


def test_measure_sees_what_is_imported(tmp_path: Path) -> None:
    """The measure itself notices a heavy library."""
    assert "httpx" in _new_modules(IMPORT.replace("nanobanana_nb", "httpx"), tmp_path)


@pytest.fixture
def ipython(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which IPython keeps its files, with no ledger and no settings."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("NANOBANANA_HOME", str(tmp_path / "home"))
    return tmp_path


def _run(cell: str, folder: Path) -> str:
    """What a cell prints in an IPython of its own."""
    command = [sys.executable, "-m", "IPython", "--no-banner", "-c", cell]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=True
    ).stdout


def _modules_after(cell: str, folder: Path) -> set[str]:
    """The modules that IPython has after a cell, and would not have without it."""
    listing = "import json, sys; print(json.dumps(sorted(sys.modules)))"
    with_cell, bare = (
        {*json.loads(_run(f"{code}\n{listing}", folder).splitlines()[-1])} for code in (cell, "")
    )
    return with_cell - bare


def test_nothing_of_a_cell_is_imported_before_it(ipython: Path) -> None:
    """After `%load_ext` no grid, plan, prompt, service, ledger or widget is there; later they are.

    What IPython itself imports does not count.
    """
    loaded = _modules_after("%load_ext nanobanana_nb", ipython)
    floors = {floor_of(file) for file in package_files()} - LOADED
    ours = tuple(f"{PACKAGE}.{name}" for name in (*sorted(floors), *LATER))
    assert floors >= {*HEAVY_FLOORS}
    assert [name for name in loaded if name.startswith(ours)] == []
    assert {name.partition(".")[0] for name in loaded}.isdisjoint(LIBRARIES)
    used = _modules_after("%load_ext nanobanana_nb\n%nanobanana history", ipython)
    assert [name for name in used if name.startswith(ours)], "the measure sees what comes later"


def test_table_of_commands_is_cheap(ipython: Path) -> None:
    """The table is there for a help or a completion without what the commands need to run."""
    table = "import nanobanana_nb.notebook.commands.registry"
    new = _modules_after(table, ipython)
    heavy = tuple(f"{PACKAGE}.{floor}" for floor in HEAVY_FLOORS)
    assert f"{PACKAGE}.notebook.commands.tasks" in new
    assert [name for name in new if name.startswith(heavy)] == []


def _cost(cell: str, folder: Path) -> float:
    """The time that a core works for an IPython that runs a cell, in seconds."""
    before = getrusage(RUSAGE_CHILDREN)
    _run(cell, folder)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _settled_ledger(home: Path) -> None:
    """A ledger with one task, of which there is nothing to tell."""
    ledger = Ledger(home)
    request = GenerationRequest("simulator", "google/nano-banana", "a heron")
    row = ledger.claims.claim(request, CreateTerms(now=time.time())).generation
    assert row is not None
    ledger.record(replace(row, state=State.FAILED))


@pytest.mark.parametrize("prepare", [Path.mkdir, _settled_ledger], ids=["empty", "ledger"])
def test_loading_costs_half_of_a_start_at_most(
    ipython: Path, prepare: Callable[[Path], None]
) -> None:
    """`%load_ext` takes at most half as long as IPython takes to start, on any machine.

    What is compared runs in turns, in time of the processor: others may work here too.
    """
    prepare(ipython / "home")
    cells = ("pass", "%load_ext nanobanana_nb")
    for cell in cells:
        _run(cell, ipython)  # once, for what is compiled and created
    bare, loaded = (median(costs) for costs in zip(*_costs(cells, ipython), strict=True))
    assert loaded - bare <= MOST_OF_A_START * bare


def _costs(cells: tuple[str, ...], folder: Path) -> list[tuple[float, ...]]:
    return [tuple(_cost(cell, folder) for cell in cells) for _ in range(RUNS)]
