"""What stands under a cell that was stopped, until its paid images are here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.conftest import StartKernel
from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW, Cell
from tests.service import Service, serving

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.parametrize("environment", ["current"], indirect=True),
]

HERONS = "%%nanobanana -n 2 -o herons\na heron"
IN_CODE = "import nanobanana_nb\nnanobanana_nb.generate('a heron', repeats=2)"
BIRDS = "%%nanobanana -o birds\na {bird: heron|crane}"
SAVES = {"JPY_SESSION_NAME": "herons.ipynb"}  # as a server says whose pages save widgets away


@pytest.fixture
def service() -> Iterator[Service]:
    """A service over TCP whose tasks end when the test says so."""
    with serving(speed=1.0, median_s=1000.0, sigma=0.0, rate=None, balance=1000.0) as found:
        yield found


@pytest.fixture
def notebook(start_kernel: StartKernel, service: Service) -> FrontEnd:
    """A notebook in front of that service, in a page that keeps widgets out of its file."""
    return _opened(start_kernel, service, SAVES)


def _opened(start: StartKernel, service: Service, environ: dict[str, str]) -> FrontEnd:
    notebook = start({**service.environ, **environ})
    assert notebook.run("%load_ext nanobanana_nb").error is None
    return notebook


def _begun(notebook: FrontEnd, service: Service, source: str, count: int) -> Cell:
    """Start a cell; return it when its status stands there and the service has its new tasks."""
    before = len(service.task_ids())
    cell = notebook.start(source, stop_on_error=False)
    notebook.wait(lambda: len(service.task_ids()) == before + count, "the tasks")
    notebook.wait(lambda: bool(cell.outputs), "the status")
    return cell


def _done(notebook: FrontEnd, service: Service, source: str, count: int) -> Cell:
    """Run a cell to its end."""
    cell = _begun(notebook, service, source, count)
    service.advance(1001.0)
    notebook.finish(cell)
    return cell


def _stopped(notebook: FrontEnd, service: Service, source: str, count: int) -> Cell:
    """Run a cell until the service has its new tasks, then press stop."""
    cell = _begun(notebook, service, source, count)
    notebook.interrupt()
    notebook.finish(cell)
    notebook.settle()
    return cell


def _text(cell: Cell) -> str:
    return "\n".join(cell.all("text/plain"))


def _names(notebook: FrontEnd) -> list[str]:
    """What stands on the buttons that are open."""
    return [str(state.get("description")) for state in notebook.page.widgets.values()]


def _offers(notebook: FrontEnd) -> int:
    """How many buttons fetch."""
    return _names(notebook).count("Fetch them")


def _check_stopped(notebook: FrontEnd, cell: Cell, paid: int, line: str) -> None:
    """Its one output is the grid under one line, with the button, and nothing is red."""
    assert cell.error is not None, notebook.story()
    assert cell.error[0] == "Stopped"
    (output,) = cell.outputs
    assert output["output_type"] == "display_data", "no message and no traceback"
    on_its_way = "image is on its way" if paid == 1 else "images are on their way"
    assert f"Stopped. {paid} paid {on_its_way} at the service." in _text(cell)
    assert line in _text(cell)
    assert WIDGET_VIEW in output["data"]
    assert _offers(notebook) == 1


def _check_here(notebook: FrontEnd, cell: Cell, count: int) -> None:
    """The images alone are left."""
    notebook.wait(lambda: cell.all(WIDGET_VIEW) == [] and _offers(notebook) == 0, "the images")
    (output,) = cell.outputs
    assert set(output["data"]) == {"text/html", "text/plain", "image/jpeg"}
    assert output["data"]["text/html"].count("data:image/") == count
    assert "topped" not in _text(cell)


def _fetched(notebook: FrontEnd, service: Service, cell: Cell, count: int) -> None:
    """Press the button and let the images come."""
    creates = len(service.creates())
    notebook.click("Fetch them")
    service.advance(1001.0)
    _check_here(notebook, cell, count)
    assert len(service.creates()) == creates, "nothing is paid again"


@pytest.mark.parametrize(
    ("first", "source", "paid", "line"),
    [
        ("", IN_CODE, 2, "2 images · 2 stopped"),
        (HERONS, "None\n%nanobanana rerun g1", 2, "2 images · 2 stopped"),
        (HERONS, "herons[0].edit('let it snow')", 1, "1 image · stopped"),
        (HERONS, "herons.repeat(3)", 1, "3 images · 2 done · 1 stopped"),
        (BIRDS, "more = birds.extend(bird='owl')", 1, "3 images · 2 done · 1 stopped"),
    ],
    ids=["generate", "rerun", "edit", "repeat", "extend"],
)
def test_cell_that_blocks_is_stopped_as_any_other(
    notebook: FrontEnd, service: Service, first: str, source: str, paid: int, line: str
) -> None:
    """The whole grid that was to be, one line, and a button that fetches the rest into it."""
    if first:
        _done(notebook, service, first, 2)
    cell = _stopped(notebook, service, source, paid)
    _check_stopped(notebook, cell, paid, line)
    _fetched(notebook, service, cell, int(line[0]))


@pytest.mark.parametrize("source", ["herons.retry()", "%nanobanana retry g1"])
def test_retry_is_stopped_as_any_other(notebook: FrontEnd, service: Service, source: str) -> None:
    """What failed comes into its place, beside what was there; other grids of it know, too."""
    service.fault("create", status=422, message="blocked: a hat")
    _done(notebook, service, HERONS, 1)
    cell = _stopped(notebook, service, source, 1)
    _check_stopped(notebook, cell, 1, "2 images · 1 done · 1 stopped")
    _fetched(notebook, service, cell, 2)
    assert "g1" in _text(cell)


def test_resume_shows_the_grid_that_was_to_be(notebook: FrontEnd, service: Service) -> None:
    """A grid whose growth was stopped is written down: its image comes into its place."""
    _done(notebook, service, HERONS, 2)
    cell = _stopped(notebook, service, "herons.repeat(3)", 1)
    resumed = _resumed(notebook, service)
    assert "3 images" in _text(resumed)
    _check_here(notebook, cell, 3)


def test_page_that_saves_widgets_gets_the_command(
    start_kernel: StartKernel, service: Service
) -> None:
    """No button stands where a file would keep it dead; the command is there."""
    notebook = _opened(start_kernel, service, {"JPY_SESSION_NAME": ""})
    cell = _stopped(notebook, service, IN_CODE, 2)
    (output,) = cell.outputs
    assert "Stopped. 2 paid images are on their way at the service." in _text(cell)
    assert "2 stopped: %nanobanana resume" in _text(cell)
    assert WIDGET_VIEW not in output["data"]
    assert notebook.page.comms == {}


@pytest.mark.parametrize("source", [HERONS, IN_CODE], ids=["awaited", "blocking"])
def test_what_another_cell_fetched_is_here(
    notebook: FrontEnd, service: Service, source: str
) -> None:
    """The images take the place of the line and the button by themselves."""
    cell = _stopped(notebook, service, source, 2)
    _check_stopped(notebook, cell, 2, "2 images · 2 stopped")
    _resumed(notebook, service)
    _check_here(notebook, cell, 2)


def test_what_another_notebook_fetched_is_seen(
    start_kernel: StartKernel, notebook: FrontEnd, service: Service
) -> None:
    """The next cell of this one shows it, and a click does; one image of two is one."""
    first = _stopped(notebook, service, HERONS, 2)
    second = _stopped(notebook, service, "%%nanobanana\nan owl", 1)
    assert _offers(notebook) == 2
    other = _opened(start_kernel, service, SAVES)
    service.advance(1001.0)
    other.run("%nanobanana resume 1")
    notebook.run("1 + 1")
    assert "Stopped. 1 paid image is on its way" in _text(first)
    other.run("%nanobanana resume 2")
    notebook.run("1 + 1")
    notebook.wait(lambda: _offers(notebook) == 1, "the other one is left")
    assert first.all(WIDGET_VIEW) == []
    other.run("%nanobanana resume")
    creates = len(service.creates())
    notebook.click("Fetch them")
    _check_here(notebook, second, 1)
    assert len(service.creates()) == creates


def test_fetching_can_be_let_go(notebook: FrontEnd, service: Service) -> None:
    """Detached, its place says who shows the images, and never that something runs."""
    cell = _stopped(notebook, service, HERONS, 2)
    notebook.click("Fetch them")
    notebook.wait(lambda: "Detach" in _names(notebook), "the board")
    notebook.click("Detach")
    notebook.wait(
        lambda: cell.all(WIDGET_VIEW) == [] and "Detach" not in _names(notebook), "an end"
    )
    assert "Detached: it goes on in the background" in _text(cell)
    assert "2 images · 2 waiting" in _text(cell)
    assert "resume" not in str(cell.outputs)
    waits = notebook.start("%nanobanana wait")
    service.advance(1001.0)
    notebook.finish(waits)
    assert len(waits.results) == 1


def _resumed(notebook: FrontEnd, service: Service) -> Cell:
    """Fetch all by the command."""
    cell = notebook.start("%nanobanana resume", stop_on_error=False)
    service.advance(1001.0)
    notebook.finish(cell)
    assert cell.status == "ok", notebook.story()
    return cell
