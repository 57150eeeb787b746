"""Where a kernel or script began, and the one name of its notebook: in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

GO = (
    "import os, nanobanana_nb as nb\n"
    "from nanobanana_nb.entry.launch import session_for\n"
    "from nanobanana_nb.settings.origin import notebook\n"
)
SHOW = (
    "print('home', session_for().settings.home)\n"
    "print('name', notebook())\n"
    "print('image', *((one.path.exists(), one.cached) for one in nb.generate('a heron')))\n"
)
SPEND = "print(get_ipython().run_line_magic('nanobanana', 'spend'))\n"


def ran(folder: Path, file: str, source: str, *, ipython: bool = False, **environ: str) -> str:
    """Run a script or a file of a terminal's IPython in a folder; return what it printed."""
    (folder / "sub").mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(source)
    start = ["-m", "IPython", "--colors=NoColor"] if ipython else []
    quiet = {"IPYTHONDIR": str(folder / "ipython")}
    done = subprocess.run(
        [sys.executable, *start, file],
        cwd=folder,
        env={**os.environ, **quiet, **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def values(printed: str, word: str) -> list[str]:
    """Return what stands behind a word at the beginning of its lines."""
    return [line.split(" ", 1)[1] for line in printed.splitlines() if line.startswith(f"{word} ")]


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "move"), [("script.py", "os.chdir('sub')\n"), ("cells.ipy", "%cd -q sub\n")]
)
def test_relative_home_stays_where_it_was(tmp_path: Path, file: str, move: str) -> None:
    """After a change of folder there is one ledger, and the image is free and at its place."""
    printed = ran(
        tmp_path,
        file,
        GO + SHOW + move + SHOW,
        ipython=file.endswith("ipy"),
        NANOBANANA_HOME="nbhome",
    )
    assert values(printed, "home") == [str(tmp_path / "nbhome")] * 2
    assert values(printed, "image") == ["(True, False)", "(True, True)"]
    assert list(tmp_path.rglob("ledger.sqlite")) == [tmp_path / "nbhome" / "ledger.sqlite"]
    assert len(set(values(printed, "name"))) == 1


@pytest.mark.long
def test_relative_home_counts_from_the_start_of_a_terminal(tmp_path: Path) -> None:
    """Also where the package is first imported, or the home first set, after `%cd`."""
    setting = "%config NanobananaMagics.home = 'other'\n"
    source = f"%cd -q sub\n%load_ext nanobanana_nb\n{GO}{SHOW}{setting}{SHOW}%reset -f\n{GO}{SHOW}"
    printed = ran(tmp_path, "cells.ipy", source, ipython=True, NANOBANANA_HOME="nbhome")
    assert values(printed, "home") == [
        str(tmp_path / "nbhome"),
        str(tmp_path / "other"),
        str(tmp_path / "other"),
    ]


def test_relative_home_in_the_file_counts_from_the_file(tmp_path: Path) -> None:
    """`config.toml` is of all notebooks: where one of them is does not matter."""
    shared = tmp_path / "data" / "nanobanana_nb"
    shared.mkdir(parents=True)
    (shared / "config.toml").write_text('home = "nbhome"\nmodel = "nano-banana-2"')
    environ = {name: value for name, value in os.environ.items() if name != "NANOBANANA_HOME"}
    del environ["NANOBANANA_PROVIDER"]
    script = tmp_path / "script.py"
    script.write_text(
        "from nanobanana_nb.settings import config\n"
        "settings = config.load().settings\n"
        "print(settings.home, settings.model)"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd="/",
        env={**environ, "XDG_DATA_HOME": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == f"{shared / 'nbhome'} nano-banana-2\n"


@pytest.mark.long
@pytest.mark.parametrize("session_name", ["", "/elsewhere/parent.ipynb"])
def test_terminal_has_one_name(tmp_path: Path, session_name: str) -> None:
    """In a terminal's IPython `spend` knows the credits of the row above it, also after `%cd`."""
    source = f"%load_ext nanobanana_nb\n{GO}{SHOW}%cd -q sub\n{SPEND}{SHOW}{SPEND}"
    printed = ran(tmp_path, "cells.ipy", source, ipython=True, JPY_SESSION_NAME=session_name)
    sums = [line for line in printed.splitlines() if line.startswith("simulator: ")]
    assert sums == ["simulator: 4 credits in all, today 4, this notebook 4."] * 2


@pytest.mark.long
def test_script_goes_by_its_file(tmp_path: Path) -> None:
    """Two scripts of one folder are two, and stay so when they change the folder."""
    for file in ("one.py", "two.py"):
        printed = ran(tmp_path, file, GO + SHOW + "os.chdir('sub')\n" + SHOW)
        assert values(printed, "name") == [str(tmp_path / file)] * 2
