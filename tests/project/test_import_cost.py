"""What importing costs: heavy libraries come with the first picture, not before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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
