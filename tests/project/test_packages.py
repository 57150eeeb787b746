"""The wheel and the sdist, tried out with the source out of the way."""

from __future__ import annotations

import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.project.conftest import Packages

pytestmark = pytest.mark.long

SMOKE = """
import pathlib, sys
import nanobanana_nb
from IPython.core.interactiveshell import InteractiveShell

assert pathlib.Path(nanobanana_nb.__file__).is_relative_to(sys.prefix), nanobanana_nb.__file__
shell = InteractiveShell.instance()
for cell in ("%load_ext nanobanana_nb", "%%nanobanana -o grid\\na heron", "grid[0].image.size"):
    shell.run_cell(cell).raise_error()
html = shell.user_ns["grid"]._repr_mimebundle_()
html = html[0] if isinstance(html, tuple) else html
print("SMOKE", len(shell.user_ns["grid"]), "data:image/" in html["text/html"])
"""


def test_wheel_holds_the_package_alone(packages: Packages) -> None:
    """In the wheel are the package, its type marker and its metadata."""
    with zipfile.ZipFile(packages.wheel) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"nanobanana_nb"}
    assert "nanobanana_nb/py.typed" in names
    odd = [name for name in names if "cache" in name or name.endswith((".pyc", ".ipynb"))]
    assert odd == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_wheel_has_every_module(packages: Packages) -> None:
    """Every Python file of the package is in the wheel."""
    from tests.project.sources import CHECKOUT, package_files

    with zipfile.ZipFile(packages.wheel) as wheel:
        names = set(wheel.namelist())
    here = {file.relative_to(CHECKOUT).as_posix() for file in package_files()}
    assert here - names == set()


def test_wheel_has_the_viewer(packages: Packages) -> None:
    """The scripts and the style of the viewer are in the wheel beside its module."""
    from tests.project.sources import CHECKOUT

    with zipfile.ZipFile(packages.wheel) as wheel:
        names = set(wheel.namelist())
    folder = CHECKOUT / "nanobanana_nb" / "show" / "viewer"
    here = {file.relative_to(CHECKOUT).as_posix() for file in folder.iterdir() if file.is_file()}
    assert any(name.endswith(".css") for name in here)
    assert here - names == set()


def test_sdist_holds_what_a_tester_needs(packages: Packages) -> None:
    """In the sdist are the package, the tests, the notebooks and the papers."""
    with tarfile.open(packages.sdist) as sdist:
        tops = {name.split("/")[1] for name in sdist.getnames() if "/" in name}
    assert {"nanobanana_nb", "tests", "notebooks", "README.md", "LICENSE"} <= tops


def test_installed_wheel_makes_a_picture(installed: Path, tmp_path: Path) -> None:
    """Installed from the wheel, in another folder, a `%%nanobanana` cell gives its picture."""
    script = tmp_path / "smoke.py"
    script.write_text(SMOKE, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environ["IPYTHONDIR"] = str(tmp_path / "ipython")
    done = subprocess.run(
        [str(installed), str(script)],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SMOKE 1 True" in done.stdout


def test_installed_simulator_can_be_started(installed: Path, tmp_path: Path) -> None:
    """`python -m nanobanana_nb.simulator --help` works, or names the extra that it wants."""
    done = subprocess.run(
        [str(installed), "-m", "nanobanana_nb.simulator", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "--port" in done.stdout or "[server]" in done.stdout + done.stderr
