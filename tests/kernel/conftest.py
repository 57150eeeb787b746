"""Kernels for the tests, in every environment, stopped by whoever started them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.kernel import environments
from tests.kernel.environments import BuildError, Environment
from tests.kernel.frontend import FrontEnd
from tests.service import Service, serving

StartKernel = Callable[..., FrontEnd]
WarmKernels = Callable[[Environment], FrontEnd]


@pytest.fixture(scope="session")
def colab_environment() -> Environment:
    """The second environment; where it cannot be built the test is skipped, in CI it fails."""
    if sys.version_info >= (3, 14):
        pytest.skip("what Colab pins is older than this Python")
    try:
        return environments.colab()
    except BuildError as error:
        if os.environ.get("CI"):
            pytest.fail(f"no environment with the versions of Colab: {error}")
        pytest.skip(f"no environment with the versions of Colab: {error}")


@pytest.fixture(params=["current", "colab"])
def environment(request: pytest.FixtureRequest) -> Environment:
    """Each environment in turn."""
    if request.param == "current":
        return environments.current()
    found: Environment = request.getfixturevalue("colab_environment")
    return found


@pytest.fixture
def start_kernel(environment: Environment, tmp_path: Path) -> Iterator[StartKernel]:
    """Starts kernels of the environment: `start_kernel(environ=..., someone_types=...)`."""
    with ExitStack() as kernels:

        def start(environ: dict[str, str] | None = None, *, someone_types: bool = True) -> FrontEnd:
            front_end = FrontEnd(environment.python, tmp_path, environ, someone_types=someone_types)
            return kernels.enter_context(front_end)

        yield start


@pytest.fixture
def notebook(start_kernel: StartKernel) -> FrontEnd:
    """One fresh kernel and its page."""
    return start_kernel()


@pytest.fixture
def bench(notebook: FrontEnd) -> FrontEnd:
    """A notebook with the magics loaded; the simulator in the kernel answers at once."""
    assert notebook.run("%load_ext nanobanana_nb").error is None
    return notebook


@pytest.fixture(scope="session")
def warm_kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmKernels]:
    """Gives one kernel of each environment, started by the first test that wants it."""
    started: dict[str, FrontEnd] = {}
    with ExitStack() as kernels:

        def kernel_of(environment: Environment) -> FrontEnd:
            if environment.name not in started:
                folder = tmp_path_factory.mktemp("kernel")
                kernel = kernels.enter_context(FrontEnd(environment.python, folder))
                assert kernel.run("%load_ext nanobanana_nb").error is None
                started[environment.name] = kernel
            return started[environment.name]

        yield kernel_of


@pytest.fixture
def warm_bench(warm_kernels: WarmKernels, environment: Environment, tmp_path: Path) -> FrontEnd:
    """A bench whose kernel others used before; its names and its home folder are the test's own."""
    notebook = warm_kernels(environment)
    home = f"import os; os.environ['NANOBANANA_HOME'] = {str(tmp_path / 'home')!r}; del os"
    assert [cell.status for cell in notebook.queue(["%reset -f", home])] == ["ok", "ok"]
    return notebook


@pytest.fixture
def slow_service() -> Iterator[Service]:
    """A service over TCP whose tasks take three seconds, so that there is time to look."""
    usual = {"rate": None, "balance": 1000.0}
    with serving(speed=1.0, median_s=3.0, sigma=0.0, **usual) as service:
        yield service


@pytest.fixture
def slow_bench(start_kernel: StartKernel, slow_service: Service) -> FrontEnd:
    """A notebook with the magics loaded, in front of the slow service."""
    notebook = start_kernel(slow_service.environ)
    assert notebook.run("%load_ext nanobanana_nb").error is None
    return notebook
