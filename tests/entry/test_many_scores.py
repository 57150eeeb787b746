"""Scores of 200 images: nothing freezes meanwhile, and a second call calls nothing."""

from __future__ import annotations

import asyncio
import time
from statistics import median

import pytest

import nanobanana_nb as nb
from nanobanana_nb.run.loop.background_loop import BRIDGE
from tests.service import Service


@pytest.mark.long
def test_loop_beats_while_200_images_are_scored(service: Service) -> None:
    """A function that computes all the time holds the background loop up by moments alone."""
    grid = nb.sweep("A cat, {n: 1..100}", repeats=2, max_credits=10_000)
    pauses: list[float] = []

    async def beat() -> None:
        while True:
            begun = time.monotonic()
            await asyncio.sleep(0.02)
            pauses.append(time.monotonic() - begun)

    calls: list[object] = []

    def busy(image: object) -> float:
        calls.append(image)
        return sum(n * n for n in range(100_000))

    heart = BRIDGE.submit(beat())
    assert grid.score(busy).scored == 200
    heart.cancel()
    assert len(pauses) > 20
    assert median(pauses) < 0.5
    assert grid.score(busy).scored == 200
    assert len(calls) == 200
    assert len(grid.best(5, by="busy")) == 5
