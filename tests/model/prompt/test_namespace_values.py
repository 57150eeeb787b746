"""Variables of a notebook as values of a prompt: lists of every kind, and what is none."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import numpy
import pandas
import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan


def _plan(held: Any, prompt: str = "{a} cats", **options: Any) -> Plan:
    how = {"provider": "crun", "model": "google/next", "namespace": {"a": held}, **options}
    return make_plan(prompt, **how)


def _sent(held: Any) -> list[str]:
    return [cell.request.prompt.removesuffix(" cats") for cell in _plan(held).cells]


@pytest.mark.parametrize(
    ("held", "sent"),
    [
        (["ink", "oil"], ["ink", "oil"]),
        (("ink",), ["ink"]),
        (range(3), ["0", "1", "2"]),
        (range(6, 0, -3), ["6", "3"]),
        (deque(["ink", "oil"]), ["ink", "oil"]),
        ({"x": "ink", "y": "oil"}.values(), ["ink", "oil"]),
        ({"ink": 1, "oil": 2}.keys(), ["ink", "oil"]),
        (numpy.array([1, 2]), ["1", "2"]),
        ([numpy.int64(3), numpy.float32(0.5), numpy.str_("x")], ["3", "0.5", "x"]),
        (numpy.array(3), ["3"]),
        (numpy.float64(2.5), ["2.5"]),
        (pandas.Series(["ink", "oil"]), ["ink", "oil"]),
        (pandas.Index([3, 1]), ["3", "1"]),
        (pandas.Categorical(["ink", "oil"]), ["ink", "oil"]),
        (["", "big"], ["", "big"]),
        ([True, False], ["True", "False"]),
    ],
    ids=repr,
)
def test_lists_of_every_kind_vary(held: Any, sent: list[str]) -> None:
    """Whatever has values in an order is an axis, and its values are Python's own."""
    assert _sent(held) == sent


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ([1.0, math.nan], "missing value, nan"),
        (math.nan, "missing value, nan"),
        (numpy.array([1.0, numpy.nan]), "missing value, nan"),
        (pandas.Series(["ink", None, float("nan")]), "is None|missing value"),
        (pandas.Series([1.5, None]), "dropna"),
        (["ink", None], "is None"),
        (["ink", pandas.NA], "is a NAType"),
        (["ink", pandas.NaT], "missing value, NaT"),
        (numpy.array(["NaT"], dtype="datetime64[s]"), "is None|missing value"),
        ({"ink", "oil"}, r"a set, which has no order. a = sorted\(a\)"),
        (frozenset(["ink"]), "no order"),
        ((text for text in ("ink", "oil")), r"used up by reading. a = list\(a\)"),
        (map(str, [1]), "used up by reading"),
        (iter(["ink"]), "used up by reading"),
        ([["ink"], ["oil"]], "is a list"),
        ([{"ink": 1}], "is a dict"),
        ({"ink": 1}, "is a dict"),
        (pandas.DataFrame({"x": [1]}), "is a DataFrame"),
        ([], "is empty"),
        (["ink", "ink"], "the same value twice"),
        ([1, "1"], "the same value twice"),
        (list(range(10**5)), "100,000 images"),
        (range(10**7), "10,000,000 images"),
        (range(10**20), r"over 10\^18 images"),
        (range(10**5000), r"over 10\^18 images"),
        (10**5000, "too long a number"),
        (numpy.zeros(10**6), "1,000,000 images"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else type(value).__name__,
)
def test_what_cannot_vary_is_refused_in_one_sentence(held: Any, said: str) -> None:
    """Missing values, lists without an order and far too many of them are never paid for."""
    with pytest.raises(InputError, match=said):
        _plan(held)


@pytest.mark.parametrize("text", ["ink | oil", "ink, oil", "[ink, oil]", "ink/oil"])
def test_a_text_with_separators_for_an_axis_is_asked_about(text: str) -> None:
    """In Python a list has the values; a text alone may mean several, and is not paid as one."""
    with pytest.raises(InputError, match=r"one value or several.*\['ink', 'oil'\]"):
        _plan("x", axes={"a": text})
    plan = _plan("x", axes={"a": [text]})
    assert [cell.request.prompt for cell in plan.cells] == [f"{text} cats"]
    assert _plan(text).cells[0].request.prompt == f"{text} cats", "a variable is a text"


@pytest.mark.parametrize("held", [{"1:1", "4:3"}, (text for text in ("1:1", "4:3"))])
def test_a_parameter_needs_an_order_too(held: Any) -> None:
    """The same holds for values of a parameter."""
    with pytest.raises(InputError, match=r"no order|used up"):
        _plan("x", axes={"aspect_ratio": held})


def test_numbers_of_numpy_are_sent_as_numbers() -> None:
    """A parameter that varies over an array, or over its scalars, goes into JSON."""
    for held in (numpy.array([1, 2]), [numpy.int64(1), numpy.int64(2)]):
        plan = _plan("x", axes={"steps": held})
        assert [cell.request.parameter("steps") for cell in plan.cells] == [1, 2]


@pytest.mark.parametrize(
    "repeats", [10**20, 10**5000, -(10**5000), 0, -1], ids=lambda n: str(n.bit_length())
)
def test_any_count_is_judged_before_it_is_built(repeats: int) -> None:
    """Counts that no computer holds end in a sentence at once."""
    with pytest.raises(InputError, match=r"That would be over|cannot be"):
        _plan("x", repeats=repeats)


@pytest.mark.long
def test_a_grid_without_bounds_is_refused_before_it_is_built() -> None:
    """Two thousand choices of two are more images than have a name, and cannot be drawn from."""
    prompt = "{a|b}" * 2000
    with pytest.raises(InputError, match=r"over 10\^18 images"):
        _plan("x", prompt)
    with pytest.raises(InputError, match="too many combinations"):
        _plan("x", prompt, sample=5)
    scouted = _plan("x", "{a|b}" * 400, scout=True).in_words()
    assert scouted.endswith("2 of over 10^18 images, each value once")
