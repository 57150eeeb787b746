"""Very many tasks, and very many cancels: none lost, none twice, the loop never held up."""

from __future__ import annotations

import logging
import random
import time

import pytest

from tests.faults.bench import Bench
from tests.faults.conftest import OpenBench, herons
from tests.fixtures import settle

GROUP = "hundreds of tasks, hundreds of cancels"
MOST_BYTES = 400_000_000  # 10,000 tasks took 180 MB, with all that the simulator remembers


@pytest.fixture
def bench(open_bench: OpenBench) -> Bench:
    """A bench that keeps no log of its many calls."""
    return open_bench(logged=logging.WARNING, most_bytes=MOST_BYTES)


def many_tasks(bench: Bench, count: int) -> None:
    """Run so many images at once."""
    grid = bench.grid(herons(count))
    assert sum(one.ok for one in grid) == count
    assert len(bench.service.tasks()) == len(bench.proxy.creates()) == count


def many_cancels(bench: Bench, count: int) -> None:
    """Begin the same plan again and again, and cancel it at any moment."""
    chance = random.Random(count)
    for _ in range(count):
        job = bench.session.submit(herons(40))
        time.sleep(chance.expovariate(100.0))
        job.cancel()
    settle()
    assert all(one.ok for one in bench.grid(herons(40)))
    assert len(bench.service.tasks()) == 40


def test_three_hundred_tasks(bench: Bench) -> None:
    """All images of a large plan come, each created once."""
    many_tasks(bench, 300)


def test_two_hundred_cancels(bench: Bench) -> None:
    """The session stays alive, and nothing is paid twice."""
    many_cancels(bench, 200)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_thousands_of_tasks(bench: Bench, count: int) -> None:
    """The same at the sizes of the matrix."""
    many_tasks(bench, count)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_five_thousand_cancels(bench: Bench) -> None:
    """The same with the number of the matrix."""
    many_cancels(bench, 5_000)
