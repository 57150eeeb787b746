"""Public methods with arguments of any kind: a value, or one sentence of ours."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from tests.project.public import CLASSES
from tests.service import Service
from tests.show.conftest import photo, planned_grid
from tests.show.judge.memory_opinions import Kept

OF_ONE = {"one", "image", "path", "bytes", "task_id", "state", "error"}
FILES = {"export", "save"}  # their paths have tests of their own
OF_THE_RUN = {"put", "tell", "begin_again", "start", "ended", "follow", "afollow"}
NAMES = st.sampled_from(["style", "n", "ink", "a\ud800", "", "repeat", "self", "values"])
LONE = [Path("x"), Decimal("NaN"), 1j, object(), len, np.int64(1), 10**400, np.zeros((2, 2))]
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | NAMES
    # arrays have no equality that is true or false
    | st.sampled_from(LONE)
    | st.binary(max_size=3)
    | st.builds(slice, *[st.none() | st.integers(-2, 2) | st.just("a")] * 3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.integers(), inner, max_size=2)
        | st.tuples(inner, inner)
    ),
    max_leaves=4,
)
EVERY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> ImageGrid:
    """A finished grid of two axes that keeps opinions and cannot run anything."""
    folder = tmp_path_factory.mktemp("photos")
    pictures = [photo(folder / f"{n}.png", 32, 32, n) for n in range(4)]
    made = planned_grid(pictures, "a {style} cat {n}", style=["ink", "oil"], n=["1", "2"])
    ones = [replace(one, sha256=f"sha {n}") for n, one in enumerate(made)]
    links: Callable[[Any], str] = lambda one: "images/cat.png"  # noqa: E731
    return ImageGrid(ones, made.plan, opinions=Kept(), links=links)


def public(kind: type) -> list[str]:
    """Return the names of the methods that people call."""
    methods = inspect.getmembers(kind, inspect.isfunction)
    return sorted(name for name, _ in methods if not name.startswith("_"))


def called(method: Callable[..., Any], data: st.DataObject, **always: Any) -> None:
    """Call with anything; what it raises is ours, on one line and short."""
    parameters = [p for p in inspect.signature(method).parameters if p not in always]
    values = data.draw(st.lists(ODD, max_size=len(parameters) + 1))
    named = data.draw(st.dictionaries(st.sampled_from([*parameters, "odd"]), ODD, max_size=2))
    message = ""
    try:
        result = method(*values, **named, **always)
        if inspect.isawaitable(result):
            asyncio.run(result)
    except NanobananaError as error:
        message = str(error)
    assert "\n" not in message
    assert len(message) < 1_000


@pytest.mark.long
@pytest.mark.parametrize("name", [n for n in public(ImageGrid) if n not in FILES])
@EVERY
@given(data=st.data())
def test_every_method_of_a_grid(grid: ImageGrid, name: str, data: st.DataObject) -> None:
    """Whatever a method of a grid is given, it returns a value or says what it takes."""
    called(getattr(grid, name), data)


@pytest.mark.long
@pytest.mark.parametrize("name", [n for n in public(nb.Generation) if n not in FILES])
@EVERY
@given(data=st.data())
def test_every_method_of_an_image(
    faces: Service, grid: ImageGrid, name: str, data: st.DataObject
) -> None:
    """Whatever a method of an image is given, it returns a value or says what it takes."""
    called(getattr(grid[0], name), data, dry_run=True)
    assert faces.creates() == []


@pytest.mark.long
@pytest.mark.parametrize("name", [n for n in public(Job) if n not in OF_THE_RUN])
def test_every_method_of_a_job(faces: Service, name: str) -> None:
    """Whatever a method of a job is given, it returns a value or says what it takes."""
    job = nb.submit("A cat", repeats=2)
    job.result()

    @EVERY
    @given(data=st.data())
    def tried(data: st.DataObject) -> None:
        called(getattr(job, name), data)

    tried()
    assert len(faces.creates()) == 2


@EVERY
@given(index=ODD)
def test_index_of_any_kind(grid: ImageGrid, index: object) -> None:
    """An index gives images, or is refused as Python's own sequences refuse it."""
    with suppress(NanobananaError):
        assert isinstance(grid[index], nb.Generation | ImageGrid)  # type: ignore[call-overload]


