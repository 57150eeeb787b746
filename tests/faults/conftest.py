"""The bench of each test: a simulator, the proxy before it, a session; and what came of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.model.plan.plan import Plan
from tests.faults.bench import Bench, bench_on
from tests.faults.proxy import Proxy, proxy
from tests.faults.results import RESULTS
from tests.fixtures import quickly  # noqa: F401
from tests.run.conftest import plan
from tests.service import Service

OpenBench = Callable[..., Bench]


@pytest.fixture
def between(service: Service) -> Iterator[Proxy]:
    """The proxy before the simulator."""
    with proxy(service.url) as found:
        yield found


@pytest.fixture
def open_bench(
    request: pytest.FixtureRequest,
    service: Service,
    between: Proxy,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[OpenBench]:
    """Opens a bench; its invariants are checked when the test has ended.

    What came of it is counted for the group that the test's module names.
    """
    benches: list[Bench] = []
    tally = RESULTS.of(request.module.GROUP)
    with ExitStack() as stack:

        def opened(home: Path = tmp_path / "home", **settings: Any) -> Bench:
            tally.tried += 1
            made = bench_on(service, between, home, caplog, **settings)
            benches.append(stack.enter_context(made))
            return benches[-1]

        yield opened
    for bench in benches:
        tally.survived += 1
        tally.creates += bench.seen.creates
        tally.twice += bench.seen.twice
        tally.lost += bench.seen.lost


@pytest.fixture
def bench(open_bench: OpenBench) -> Bench:
    """A bench with the usual settings."""
    return open_bench()


def herons(count: int) -> Plan:
    """A plan of so many images."""
    return plan("heron {n}", namespace={"n": range(count)})
