"""Folders on a disk of their own, or seen by others who may not write: where one may mount."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Let a folder be a disk of this size (`2m`), or skip the test."""
    with _mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        yield folder


@contextmanager
def read_only(owner: Path, other: Path) -> Iterator[Path]:
    """Show a folder in another place, where nobody can write, or skip the test."""
    with _mounted(other, "--bind", str(owner)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(other)], check=True)
        yield other


@contextmanager
def _mounted(folder: Path, *what: str) -> Iterator[None]:
    folder.mkdir()
    command = ["mount", *what, str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:  # at once, and for good when the last file is closed
        subprocess.run(["umount", "-l", str(folder)], check=True)
