"""Event loops: ours is one thread, and the kernel's own loop stays as it was."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd
from tests.kernel.test_interrupt import BLOCKING, _interrupted
from tests.kernel.test_queue import HERON
from tests.service import Service

pytestmark = pytest.mark.kernel

OUR_THREADS = (
    "import threading\n"
    "print([t.name for t in threading.enumerate() if 'nanobanana' in t.name.lower()])"
)
PATCHED = (
    "import asyncio\n"
    "loop = asyncio.get_running_loop()\n"
    "print(hasattr(type(loop), '_nest_patched') or hasattr(loop, '_nest_patched'))"
)
ONLY_COLAB = pytest.mark.parametrize("environment", ["colab"], indirect=True)


def test_kernel_loop_is_not_patched(notebook: FrontEnd) -> None:
    """Neither loading nor running patches the loop that the kernel runs on."""
    before = notebook.run(
        f"async def look():\n    {PATCHED.replace(chr(10), chr(10) + '    ')}\nawait look()"
    ).text
    notebook.run("%load_ext nanobanana_nb")
    assert notebook.run(HERON).status == "ok"
    assert notebook.run("await look()").text == before == "False\n"


def test_reload_keeps_one_thread(bench: FrontEnd) -> None:
    """`%reload_ext` twice and a run before and after: there is one thread of ours."""
    assert bench.run(HERON).status == "ok"
    for _ in range(2):
        assert bench.run("%reload_ext nanobanana_nb").status == "ok"
    cell, behind = bench.queue(["%%nanobanana\na red bicycle", OUR_THREADS])
    assert len(cell.results) == 1
    assert len(eval(behind.text)) == 1


def test_reload_stacks_nothing(bench: FrontEnd) -> None:
    """`%reload_ext` leaves as many transformers, event callbacks and matchers as there were."""
    count = (
        "shell = get_ipython()\n"
        "events = sum(len(c) for c in shell.events.callbacks.values())\n"
        "transforms = len(shell.input_transformers_cleanup + shell.input_transformers_post)\n"
        "print(events, transforms, len(shell.Completer.custom_matchers), "
        "len(shell.configurables))"
    )
    before = bench.run(count).text
    bench.run("%reload_ext nanobanana_nb")
    bench.run("%reload_ext nanobanana_nb")
    assert bench.run(count).text == before


def test_unload_takes_the_magic_away(bench: FrontEnd) -> None:
    """After `%unload_ext` the magic is not there, and loading brings it back."""
    assert bench.run("%unload_ext nanobanana_nb").status == "ok"
    assert bench.run(HERON).status == "error"
    assert bench.run("%load_ext nanobanana_nb").status == "ok"
    assert len(bench.run(HERON).results) == 1


@ONLY_COLAB
def test_queue_survives_another_nest_asyncio(bench: FrontEnd) -> None:
    """Another library has patched the kernel's loop: the queue behind our cell still runs."""
    bench.run("import nest_asyncio; nest_asyncio.apply()")
    magic, *behind = bench.queue([HERON, "print(1)", "print(2)", "print(3)"])
    assert len(magic.results) == 1
    assert [cell.text for cell in behind] == ["1\n", "2\n", "3\n"]


@ONLY_COLAB
def test_interrupt_survives_another_nest_asyncio(
    slow_bench: FrontEnd, slow_service: Service
) -> None:
    """Another library has patched the kernel's loop: stop still ends the cell, losing nothing."""
    slow_bench.run("import nest_asyncio; nest_asyncio.apply()")
    cell = _interrupted(slow_bench, slow_service, BLOCKING)
    assert cell.error is not None
    assert cell.error[0] in ("KeyboardInterrupt", "Stopped")
    assert slow_bench.run("print('next')").text == "next\n"
    assert len(slow_bench.run("%nanobanana resume").results) == 1
    assert len(slow_service.creates()) == 1
