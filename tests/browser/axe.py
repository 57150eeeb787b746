"""The rules of axe-core on a page: what a person with a screen reader or weak eyes would miss."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import platformdirs
from playwright.sync_api import Locator, Page

PACKAGE = "axe-core@4.10.3"
SHA512 = "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg=="
# Axe takes what is scrolled away on JupyterLab's page as hidden: its body is 0 pixels high and
# lets nothing flow over.
_SHOW_ALL = """for (const one of document.querySelectorAll("body, .jp-LabShell")) {
  one.style.overflow = "visible";
}"""
_RUN = """async (element) => {
  const found = await axe.run(element);
  const all = [...found.passes, ...found.incomplete, ...found.violations];
  const seen = all.filter(({ id }) => id === "color-contrast").flatMap(({ nodes }) => nodes);
  const hidden = (node) => node.any.some(({ message }) => message === "Element is hidden");
  const wrong = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return {
    seen: seen.filter((node) => !hidden(node)).length,
    wrong: wrong.flatMap(({ id, nodes }) => nodes.map(
      (node) => `${id}: ${node.html.slice(0, 200)} (${node.failureSummary})`)),
  };
}"""


class AxeError(Exception):
    """Axe cannot be had here; the text says why."""


def axe_source() -> str:
    """Return axe-core's script from the npm registry, kept in the user's cache folder.

    Raises AxeError where npm is missing or does not get it. What has another hash than the one
    above is refused.
    """
    kept = Path(platformdirs.user_cache_dir("nanobanana_nb-tests", appauthor=False))
    file = kept / f"{PACKAGE.replace('@', '-')}.tgz"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        _fetch(file)
    assert _sha512(file) == SHA512, f"{file} is not what was published: delete it"
    with tarfile.open(file) as package:
        script = package.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def _fetch(file: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise AxeError("no npm: install Debian's package")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        command = [npm, "pack", PACKAGE, "--silent"]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise AxeError(f"npm pack {PACKAGE}: {done.stderr[-500:]}")
        (packed,) = Path(folder).iterdir()
        packed.replace(file)


def _sha512(file: Path) -> str:
    return base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()


def install(page: Page, source: str) -> None:
    """Put axe into a page, which must not be loaded anew afterwards."""
    page.evaluate(source)
    page.evaluate(_SHOW_ALL)


def serious(element: Locator, *, least: int = 1) -> list[str]:
    """Return what is seriously or critically wrong in an element.

    Args:
        least: at so many texts axe must have looked, or it has taken the page as hidden.
    """
    found = element.evaluate(_RUN)
    assert found["seen"] >= least, f"axe has seen {found['seen']} texts"
    return list(found["wrong"])
