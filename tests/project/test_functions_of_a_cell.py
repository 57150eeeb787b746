"""How many functions of ours a reader meets on the way of one cell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import CHECKOUT

pytestmark = pytest.mark.long

MOST = 400


def test_a_cell_runs_through_few_functions(tmp_path: Path) -> None:
    """A function is a thought that is worth a name: hops and slivers make the way long."""
    command = [sys.executable, "-m", "tests.project.functions_of_a_cell"]
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    functions = json.loads(done.stdout.splitlines()[-1])
    assert 100 < len(functions) < MOST
