"""The types that a user's own checker sees: what is returned, and what is wrong to write."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb as nb
from tests.project.public import CLASSES, members_of
from tests.project.sources import CHECKOUT

pytestmark = pytest.mark.long

USERS_CODE = CHECKOUT / "tests" / "project" / "users_code.py"
FUNCTIONS = ["agenerate", "asweep", "generate", "plan", "submit", "sweep"]
STEPS = ["aedit", "areplay", "bill", "compare", "edit", "replay", "vote"]


def checked(*command: str) -> None:
    """Run a checker in the checkout; it has to find nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_reads_users_code() -> None:
    """Strict, and an ignore that is not needed is an error: each mistake is flagged."""
    checked("mypy", "--strict", "--follow-imports=silent", str(USERS_CODE))


def test_pyright_reads_users_code(tmp_path: Path) -> None:
    """The same for what VS Code shows. Mypy's own ignores count nothing here."""
    settings = {
        "include": [str(USERS_CODE)],
        "extraPaths": [str(CHECKOUT)],
        "typeCheckingMode": "standard",
        "enableTypeIgnoreComments": False,
        "reportUnnecessaryTypeIgnoreComment": "error",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    checked("basedpyright", "-p", str(tmp_path), "--pythonpath", sys.executable)


@pytest.mark.parametrize("name", [*FUNCTIONS, *STEPS])
def test_every_verb_is_in_users_code(name: str) -> None:
    """What is new is written there too, with what it returns."""
    assert f"nb.{name}(" in USERS_CODE.read_text(encoding="utf-8")


def test_no_method_returns_anything() -> None:
    """Each public method and function says what it returns, and none says `Any`."""
    members = {name: member for kind in CLASSES for name, member in members_of(kind).items()}
    members |= {name: getattr(nb, name) for name in (*FUNCTIONS, *STEPS)}
    assert len(members) > 90, "they were found"
    returned = {name: inspect.signature(f).return_annotation for name, f in members.items()}
    assert [n for n, hint in returned.items() if hint in ("Any", Any, inspect._empty)] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_help_shows_the_parameters(name: str) -> None:
    """`help` and tab completion know each by its name and type, not as `*args`."""
    parameters = inspect.signature(getattr(nb, name)).parameters.values()
    assert [p.name for p in parameters if p.kind is p.VAR_POSITIONAL] == []
    assert [p.name for p in parameters if p.annotation is p.empty] == []
    assert {"repeats", "images", "provider"} <= {p.name for p in parameters}