DOORS: dict[str, Callable[[ImageGrid, Any], Any]] = {
    "[]": lambda grid, index: grid[index],
    "rate": lambda grid, index: grid.rate(index, stars=3),
    "diff": lambda grid, index: grid.diff(0, index),
    "diff first": lambda grid, index: grid.diff(index, 0),
    "compare": lambda grid, index: grid.compare(index),
    "compare two": lambda grid, index: grid.compare(0, index),
    "plan": lambda grid, index: grid.plan.only([0, index]),  # type: ignore[union-attr]
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("index", [4, 99, -5, 10**30, pytest.param(10**5000, id="endless")])
def test_image_that_is_not_there(grid: ImageGrid, door: str, index: int) -> None:
    """Every door says the same, and it is an IndexError too."""
    with pytest.raises(InputError, match=r"There is no image .*: there are 4\.$") as caught:
        DOORS[door](grid, index)
    assert isinstance(caught.value, IndexError)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("index", [1.5, b"x", (0,), [0], object(), slice(0, 4, 0)])
def test_index_of_another_kind(grid: ImageGrid, door: str, index: object) -> None:
    """Every door says what an index is and what was given, and it is a TypeError too."""
    with pytest.raises(InputError, match=r" is .*, not ") as caught:
        DOORS[door](grid, index)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize("index", ["0", None])
def test_index_that_only_some_take(grid: ImageGrid, index: object) -> None:
    """A text is a value of an axis for `[]` alone, and None the whole grid for `compare`."""
    for door in ("rate", "diff"):
        with pytest.raises(TypeError, match="The index of an image is a whole number, not "):
            DOORS[door](grid, index)


def test_attributes_of_a_grid_can_be_looked_through(grid: ImageGrid) -> None:
    """What only one image has is refused as a missing attribute, in the words of ours."""
    assert {name for name in dir(grid) if not hasattr(grid, name)} == OF_ONE
    assert getattr(grid, "error", None) is None
    with pytest.raises(InputError, match=r"4 images, not one. Say which: `grid\[0\].bytes`"):
        _ = grid.bytes


@pytest.mark.parametrize("value", [np.zeros(3), pd.Series([1, 2]), pd.DataFrame({"a": [1]}), "x"])
def test_whatever_is_no_image_is_not_in_a_grid(grid: ImageGrid, value: object) -> None:
    """Nothing that has a comparison of its own takes part in it."""
    assert value not in grid
    assert grid != value
    assert grid[0] in grid
    assert grid == grid[:]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_job_has_no_copy(faces: Service, copied: Callable[[Any], Any]) -> None:
    """One sentence says what can be copied, and nothing half made complains later."""
    job = nb.submit("A cat")
    for alive in (job, job._bridge):
        with pytest.raises(InputError, match=r"cannot be copied or pickled: .* `job.result\(\)`"):
            copied(alive)
    assert copied(job.result())


def test_what_runs_more_takes_a_plan(faces: Service) -> None:
    """Anything else is one sentence."""
    runner: Any = nb.generate("A cat").runner
    for pair in ((0, None), (nb.plan("A cat"), None)):
        with pytest.raises(InputError, match=r" is a (Plan|RunLimits), not "):
            runner(*pair, lambda grid: grid)


def test_job_says_what_it_lacks(faces: Service) -> None:
    """A try of an image that is not there, and arguments that nothing takes."""
    job = nb.submit("A cat")
    job.result()
    with pytest.raises(IndexError, match=r"There is no image 7: there are 1\."):
        job.again(7)
    with pytest.raises(
        TypeError, match=r"Job\.result was called wrongly: .* It takes no arguments\."
    ):
        job.result("x")  # type: ignore[call-arg]


def test_values_may_stand_in_what_holds_lists(grid: ImageGrid) -> None:
    """Arrays and sets hold the wanted values as lists do, and numbers of NumPy are numbers."""
    whole = planned_grid([one.path for one in grid], "a {n} cat", n=[1, 2])  # type: ignore[list-item,misc]
    assert grid.select(style=np.array(["ink"])) == grid.select(style={"ink"}) == grid["ink"]
    assert len(whole.select(n=np.int64(2))) == 1


@pytest.mark.parametrize("door", ["generate", "submit", "plan", "sweep"])
def test_functions_list_what_they_take(faces: Service, door: str) -> None:
    """Too many arguments are told by the name that was called, and nothing is sent."""
    with pytest.raises(InputError, match=rf"^{door} was called wrongly: .* It takes [^:]*=None"):
        getattr(nb, door)("A cat", {}, 5)
    assert faces.creates() == []


def test_count_agrees_with_counts(grid: ImageGrid) -> None:
    """A state is counted as `counts` does, an image by being equal, anything else never."""
    assert [grid.count(value) for value in ("success", "failed", "odd", grid[0], np.zeros(2))] == [
        *(4, 0, 0, 1, 0)
    ]
    assert {name: grid.count(name) for name in grid.counts()} == grid.counts()
    assert grid.index(grid[2]) == 2
    with pytest.raises(ValueError, match="not in the grid"):
        grid.index(grid[2], 3)


def test_a_grid_alone_is_a_sequence() -> None:
    """No other result inherits a `count` or an `index` that means something else than it says."""
    inherited = {kind for kind in CLASSES if issubclass(kind, Sequence | Mapping)}
    mapping = type(nb.prompts)
    assert inherited - {nb.State, mapping} == {ImageGrid}  # a state is a text


def test_async_functions_stay_so() -> None:
    """What is awaited is still known as a coroutine function."""
    for function in (nb.agenerate, nb.asweep, nb.Generation.aedit, nb.Generation.areplay):
        assert inspect.iscoroutinefunction(function)
