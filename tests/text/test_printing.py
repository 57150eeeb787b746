"""Whatever can be held in a script can be printed, on outputs that lack most signs."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import nanobanana_nb

SCRIPT = r"""
import sys
import nanobanana_nb as nb
from nanobanana_nb.model.request import ReferenceImage

PROMPT = "\u9dfa \xd7 \u2026 \u202e \U0001f600"  # a heron, signs, a turn
HOSTILE = f"{PROMPT} \x1b[31m \x07"  # colours and a bell, which no prompt may hold
values = {"a": ["ink \xb7", "oil"], "b": [PROMPT, "x"]}
plan = nb.plan("{a} {b}", values)
grid = nb.sweep("{a} {b}", values, repeats=2)
job = nb.submit(f"{PROMPT} [fail]")
try:
    job.result()
except nb.NanobananaError as caught:
    error = caught
image = ReferenceImage(url="https://x.example/\u9dfa", name=HOSTILE)
held = {
    "Generation": [grid[0], job.generations[0]],
    "GenerationRequest": [grid[0].request],
    "ImageGrid": [grid, grid[:1], job.grid, grid.pivot(rows="b", cols="a")],
    "Job": [job],
    "NanobananaError": [error, nb.NanobananaError(HOSTILE, why=HOSTILE, task_id=HOSTILE)],
    "Plan": [plan, grid.plan],
    "State": list(nb.State),
    "others": [
        plan.bill(), grid.diff(0, 3), grid.diff(0, 1), grid.chance(), grid.ratings()[0], image,
        grid.plan.axes[1], grid.plan.cells[0], grid.chance().axes[0],
        grid.vote,  # a method tells whose it is
    ],
}
bare = {"Panel"}  # its text is that of any object
public = {name for name in nb.__all__ if isinstance(getattr(nb, name), type)}
assert public == {*held, *bare} - {"others"}, public
for one in (one for group in held.values() for one in group):
    for text in (str(one), repr(one), f"{one}", str([one])):
        assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text, repr(text)
        print(text)
"""
OUTPUTS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "cp932": {"PYTHONIOENCODING": "cp932"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "locale C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "utf-8": {"PYTHONIOENCODING": "utf-8"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home folder for all outputs: the first makes the images, the others find them there."""
    return tmp_path_factory.mktemp("home")


def _run(arguments: list[str], home: Path, output: str) -> str:
    """Run Python with nothing of this process's settings but its path; return what it printed."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "NANOBANANA_HOME": str(home),
        "NANOBANANA_SIMULATOR_SPEED": "0",
        **OUTPUTS[output],
    }
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr
    encoding = OUTPUTS[output].get("PYTHONIOENCODING", "ascii")
    return done.stdout.decode(encoding)


@pytest.mark.long
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_public_class_can_be_printed(tmp_path: Path, home: Path, output: str) -> None:
    """`print`, `repr` and f-strings of each public class, and of what they give, raise nothing."""
    file = tmp_path / "script.py"
    file.write_text(SCRIPT, encoding="utf-8")
    printed = _run([str(file)], home, output)
    assert ("512 ×" in printed or "1024 ×" in printed) == (output in ("utf-8", "cp1252", "cp932"))
    assert ("鷺" in printed) == (output in ("utf-8", "cp932"))


FLOORS = ("errors", "model", "run", "show")


def _classes() -> list[type]:
    """Return every class of the floors whose objects a person may hold."""
    found = pkgutil.walk_packages(nanobanana_nb.__path__, "nanobanana_nb.")
    names = [name for _, name, _ in found if name.split(".")[1] in FLOORS]
    modules = [importlib.import_module(name) for name in names]
    return [
        kind
        for module in modules
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ in (module.__name__, nanobanana_nb.__name__)
    ]


def test_no_class_writes_a_text_that_is_not_printable() -> None:
    """Each `__repr__` and `__str__` that is written by hand passes the one place for it."""
    texts = [vars(kind).get(name) for kind in _classes() for name in ("__repr__", "__str__")]
    files = [Path(text.__code__.co_filename) for text in texts if hasattr(text, "__code__")]
    ours = [file for file in files if Path(nanobanana_nb.__path__[0]) in file.parents]
    assert len(ours) > 20
    assert {file.name for file in ours} == {"terminal.py"}


@pytest.mark.long
@pytest.mark.parametrize("output", OUTPUTS)
def test_the_simulators_help_can_be_printed(home: Path, output: str) -> None:
    """The command of the simulator tells its options on any output."""
    assert "--port" in _run(["-m", "nanobanana_nb.simulator", "--help"], home, output)
