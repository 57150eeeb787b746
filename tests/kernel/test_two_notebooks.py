"""Two notebooks that ask for the same at the same time: the second one says what it waits for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.conftest import StartKernel
from tests.kernel.frontend import FrontEnd
from tests.kernel.page import Cell
from tests.service import Service, serving

pytestmark = pytest.mark.kernel

ONLY_CURRENT = pytest.mark.parametrize("environment", ["current"], indirect=True)
NEITHER_PAYS = "aits for another notebook that has asked for"


@pytest.fixture
def service() -> Iterator[Service]:
    """A service over TCP whose tasks end when the test says so."""
    with serving(speed=1.0, median_s=1000.0, sigma=0.0, rate=None, balance=1000.0) as found:
        yield found


def _shown(notebook: FrontEnd, cell: Cell) -> str:
    """What the page shows of a cell, the values of open widgets included."""
    values = [str(state.get("value", "")) for state in notebook.page.widgets.values()]
    return "\n".join([*values, *cell.all("text/html"), *cell.all("text/plain")])


@ONLY_CURRENT
@pytest.mark.parametrize(
    ("someone_types", "first", "second", "line"),
    [
        (True, "-n 2", "-n 2", f"W{NEITHER_PAYS} these: nothing is paid here."),
        (True, "", "", f"W{NEITHER_PAYS} this: nothing is paid here."),
        (True, "-n 2", "-n 3", f"2 of 3: w{NEITHER_PAYS} these: nothing is paid here."),
        (False, "-n 2", "-n 2", f"W{NEITHER_PAYS} these: nothing is paid here."),
    ],
    ids=["all", "one", "some", "nobody there"],
)
def test_second_notebook_says_that_it_waits_and_pays_nothing(
    start_kernel: StartKernel,
    service: Service,
    someone_types: bool,
    first: str,
    second: str,
    line: str,
) -> None:
    """The line is there while the other makes them, and gone once they are here."""
    paying = start_kernel(service.environ)
    waiting = start_kernel(service.environ, someone_types=someone_types)
    for notebook in (paying, waiting):
        notebook.run("%load_ext nanobanana_nb")
    count = len(first.split()) or 1
    cell = paying.start(f"%%nanobanana {first}\na heron")
    paying.wait(lambda: len(service.task_ids()) == count, "the tasks to be created")
    other = waiting.start(f"%%nanobanana {second} -o herons\na heron")
    waiting.wait(lambda: line in _shown(waiting, other), "the line")
    total = 3 if "3" in second else count
    waiting.wait(lambda: len(service.task_ids()) == total, "a task for each image")
    service.advance(1001.0)
    waiting.finish(other)
    paying.finish(cell)
    assert NEITHER_PAYS not in _shown(waiting, other)
    assert NEITHER_PAYS not in str(waiting.run("herons").outputs)
    assert NEITHER_PAYS not in _shown(paying, cell)
    assert (len(other.results), other.status) == (1, "ok")
    assert len(service.creates()) == total
