"""Arrays that are too large, or that are not what they say: told before they fill the memory."""

from __future__ import annotations

import resource
from typing import Any

import numpy
import pytest

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.run.inputs.reference import reference

KINDS = ("float64", "float32", "int64", "complex128", "U100", "longdouble")


class Claiming:
    """Something that says of itself what a test says, and never gives a number."""

    def __init__(self, interface: Any) -> None:
        self.interface = interface

    @property
    def __array_interface__(self) -> Any:
        if isinstance(self.interface, Exception):
            raise self.interface
        return self.interface


class Raising:
    """Something whose conversion goes wrong."""

    def __init__(self, result: Any) -> None:
        self.result = result

    def __array__(self, *_: Any, **__: Any) -> Any:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


class Counted(numpy.ndarray[Any, Any]):
    """An array that must not be converted."""


def interface(shape: Any, kind: Any = "<f8") -> dict[str, Any]:
    """What NumPy reads of an object that has numbers somewhere."""
    return {"shape": shape, "typestr": kind, "data": b"1234", "version": 3}


@pytest.mark.parametrize("kind", KINDS)
def test_large_array_is_refused_by_its_bytes(kind: str) -> None:
    """Within the pixels that are taken, and above the bytes: nothing of it is copied."""
    large = numpy.broadcast_to(numpy.zeros((), kind), (10_000, 15_000, 3))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ReferenceImageError, match=r"is too large.*bytes"):
        reference(large, "depth")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize(
    "value",
    [
        Claiming(interface((10_000, 15_000, 3))),
        Claiming(interface((10_000, 15_000, 3), "<f99")),
        Claiming(interface((10**9, 10**9, 3), "|u1")),
        Claiming(interface((4, 10**6), "|u1")),
        Claiming(interface((-4, 4), "|u1")),
        Claiming(interface((4, 4), "|u1")),
        Claiming(interface("4 × 4", "|u1")),
        Claiming(interface((4.5, "a"), "|u1")),
        Claiming(interface((4, 4), 5)),
        Claiming({}),
        Claiming(5),
        Claiming(ValueError("no")),
        Raising(ValueError("no")),
        Raising(MemoryError("no")),
        Raising(RecursionError("no")),
        Raising("a text"),
        Raising(None),
        Raising(numpy.broadcast_to(numpy.float64(0), (10_000, 15_000, 3))),
    ],
    ids=lambda value: repr(vars(value))[:60],
)
def test_hostile_object_is_an_error_of_ours(value: Any) -> None:
    """Whatever it claims, raises or returns, one sentence says that it is no image."""
    with pytest.raises(ReferenceImageError):
        reference(value, "depth")


def test_large_array_of_small_numbers_is_taken() -> None:
    """The limit is one of bytes: a picture of single bytes may have all pixels that are taken."""
    grey = numpy.zeros((300, 200), "float64")
    assert reference(grey).media_type == "image/png"
