"""Measuring in steps: counted, stopped between two, and its errors raised to who waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.run.scoring.measuring import Measuring

PATIENCE_S = 30.0
Step = Callable[[], None]


def test_what_was_measured_is_returned() -> None:
    """On another thread, with each step counted."""

    def measure(step: Step) -> str:
        for _ in range(3):
            step()
        return threading.current_thread().name

    work = Measuring("x", 3, measure)
    assert work.left_s is None
    assert work.follow() != threading.current_thread().name
    assert (work.done, work.left_s) == (3, 0.0)


def test_stop_ends_it_at_the_next_step() -> None:
    """What is raised while somebody waits is raised at once, and no further step is begun."""
    first, go, ended = threading.Event(), threading.Event(), threading.Event()
    steps = []

    def measure(step: Step) -> None:
        try:
            for n in range(3):
                steps.append(n)
                step()
                first.set()
                go.wait(PATIENCE_S)
        finally:
            ended.set()

    def draw() -> None:
        if first.is_set():
            raise KeyboardInterrupt

    work = Measuring("x", 3, measure)
    with pytest.raises(KeyboardInterrupt):
        work.follow(draw)
    go.set()
    assert ended.wait(PATIENCE_S)
    assert (steps, work.done) == ([0, 1], 1)


def test_errors_are_raised() -> None:
    """To the one who waits, as they are."""

    def measure(step: Step) -> None:
        raise InputError("No", action="")

    with pytest.raises(InputError, match="No"):
        Measuring("x", 1, measure).follow()
