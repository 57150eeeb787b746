"""What a pickle names: frozen from now on, so that one of today loads after files have moved."""

from __future__ import annotations

import pickle
import pickletools
import subprocess
import sys
from pathlib import Path

import nanobanana_nb
from nanobanana_nb.errors import Charged, GenerationFailedError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid

PLACES = {
    "nanobanana_nb Generation",
    "nanobanana_nb GenerationRequest",
    "nanobanana_nb ImageGrid",
    "nanobanana_nb Plan",
    "nanobanana_nb State",
    "nanobanana_nb.errors Charged",
    "nanobanana_nb.errors GenerationFailedError",
    "nanobanana_nb.model.plan.axes Axis",
    "nanobanana_nb.model.plan.record Cell",
    "nanobanana_nb.model.plan.recipe Recipe",
    "nanobanana_nb.model.prompt.axis_lines AxisLines",
    "nanobanana_nb.model.prompt.template Place",
    "nanobanana_nb.model.prompt.template Template",
    "nanobanana_nb.model.request ReferenceImage",
    "nanobanana_nb.show.arrange.view View",
}


def grid() -> ImageGrid:
    """A grid with two axes, a view, a failure and a reference image."""
    reference = ReferenceImage(url="https://example.org/a.png", sha256="a" * 64)
    plan = make_plan(
        "A {a|b} cat, {style}\n---\nstyle: ink | oil",
        provider="crun",
        model="nano-banana",
        namespace={},
        images=[reference],
        repeats=2,
    )
    error = GenerationFailedError("It failed", charged=Charged.NO)
    first, *others = (Generation(cell.request) for cell in plan.cells)
    failed = Generation(first.request, state=State.FAILED, error=error)
    return ImageGrid([failed, *others], plan).pivot(rows="choice 1")


def named_places(data: bytes) -> set[str]:
    """The module and name of everything of ours that a pickle refers to."""
    texts: list[str] = []
    found = set()
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name == "GLOBAL":
            found.add(str(argument))
        elif opcode.name == "STACK_GLOBAL":
            found.add(" ".join(texts[-2:]))
        elif isinstance(argument, str):
            texts.append(argument)
    return {place for place in found if place.startswith("nanobanana_nb")}


def test_places_are_frozen() -> None:
    """Moving a class that stands in pickles is a decision, made here as well."""
    assert named_places(pickle.dumps(grid(), protocol=2)) == PLACES


def test_grid_loads_in_another_process(tmp_path: Path) -> None:
    """What one process writes another reads, which has imported nothing of ours before."""
    file = tmp_path / "grid.pickle"
    file.write_bytes(pickle.dumps(grid()))
    code = f"import pickle; print(repr(pickle.load(open({str(file)!r}, 'rb'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr(grid())


def test_public_classes_say_where_people_find_them() -> None:
    """Whatever file a public class stands in, its name is that of the package."""
    public = [getattr(nanobanana_nb, name) for name in nanobanana_nb.__all__]
    homes = {kind.__module__ for kind in public if isinstance(kind, type)}
    assert homes == {"nanobanana_nb"}
