"""Delivered versus asked."""

from __future__ import annotations

import pytest

from nanobanana_nb.model.mismatch import differences, ratio_name


@pytest.mark.parametrize(
    ("asked", "size", "said"),
    [
        ({"aspect_ratio": "16:9"}, (1344, 768), ()),
        ({"aspect_ratio": "16:9"}, (1024, 1024), ("asked 16:9, got 1:1",)),
        ({"aspect_ratio": "1:1"}, (1184, 864), ("asked 1:1, got 4:3",)),
        ({"aspect_ratio": "auto"}, (300, 1000), ()),
        ({"aspect_ratio": "nonsense"}, (300, 1000), ()),
        ({"resolution": "2K"}, (2048, 2048), ()),
        ({"resolution": "4k"}, (1024, 1024), ("asked 4K, got 1024 × 1024",)),
        ({"output_format": "jpg"}, (10, 10), ("asked jpg, got png",)),
        ({"output_format": "png"}, (10, 10), ()),
        ({}, (10, 10), ()),
    ],
)
def test_says_what_differs(
    asked: dict[str, str], size: tuple[int, int], said: tuple[str, ...]
) -> None:
    """Another shape, size or format than asked is told, and nothing else is."""
    assert differences(asked, *size, "image/png") == said


def test_an_odd_shape_is_named_by_its_pixels() -> None:
    """Where no usual ratio is near, the pixels speak."""
    assert ratio_name(1000, 90) == "1000 × 90"
