"""The end of a cell whose wait was stopped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.magic import cell_spec
from nanobanana_nb.notebook.status import stop
from nanobanana_nb.notebook.status.stop import Stopped, still, stopped_line, stopped_words
from nanobanana_nb.show.grid import ImageGrid
from tests.notebook.bench import Bench
from tests.show.conftest import failed, waiting

STOPS = "from nanobanana_nb.notebook.status.stop import Stopped\nprint('before')\nraise Stopped({})"


@given(st.lists(st.sampled_from(list(State)), max_size=12))
def test_words_count_what_is_paid_and_not_here(states: list[State]) -> None:
    """What can still be fetched is counted; a person who has nothing out there is told that."""
    open_ = sum(state.is_open or state is State.SUCCESS for state in states)
    words = stopped_words([waiting(state) for state in states])
    are = "image is on its way" if open_ == 1 else "images are on their way"
    assert words == (f"{open_} paid {are} at the service." if open_ else "Nothing more is sent.")


def test_what_failed_is_not_on_its_way() -> None:
    """A failure was refused, and an intent never left."""
    images = [failed(), waiting(State.PLANNED), waiting(State.DETACHED)]
    assert stopped_words(images) == "1 paid image is on its way at the service."


def test_what_the_simulator_makes_is_not_paid() -> None:
    """Beside "simulated, nothing paid" nobody is told of paid images."""
    images = [waiting(State.DETACHED, provider="simulator")] * 2
    assert stopped_words(images) == "2 images are on their way at the service."


@pytest.mark.parametrize(
    ("count", "number", "command"),
    [(2, 28, "grid g28"), (1, 28, "grid g28"), (1, None, "show 7"), (2, None, None)],
)
def test_line_names_the_command_that_shows_it(
    count: int, number: int | None, command: str | None
) -> None:
    """As code in the page; one image alone has a number where its grid has none."""
    grid = ImageGrid([waiting(State.DETACHED, id=7)] * count, number=number)
    html, text = stopped_line(grid)
    assert (f"<code>%nanobanana {command}</code> shows it." in html) is (command is not None)
    assert text.endswith(f"%nanobanana {command} shows it." if command else "at the service.")


@pytest.mark.parametrize("state", State)
def test_stopped_grid_has_one_word_for_what_goes_on(state: State) -> None:
    """Whoever else fetches it; what is not at the service stays as it is."""
    grid = ImageGrid([waiting(state)], number=3)
    assert still(grid)[0].state is (State.DETACHED if state.is_open else state)
    assert still(grid).number == 3
    assert grid[0].state is state


def test_a_stop_before_the_run_has_no_traceback(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first cell imports for a moment: an interrupt there is a sentence as well."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cell_spec, "read", interrupted)
    ran = bench.run("%%nanobanana\nA cat")
    assert isinstance(ran.error, KeyboardInterrupt)
    assert "Neither pays again" in ran.text
    assert ran.traceback == []


def test_a_stop_that_the_output_tells_has_no_traceback(bench: Bench) -> None:
    """The cell ends as an interrupted one does, and nothing red says so again."""
    ran = bench.run(STOPS.format(True))
    assert isinstance(ran.error, KeyboardInterrupt)
    assert ran.traceback == []
    assert "before" in ran.printed


def test_a_stop_that_nothing_tells_is_a_quiet_line(bench: Bench) -> None:
    """It tells the way on, and nothing is red."""
    ran = bench.run(STOPS.format(False))
    assert isinstance(ran.error, KeyboardInterrupt)
    assert ran.traceback == []
    assert "Stopped waiting. Paid tasks go on" in ran.text
    assert "%nanobanana resume" in ran.text


CANCELLED = "import asyncio\nraise asyncio.CancelledError"


@pytest.mark.parametrize("error", ["1/0", "raise KeyboardInterrupt", CANCELLED])
def test_other_errors_look_as_ever(bench: Bench, error: str) -> None:
    """Only our own stop is left out."""
    assert "Traceback" in " ".join(bench.run(error).traceback)


class Own(Exception):  # noqa: N818 (no error of ours)
    """An exception for which a person has a handler."""


def own(shell: Any, kind: Any, error: Any, trace: Any, tb_offset: int | None = None) -> None:
    """Keep what was raised, as a handler of a person's own would."""
    shell.user_ns["caught"] = error


def test_a_handler_of_the_persons_own_stays(bench: Bench) -> None:
    """Whether it was there before the extension or came after it, and when that is unloaded."""
    bench.run("%unload_ext nanobanana_nb")
    bench.shell.set_custom_exc((Own,), own)
    for line in ("%load_ext", "%reload_ext", "%unload_ext"):
        bench.run(f"{line} nanobanana_nb")
        assert bench.shell.custom_exceptions == (Own,), line
    bench.shell.set_custom_exc((), None)
    bench.run("%load_ext nanobanana_nb")
    bench.shell.set_custom_exc((Own,), own)
    bench.run("%unload_ext nanobanana_nb")
    assert bench.shell.custom_exceptions == (Own,)


def test_unloading_takes_the_handler_away(bench: Bench) -> None:
    """Loaded any number of times, it is there once; unloaded, nothing is left."""
    for _ in range(2):
        stop.install(bench.shell)
    assert issubclass(Stopped, bench.shell.custom_exceptions)
    bench.run("%unload_ext nanobanana_nb")
    assert bench.shell.custom_exceptions == ()
    assert "Stopped" in " ".join(bench.run(STOPS.format(True)).traceback)
