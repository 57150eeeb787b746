"""The models of the simulated service, one row each.

The prices are play prices in the size of the real ones; nothing should be planned with them.
"""

from __future__ import annotations

from dataclasses import dataclass

ELEVEN = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "auto")
FIFTEEN = (*ELEVEN, "1:4", "4:1", "1:8", "8:1")
RESOLUTIONS = ("1K", "2K", "4K")

#: Input fields that a model without them reads over, where any other unknown field is refused.
READ_OVER = frozenset({"output_format", "resolution"})


@dataclass(frozen=True)
class Model:
    """What one model takes, what it costs (credits) and what it delivers.

    Empty ``formats`` or ``resolutions`` mean that the model has no such field. ``prices`` holds one
    price for each of 1K, 2K and 4K. ``pace`` multiplies durations, ``detail`` (0 to 3) says how
    much the painter puts into a picture.
    """

    name: str
    images: int
    ratios: tuple[str, ...]
    prices: tuple[float, ...]
    formats: tuple[str, ...] = ()
    resolutions: tuple[str, ...] = ()
    delivers: str = "png"
    prompt_chars: int = 5000
    google_search: bool = False
    pace: float = 1.0
    detail: int = 1

    def price(self, resolution: str) -> float:
        """Credits for one picture at a resolution."""
        return self.prices[RESOLUTIONS.index(resolution)]


_ROWS = (
    Model("google/nano-banana", 10, ELEVEN, (4,), formats=("png", "jpeg")),
    Model("google/nano-banana-v2", 10, ELEVEN, (4,)),
    Model(
        "google/nano-banana-2",
        14,
        FIFTEEN,
        (5, 8, 12),
        formats=("png", "jpg"),
        resolutions=RESOLUTIONS,
        prompt_chars=20_000,
        google_search=True,
        detail=2,
    ),
    Model(
        "google/nano-banana-2-v2",
        14,
        FIFTEEN,
        (5, 8, 12),
        resolutions=RESOLUTIONS,
        delivers="jpeg",
        prompt_chars=20_000,
        detail=2,
    ),
    Model(
        "google/nano-banana-2-lite",
        10,
        FIFTEEN,
        (2.5,),
        prompt_chars=20_000,
        pace=1 / 3,
        detail=0,
    ),
    Model(
        "google/nano-banana-pro",
        8,
        ELEVEN,
        (8, 8, 10),
        formats=("png", "jpg"),
        resolutions=RESOLUTIONS,
        prompt_chars=20_000,
        detail=3,
    ),
    Model(
        "google/nano-banana-pro-v2",
        8,
        ELEVEN,
        (8, 8, 10),
        resolutions=RESOLUTIONS,
        prompt_chars=20_000,
        detail=3,
    ),
)

MODELS: dict[str, Model] = {row.name: row for row in _ROWS}
