"""What a blind vote shows of a picture: nothing that names it."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.page import voting
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.ballot import Ballot
from nanobanana_nb.simulator.painting.lettering import letter
from tests.show.judge.memory_opinions import KeptVotes
from tests.show.judge.simulated_votes import images

SIZES = [(1024, 1024), (1376, 768), (768, 1376), (4096, 2304), (512, 512), (256, 256)]


def _shown(folder: Path, size: tuple[int, int], prompt: str, provider: str) -> Image.Image:
    """Return what the page gets of a grey picture with the simulator's note on it."""
    picture = Image.new("RGB", size, (128, 128, 128))
    letter(picture, prompt)
    path = folder / "picture.png"
    picture.save(path)
    request = GenerationRequest(provider, "google/nano-banana", prompt)
    made = Generation(
        request, State.SUCCESS, 1, path=path, sha256="0", width=size[0], height=size[1]
    )
    _, _, data = voting._picture(made).partition("base64,")
    return Image.open(io.BytesIO(base64.b64decode(data)))


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_simulated_pictures_lose_the_note(tmp_path: Path, size: tuple[int, int]) -> None:
    """The prompt's first words stand below a simulated picture: they are cut off, little else."""
    seen = _shown(tmp_path, size, "Ågjy: a heron in ink", "simulator")
    assert seen.convert("L").getextrema()[0] > 100, "nothing of the dark note is left"  # type: ignore[operator]
    assert seen.height / seen.width > 0.85 * size[1] / size[0]


def test_real_pictures_stay_whole(tmp_path: Path) -> None:
    """What the service made is shown to its edges."""
    seen = _shown(tmp_path, (1024, 768), "a heron in ink", "crun")
    assert seen.size == (900, 675)
    assert seen.convert("L").getextrema()[0] < 100  # type: ignore[operator]


def test_lost_images_are_counted_once(tmp_path: Path) -> None:
    """With the first pair, before what is still to come."""
    grid = images(3)
    lost = replace(grid[0], path=tmp_path / "gone.png")
    ballot = Ballot(ImageGrid([lost, *grid[1:]]), KeptVotes())
    assert voting._progress(ballot).startswith("1 left out: its file is gone. 0 votes so far")
    ballot.say("left")
    assert voting._progress(ballot).startswith("1 vote so far")
