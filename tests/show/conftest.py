"""Pictures on disk and generations to be shown."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.errors import Charged, GenerationFailedError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid

TASK = "task_9f2c4be1a07d4e55b0f3"


def photo(path: Path, width: int = 512, height: int = 512, seed: int = 0) -> Path:
    """Write a picture that compresses as badly as a detailed photo and return its path."""
    grain = random.Random(seed).randbytes(width * height * 3)
    noise = Image.frombytes("RGB", (width, height), grain)
    ramp = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    Image.blend(ramp, noise, 0.5).save(path, "PNG", compress_level=1)
    return path


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twelve different pictures."""
    folder = tmp_path_factory.mktemp("photos")
    return [photo(folder / f"{seed}.png", seed=seed) for seed in range(12)]


@pytest.fixture
def made(photos: list[Path]) -> Callable[..., Generation]:
    """Make a generation; keywords replace its fields or those of its request."""
    return lambda number=0, **fields: generation(photos[number % len(photos)], number, **fields)


def generation(picture: Path, number: int = 0, **fields: Any) -> Generation:
    """Return a finished generation that shows `picture`."""
    asked = {"provider": "crun", "model": "google/nano-banana", "prompt": "A cat"}
    asked |= {k: fields.pop(k) for k in list(fields) if k in GenerationRequest.__match_args__}
    known: dict[str, Any] = {
        "request": fields.get("request") or GenerationRequest(**asked),
        "state": State.SUCCESS,
        "task_id": f"{TASK}{number}",
        "credits": 4,
        "path": picture,
        "width": 512,
        "height": 512,
        "media_type": "image/png",
        "seconds": 12.0,
    }
    return Generation(**{**known, **fields})


def waiting(state: State, **fields: Any) -> Generation:
    """Return a generation in `state` that has no image."""
    empty = {"path": None, "credits": None, "width": None, "seconds": None}
    return generation(Path("none"), **{"state": state, **empty, **fields})


def failed(**fields: Any) -> Generation:
    """Return a generation that the service refused to make."""
    error = GenerationFailedError(
        "The generation failed (501)", why="blocked by moderation", charged=Charged.NO
    )
    return waiting(State.FAILED, error=error, **fields)


def planned_grid(
    photos: list[Path], prompt: str, /, repeats: int = 1, **names: list[str]
) -> ImageGrid:
    """Return a finished grid of the plan that `prompt` and `names` make."""
    plan = planned(prompt, repeats, **names)
    cells = enumerate(plan.cells)
    images = [generation(photos[i % len(photos)], i, request=c.request) for i, c in cells]
    return ImageGrid(images, plan)


def planned(prompt: str, /, repeats: int = 1, **names: list[str]) -> Plan:
    """Return a plan of the nano-banana model."""
    return make_plan(prompt, provider="crun", model="nano-banana", namespace=names, repeats=repeats)
