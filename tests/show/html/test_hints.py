"""Hints call a grid by the variable that holds it, or say nothing that a person cannot type."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nanobanana_nb.model import holder
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.grid_name import variable_of
from tests.html_reader import Page
from tests.show.conftest import generation, planned_grid, waiting

Names = dict[str, Any]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The variables of a notebook."""
    variables: Names = {"In": [], "_": None, "other": 3}
    shell = SimpleNamespace(user_ns=variables)
    monkeypatch.setattr(holder, "running_shell", lambda: shell)
    return variables


def shown(grid: ImageGrid) -> str:
    """HTML and text of a grid, as people read them."""
    forms = grid._repr_mimebundle_()
    return f"{Page(forms['text/html']).text}\n{forms['text/plain']}"


def _cats(photos: list[Path]) -> ImageGrid:
    return planned_grid(photos, "A {animal}, {style}", animal=["cat"], style=["ink", "oil", "wax"])


def _scout(photos: list[Path]) -> ImageGrid:
    plan = make_plan(
        *("A {a}, {b}",),
        provider="crun",
        model="nano-banana",
        namespace={"a": ["cat", "owl"], "b": ["ink", "oil"]},
        scout=True,
    )
    images = [generation(photos[n], n, request=c.request) for n, c in enumerate(plan.cells)]
    return ImageGrid(images, plan)


def _partly(photos: list[Path]) -> ImageGrid:
    whole = _cats(photos)
    images = [*whole.generations[:2], waiting(State.FAILED, request=whole[2].request)]
    return ImageGrid(images, whole.plan, runner=lambda plan, limits: whole)  # type: ignore[arg-type]


def _many(photos: list[Path]) -> ImageGrid:
    return planned_grid(photos, "A {n}", n=[str(n) for n in range(130)])


HINTS: dict[str, tuple[Callable[[list[Path]], ImageGrid], tuple[str, ...]]] = {
    "repeat": (_cats, ("herons.repeat(3)",)),
    "complete": (_scout, ("herons.complete()",)),
    "retry": (_partly, ("herons.retry()",)),
    "rest": (_many, ("herons[120:] shows the next", "herons[0] shows one large")),
}


@pytest.mark.long
@pytest.mark.parametrize("hint", HINTS)
def test_hint_names_the_variable(photos: list[Path], names: Names, hint: str) -> None:
    """Code in a hint runs as it stands there; what holds the same plan is as good."""
    make, codes = HINTS[hint]
    grid = make(photos)
    names["herons"] = grid
    for display in (grid, ImageGrid(grid.generations, grid.plan, runner=grid.runner)):
        assert all(code in shown(display) for code in codes)
        assert "grid" not in shown(display).replace("grid g", "")


@pytest.mark.long
@pytest.mark.parametrize("hint", HINTS)
def test_without_a_variable_no_code_is_told(photos: list[Path], names: Names, hint: str) -> None:
    """Nobody is told to type a name that is not there; neither in a script."""
    text = shown(HINTS[hint][0](photos))
    assert not any(code in text for code in ("grid.", "grid[", "herons"))


def test_names_of_ipython_are_nobodys(photos: list[Path], names: Names) -> None:
    """The last value is `_`, which the next cell replaces."""
    grid = _cats(photos)
    names |= {"_": grid, "_12": grid, "Out": {12: grid}, "not a name": grid}
    assert variable_of(grid) == ""
    names["cats"] = grid
    assert variable_of(grid) == "cats"


def test_other_grids_are_not_meant(photos: list[Path], names: Names) -> None:
    """Neither another plan's, nor a grid without a plan, nor what compares as it likes."""
    names |= {"others": _cats(photos[3:]), "bare": ImageGrid([waiting(State.FAILED)])}
    names["odd"] = type("Odd", (), {"__eq__": lambda *_: True, "plan": None})()
    assert variable_of(_cats(photos)) == ""
    assert variable_of(ImageGrid([waiting(State.FAILED)])) == ""


def test_chance_advises_by_the_variable(made: Callable[..., Generation], names: Names) -> None:
    """`grid.chance()` too, in text and in HTML."""
    grid = planned_grid([made(n).path for n in range(2)], "A {x}", x=["cat", "owl"])  # type: ignore[misc]
    assert "grid" not in repr(grid.chance())
    names["pets"] = grid
    assert "pets.repeat(" in repr(grid.chance())
    assert "<code>pets.repeat(" in grid.chance()._repr_mimebundle_()["text/html"]
