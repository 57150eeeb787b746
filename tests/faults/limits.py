"""What a run may take of its process: processor time for a step of the loop, and memory."""

from __future__ import annotations

import asyncio
import gc
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nanobanana_nb.run.loop.background_loop import BRIDGE

LONGEST_STEP_S = 0.1  # of the event loop, in its own processor time: load does not count
MOST_BYTES = 100_000_000  # that the process may grow by during one fault


@contextmanager
def bounded_memory(most_bytes: int = MOST_BYTES) -> Iterator[None]:
    """Let this process, which holds proxy and simulator too, grow by no more than `most_bytes`."""
    begun, most, over = _resident(), 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not over.wait(0.005):  # what comes and goes in between is not seen
            most = max(most, _resident() - begun)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
    assert most <= most_bytes, f"the process grew by {most:,} bytes"


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


@contextmanager
def short_steps() -> Iterator[None]:
    """Let no single step of the background loop take more than 0.1 s of processor time.

    The collector's time is left out: it walks the heap of proxy and simulator too, which share
    this process and remember every call.
    """
    longest, collected = [0.0, ""], [0.0, 0.0]
    real = asyncio.Handle._run

    def collecting(phase: str, _: object) -> None:
        now = time.thread_time()
        if phase == "stop":
            collected[1] += now - collected[0]
        collected[0] = now

    def timed(handle: asyncio.Handle) -> None:
        if threading.current_thread() is not BRIDGE.thread:
            return real(handle)
        begun, before = time.thread_time(), collected[1]
        real(handle)
        took = time.thread_time() - begun - (collected[1] - before)
        if took > longest[0]:
            longest[:] = [took, repr(handle)[:200]]
        return None

    gc.callbacks.append(collecting)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(asyncio.Handle, "_run", timed)
            yield
    finally:
        gc.callbacks.remove(collecting)
    assert longest[0] <= LONGEST_STEP_S, f"the loop was held up: {longest}"
