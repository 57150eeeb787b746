"""A shell: the command as a process of its own, with what it says and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.project.sources import CHECKOUT
from tests.service import Service

COMMAND = [sys.executable, "-m", "nanobanana_nb"]


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit code, its answer, and what stood beside it."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON value of the answer."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs commands in a folder, against a service that wants a key and takes credits."""

    folder: Path
    service: Service

    def __call__(self, *words: str, text: str | None = None, **environ: str) -> Ended:
        """Run a command to its end; what stands in `text` is piped into it."""
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self.environ(**environ),
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command that the test ends."""
        return subprocess.Popen(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def environ(self, **more: str) -> dict[str, str]:
        """The environment of each command."""
        path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
        ours = {"PYTHONPATH": path, "PYTHONUTF8": "1", "NANOBANANA_RATE_LIMIT": "1000/1"}
        return {**os.environ, **self.service.environ, **ours, **more}
