"""Votes by the real ballot on images whose strengths are known."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.ballot import Ballot
from nanobanana_nb.stats.bradley_terry import Ranking, ranked
from nanobanana_nb.stats.likelihood import Point
from tests.show.judge.memory_opinions import KeptVotes

FILE = Path(__file__)  # nobody looks at it


def preferred(left: float, right: float, chance: random.Random) -> float:
    """Whether the left one wins, by the model of Bradley and Terry."""
    return float(chance.random() < 1 / (1 + math.exp(right - left)))


def images(count: int) -> ImageGrid:
    """So many images with hashes `0`, `1`, ... and a file that is none of theirs."""
    request = GenerationRequest("simulator", "google/nano-banana", "A cat")
    return ImageGrid(
        [Generation(request, State.SUCCESS, sha256=str(n), path=FILE) for n in range(count)]
    )


def valued_images(count: int, size: int, repeats: int = 1) -> ImageGrid:
    """Images of so many values, each in so many places: those of value `0` are 0, count, ..."""
    axes = {"place": [f"at {n}" for n in range(size)], "value": [str(n) for n in range(count)]}
    plan = make_plan(
        "{place} {value}",
        provider="simulator",
        model="nano-banana",
        namespace=axes,
        repeats=repeats,
    )
    made = [
        Generation(cell.request, State.SUCCESS, sha256=str(n), path=FILE)
        for n, cell in enumerate(plan.cells)
    ]
    return ImageGrid(made, plan)


def uneven_images() -> ImageGrid:
    """Ink by day, oil by day and by night, two of each: both images of ink by night failed."""
    axes = {"style": ["ink", "oil"], "light": ["day", "night"]}
    plan = make_plan(
        "{style} {light}",
        provider="simulator",
        model="nano-banana",
        namespace=axes,
        repeats=2,
    )
    made = []
    for n, cell in enumerate(plan.cells):
        made.append(Generation(cell.request, State.FAILED))
        if dict(cell.values) != {"style": "ink", "light": "night"}:
            made[-1] = replace(made[-1], state=State.SUCCESS, sha256=str(n), path=FILE)
    return ImageGrid(made, plan)


def light_points(by: str | None, most: int, seed: int) -> list[Point]:
    """Vote on the uneven images as one who likes night in 85 %, and tosses a coin else."""
    grid = uneven_images()
    strengths = [1.735 if n >= 6 else 0.0 for n in range(len(grid))]  # the last two are of night
    return voted(Ballot(grid, KeptVotes(), seed=seed, by=by), strengths, most, seed)


def ballot_points(
    strengths: Sequence[float], most: int, seed: int, ties: float = 0.0
) -> list[Point]:
    """Vote on images until the ballot ends, or so many times."""
    return voted(
        Ballot(images(len(strengths)), KeptVotes(), seed=seed), strengths, most, seed, ties
    )


def value_points(strengths: Sequence[float], count: int, most: int, seed: int) -> list[Point]:
    """Vote on so many values until one leads, or so many times."""
    grid = valued_images(count, len(strengths) // count)
    return voted(Ballot(grid, KeptVotes(), seed=seed, by="value"), strengths, most, seed)


def voted(
    ballot: Ballot, strengths: Sequence[float], most: int, seed: int, ties: float = 0.0
) -> list[Point]:
    """Vote on the pairs of a ballot until it ends, or so many times."""
    chance = random.Random(seed)
    points: list[Point] = []
    while (pair := ballot.now) and len(points) < most:
        left, right = str(pair.left.sha256), str(pair.right.sha256)
        share = preferred(strengths[int(left)], strengths[int(right)], chance)
        share = 0.5 if chance.random() < ties else share
        ballot.say({1.0: "left", 0.0: "right", 0.5: "tie"}[share])
        points.append((left, right, share))
    return points


def outcome(
    strengths: Sequence[float], most: int, seed: int, ties: float = 0.0
) -> tuple[int, Ranking]:
    """How many votes it took, and what they say."""
    points = ballot_points(strengths, most, seed, ties)
    return len(points), ranked([str(n) for n in range(len(strengths))], points)


def held(strengths: Sequence[float], ranking: Ranking) -> int:
    """How many intervals hold the truth."""
    mean = sum(strengths) / len(strengths)
    truths = {str(n): 1 / (1 + math.exp(mean - s)) for n, s in enumerate(strengths)}
    return sum(s.low <= truths[s.name] <= s.high for s in ranking.standings)
