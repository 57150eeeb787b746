"""Lets the simulator in processes that tests start paint small and enlarge.

A painted picture takes two thirds of a second, and its pixels matter to the tests of the painter
alone. Python reads this file when it starts with this folder on PYTHONPATH.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

PAINTER = "nanobanana_nb.simulator.painting.painter"
SMALLER = 4


class QuickPainter:
    """Finds the painter as it is found without this, and wraps what it paints with."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the painter's spec; None for every other module."""
        if name != PAINTER:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        execute = spec.loader.exec_module

        def run(module: ModuleType) -> None:
            execute(module)
            module.paint = enlarged(module.paint)  # type: ignore[attr-defined]

        spec.loader.exec_module = run  # type: ignore[method-assign]
        return spec


def enlarged(paint: Callable[..., bytes]) -> Callable[..., bytes]:
    """Return a painter whose pictures have the size that was asked for, painted small."""

    @wraps(paint)
    def quick(picture: Any, references: Sequence[Any] = ()) -> bytes:
        from dataclasses import replace
        from io import BytesIO

        from PIL import Image

        size = (picture.width, picture.height)
        width, height = (length // SMALLER for length in size)
        small = BytesIO(paint(replace(picture, width=width, height=height), references))
        large, kind = BytesIO(), "PNG" if picture.extension == "png" else "JPEG"
        with Image.open(small) as image:
            image.resize(size).save(large, kind, compress_level=1)
        return large.getvalue()

    return quick


sys.meta_path.insert(0, QuickPainter())
