"""The JPEG that fits a number of bytes."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PIL import Image, ImageDraw

from nanobanana_nb.images.jpeg_fit import BEST, LEAST, LEAST_PX, Encoding, within
from nanobanana_nb.images.thumbnail import _small_rgb
from nanobanana_nb.simulator.painting.painter import paint
from nanobanana_nb.simulator.tasks import Picture

Draw = Callable[[int], Image.Image]
SHARES = (1.2, 0.95, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05, 0.02)
SIZES = (16, 96, 192, 512, 1280)


def noise(px: int) -> Image.Image:
    """What compresses worst."""
    return Image.frombytes("RGB", (px, px), random.Random(px).randbytes(px * px * 3))


def flat(px: int) -> Image.Image:
    """One colour."""
    return Image.new("RGB", (px, px), "teal")


def soft(px: int) -> Image.Image:
    """Smooth areas of many colours."""
    return noise(max(2, px // 8)).resize((px, px), Image.Resampling.BICUBIC)


def grain(px: int) -> Image.Image:
    """The same with film grain."""
    return Image.blend(soft(px), noise(px), 0.1)


def letters(px: int) -> Image.Image:
    """Words on white."""
    page, chance = Image.new("RGB", (px, px), "white"), random.Random(px)
    for _ in range(px // 3):
        ImageDraw.Draw(page).text((chance.randrange(px), chance.randrange(px)), "word", "black")
    return page


def alpha(px: int) -> Image.Image:
    """A picture that fades out, put on white as a thumbnail is."""
    faded = grain(px)
    faded.putalpha(Image.linear_gradient("L").resize((px, px)))
    return _small_rgb(faded, px)


def wide(px: int) -> Image.Image:
    """A strip."""
    return soft(px).resize((px, max(1, px // 8)))


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Note the quality of each JPEG that is encoded within the block."""
    qualities: list[int] = []
    save = Image.Image.save

    def noting(image: Image.Image, *args: object, **options: object) -> None:
        qualities.append(int(str(options["quality"])))
        save(image, *args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Image.Image, "save", noting)
        yield qualities


def check(image: Image.Image, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three encodings at most, within the limit, and near the best quality that fits."""
    limit = int(len(Encoding.of(image, BEST).data) * share)
    with counted(monkeypatch) as qualities:
        data = within(image, limit)
    assert 1 <= len(qualities) <= 3
    size = Image.open(io.BytesIO(data)).size
    assert len(data) <= limit or max(size) < LEAST_PX
    if share > 1:
        assert qualities == [BEST]
    elif len(Encoding.of(image, LEAST).data) <= limit * 0.97:
        assert size == image.size, "it is made smaller only where no quality fits"
        quality = next(q for q in qualities if Encoding.of(image, q).data == data)
        better = Encoding.of(image, min(BEST, quality + 12)).data if max(size) > LEAST_PX else b""
        assert not 0 < len(better) <= limit or quality + 12 > BEST


@pytest.mark.long
@pytest.mark.parametrize("px", SIZES)
@pytest.mark.parametrize("draw", [noise, flat, soft, grain, letters, alpha, wide])
def test_quality_is_found_in_three_encodings(
    draw: Draw, px: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the picture is and however little room there is."""
    image = draw(px)
    for share in SHARES:
        check(image, share, monkeypatch)


@pytest.mark.long
def test_painted_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures as the simulator paints them, in the sizes of tiles and pages."""
    for n, words in enumerate(("a heron, watercolour", "a red fox, photo", "a castle, woodcut")):
        data = paint(Picture(words, "google/nano-banana", 640, 480, "png", str(n) * 8))
        for px in (112, 256, 512):
            image = Image.open(io.BytesIO(data)).convert("RGB")
            image.thumbnail((px, px))
            for share in SHARES:
                check(image, share, monkeypatch)


@pytest.mark.long
def test_ramp_keeps_the_limit() -> None:
    """Of a ramp bytes jump with the quality; the limit holds all the same."""
    for px in SIZES:
        image = Image.linear_gradient("L").resize((px, px)).convert("RGB")
        whole = len(Encoding.of(image, BEST).data)
        for limit in (int(whole * share) for share in SHARES):
            data = within(image, limit)
            assert len(data) <= limit or max(Image.open(io.BytesIO(data)).size) < LEAST_PX
