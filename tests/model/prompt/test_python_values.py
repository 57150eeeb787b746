"""Whatever a person gives from Python: a plan of what they see, or one error of ours."""

from __future__ import annotations

import asyncio
import enum
import math
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nanobanana_nb
from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.model.plan.plan import Plan
from tests.model.plans import plan_of, prompts_of


class Plain(enum.Enum):
    """Its members print as `Plain.INK`."""

    INK = "ink"


class Named(enum.StrEnum):
    """Its members print as their values."""

    INK = "ink"


class Length(list[Any]):
    """A list that does not say how long it is."""

    def __len__(self) -> int:
        raise RuntimeError("len")


class Parts(list[Any]):
    """A list that gives nothing."""

    def __iter__(self) -> Any:
        raise RuntimeError("iter")


class Pairs(dict[str, Any]):
    """A dict that gives nothing."""

    def items(self) -> Any:
        raise RuntimeError("items")

    __iter__ = keys = items


class Compared(float):
    """A number that cannot be compared."""

    def __ne__(self, other: object) -> bool:
        raise RuntimeError("ne")

    __hash__ = float.__hash__


class Attributes:
    """An object without a single attribute."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class Truth:
    """An object that is neither true nor false."""

    def __bool__(self) -> bool:
        raise RuntimeError("bool")


class Words(str):
    """A text that does not print."""

    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("str")


class Kind:
    """An object that does not say what it is."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError("class")


def _itself() -> Any:
    array = numpy.empty((), dtype=object)
    array[()] = array
    return array


READ: dict[str, Any] = {  # made in the test: pytest looks at what it is given, too
    "length": lambda: Length([1]),
    "parts": lambda: Parts([1]),
    "pairs": lambda: Pairs(a=1),
    "compared": lambda: Compared(1),
    "attributes": Attributes,
    "truth": Truth,
    "words": lambda: Words("x"),
    "kind": Kind,
    "itself": _itself,
    "array": lambda: numpy.array(["a", "b"]),
    "series": lambda: pandas.Series(["a", "b"]),
    "frame": lambda: pandas.DataFrame({"a": [1]}),
    "missing": lambda: pandas.NA,
    "levels": lambda: pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)]),
}
DOORS: dict[str, Any] = {
    "prompt": lambda value: nanobanana_nb.plan(value),
    "axes": lambda value: nanobanana_nb.plan("A {a}", value),
    "axis": lambda value: nanobanana_nb.plan("A {a}", {"a": value}),
    "values": lambda value: nanobanana_nb.plan("A {a}", {"a": [value]}),
    "place": lambda value: nanobanana_nb.plan("A {a}", a=value),
    "parameter": lambda value: nanobanana_nb.plan("A", output_format=value),
    "inner": lambda value: nanobanana_nb.plan("A", more={"a": [value]}),
    "varied": lambda value: nanobanana_nb.plan("A", {"output_format": value}),
    "model": lambda value: nanobanana_nb.plan("A", model=value),
    "models": lambda value: nanobanana_nb.plan("A", {"model": value}),
    "repeats": lambda value: nanobanana_nb.plan("A", repeats=value),
    "zipped": lambda value: nanobanana_nb.plan("{a|b} {c|d}", zipped=value),
    "rows": lambda value: nanobanana_nb.plan("{a|b} {c|d}", rows=value),
    "images": lambda value: nanobanana_nb.plan("A", images=value),
    "provider": lambda value: nanobanana_nb.plan("A", provider=value),
    "only": lambda value: _plan("{x: a|b}").only(value),
    "only of": lambda value: _plan("{x: a|b}").only([value]),
    "extended": lambda value: _plan("{x: a|b}").extend(x=value),
    "repeated": lambda value: _plan("{x: a|b}").repeat(value),
}


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The simulator answers, and a folder of the test has the ledger."""
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulator")
    monkeypatch.setenv("NANOBANANA_HOME", str(tmp_path))


@pytest.mark.usefixtures("simulated")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", READ)
def test_what_raises_when_it_is_read_is_one_error_of_ours(door: str, kind: str) -> None:
    """Whatever a class of a person or of a library does, and wherever it is given."""
    with suppress(NanobananaError):
        assert DOORS[door](READ[kind]()).cells


@pytest.mark.usefixtures("simulated")
def test_the_error_names_what_raised() -> None:
    """A person finds the line in their own class; what a library of ours raises stays itself."""
    with pytest.raises(InputError, match=r"its Parts.__iter__ raised RuntimeError: iter") as caught:
        nanobanana_nb.plan("A {a}", {"a": Parts([1])})
    assert isinstance(caught.value.__cause__, RuntimeError)


@pytest.mark.usefixtures("simulated")
@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x07", "\x7f", "\x85", "\x0c"])
def test_control_characters_are_in_no_prompt(sign: str) -> None:
    """From a value, an axis or the prompt itself; tabs and line ends are text."""
    text = f"a{sign}b"
    for make in (
        lambda: nanobanana_nb.plan("A {a}", a=text),
        lambda: nanobanana_nb.plan("A {a}", {"a": [text, "c"]}),
        lambda: nanobanana_nb.plan(f"A {text}", raw=True),
        lambda: nanobanana_nb.generate(f"A {text}"),
    ):
        with pytest.raises(InputError, match="holds a control character"):
            make()
    assert prompts_of(nanobanana_nb.plan("A {a}", a="b\tc\nd")) == ["A b\tc\nd"]


@pytest.mark.parametrize("numbers", ["nope", None, ["b"], [0.0], [True], 0, [[0]], object()])
def test_cells_are_chosen_by_whole_numbers(numbers: Any) -> None:
    """Anything else is one sentence that says so."""
    with pytest.raises(InputError, match="numbers is a list of whole numbers, not "):
        _plan("{x: a|b}").only(numbers)
    assert len(_plan("{x: a|b}").only(numpy.array([1, 0])).cells) == 2


def _plan(prompt: str, **options: Any) -> Plan:
    return plan_of(prompt, **{"model": "google/next", **options})


def _kind(value: Any) -> str:
    return type(value).__name__


SEEN = [
    *(numpy.float32(0.1), numpy.float16(0.1), numpy.longdouble("0.1"), numpy.array(0.5)),
    *(numpy.datetime64("2024-01-02"), numpy.timedelta64(5, "ns")),
    *(pandas.Timestamp("2024-01-02"), pandas.Timedelta("1D"), Decimal("0.10"), Fraction(1, 3)),
    *(numpy.array("x", dtype=object), Path("a/b"), Named.INK, numpy.str_("x"), numpy.True_),
]


@pytest.mark.parametrize("value", SEEN, ids=_kind)
def test_the_text_that_is_printed_is_sent(value: Any) -> None:
    """From the notebook, as an axis and in a list: what `print` shows, and never another number."""
    wanted = ["A " + str(value)]
    assert prompts_of(_plan("A {a}", namespace={"a": value})) == wanted
    assert prompts_of(_plan("A {a}", axes={"a": [value]})) == wanted
    assert prompts_of(_plan("A {a}", namespace={"a": [value]})) == wanted


@pytest.mark.parametrize(
    "held",
    [
        numpy.array([0.1, 0.7], dtype="f4"),
        pandas.Series([0.1, 0.7], dtype="f4"),
        pandas.Index(numpy.array([0.1, 0.7], dtype="f4")),
        pandas.Series(pandas.to_datetime(["2024-01-02", "2024-02-03"])),
        pandas.Series(pandas.to_timedelta(["1D", "2D"])),
    ],
    ids=repr,
)
def test_arrays_have_the_values_that_their_items_print(held: Any) -> None:
    """No nanoseconds, and no digits that 32 bits do not have."""
    items = getattr(held, "array", held)
    wanted = ["A " + str(items[0]), "A " + str(items[1])]
    assert prompts_of(_plan("A {a}", namespace={"a": held})) == wanted
    assert prompts_of(_plan("A {a}", axes={"a": held})) == wanted


@pytest.mark.parametrize("moment", ["2024-01-02", "2024-01-02 03:04:05", "2024-01-02 03:04:00.5"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_one_moment_has_one_text_whatever_holds_it(moment: str, unit: str) -> None:
    """NumPy's own form, with a T and zeros, is in no prompt: Python, pandas and it agree."""
    moment = moment if unit != "s" else moment.removesuffix(".5")
    series = pandas.Series(pandas.to_datetime([moment])).astype(f"M8[{unit}]")
    wanted = [f"A {datetime.fromisoformat(moment)}"]
    for value in (series, series.to_numpy(), series.to_numpy()[0], [series.iloc[0]]):
        assert prompts_of(_plan("A {a}", namespace={"a": value})) == wanted
    nano = numpy.datetime64("2024-01-02T00:00:00.000000001")
    assert prompts_of(_plan("A {a}", namespace={"a": nano})) == [f"A {pandas.Timestamp(nano)}"]
    for short in ("2024", "2024-01", "2024-01-02"):
        assert prompts_of(_plan("A {a}", namespace={"a": numpy.datetime64(short)})) == [
            f"A {short}"
        ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (numpy.array(["2024-01-02", "NaT"], dtype="M8[D]"), "has a missing value, NaT"),
        (numpy.array([1, "NaT"], dtype="m8[s]"), "has a missing value, NaT"),
        ([1.0, math.inf], "is inf, no finite number"),
        ({"x": 1}.items(), r"whose values are pairs. Give the keys\(\) or the values\(\)"),
    ],
    ids=["date", "span", "inf", "items"],
)
def test_what_is_no_value_is_told_as_what_it_is(value: Any, told: str) -> None:
    """A date that is missing is no None, and pairs are no set."""
    with pytest.raises(InputError, match=told):
        _plan("A {a}", namespace={"a": value})


MISSING = [
    *(None, math.nan, numpy.nan, numpy.datetime64("NaT"), pandas.NaT, pandas.NA, numpy.ma.masked),
    *(numpy.ma.array(1, mask=True), Decimal("nan"), Decimal("sNaN"), numpy.float32("nan")),
    *(math.inf, -math.inf, numpy.float32("inf"), Decimal("-Infinity")),
    *(1j, numpy.complex64(1), b"ink", Plain.INK, numpy.array(None, dtype=object), object()),
]


@pytest.mark.parametrize("value", MISSING, ids=_kind)
@pytest.mark.parametrize("name", ["a", "aspect_ratio", "model", "steps"])
def test_what_has_no_text_of_its_own_is_refused(value: Any, name: str) -> None:
    """No `None`, `nan` or `--` is ever sent, in a prompt or as a parameter."""
    with pytest.raises(InputError):
        _plan("A {a}", namespace={"a": "x"}, axes={name: [value]})
    if name == "a" and value is not None:
        with pytest.raises(InputError):
            _plan("A {a}", namespace={"a": value})


def _nested(depth: int) -> Any:
    value: Any = "ink"
    for _ in range(depth):
        value = [value]
    return value


ITSELF: list[Any] = []
ITSELF.append(ITSELF)
ODD = st.sampled_from(
    [
        *SEEN, *MISSING, ITSELF, [ITSELF], _nested(5000), 10**5000, [10**5000], {"x": {"y": 1}},
        {"ink"}, (n for n in "ab"), pandas.DataFrame({"x": [1]}), pandas.Series(["a"]), range(3),
        [[1, 2]], [()], ((),), "a | b", "", [""], "\ud800", [True, 1], [1, 1.0], int, [int], ...,
    ]
)  # fmt: skip
VALUES = ODD | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["a", "b", "aspect_ratio", "model", "images", "image", "steps", "x + y", ""]
)


@pytest.mark.long
@given(
    axes=VALUES | st.dictionaries(NAMES | st.integers(), VALUES, max_size=3),
    zipped=VALUES | st.lists(st.lists(NAMES, max_size=3), max_size=2),
    value=VALUES,
    rows=VALUES,
)
@settings(max_examples=400, deadline=2000)
def test_anything_gives_a_plan_or_an_error_of_ours(
    axes: Any, zipped: Any, value: Any, rows: Any
) -> None:
    """One sentence for each object that cannot be used, and at once."""
    for options in (
        {"axes": axes},
        {"zipped": zipped},
        {"rows": rows},
        {"axes": {"b": ["x", "y"]}},
        {"parameters": {"aspect_ratio": value}},
    ):
        with suppress(NanobananaError):
            plan = _plan("A {a} {b}", namespace={"a": value, "b": "c"}, **options)
            assert plan.cells


@pytest.mark.parametrize("name", ["image", "images"])
def test_images_that_hold_themselves(name: str) -> None:
    """A list in itself is one sentence, not the end of the stack."""
    with pytest.raises(InputError, match=f"A list of the axis {name} holds itself"):
        _plan("A", axes={name: ITSELF})


@pytest.mark.parametrize("zipped", [5, True, [None], [[1, 2]], "x", ["x"], [["a", "b"], 1], {"a"}])
def test_names_to_go_side_by_side_are_names(zipped: Any) -> None:
    """Anything else is one error of ours."""
    with pytest.raises(InputError, match="zip"):
        _plan("A {a} {b}", axes={"a": ["1", "2"], "b": ["3", "4"]}, zipped=zipped)


@pytest.mark.parametrize("face", ["generate", "submit", "sweep", "plan", "agenerate", "asweep"])
@pytest.mark.parametrize("args", [(), ("A", {"b": [1]}, "B")])
def test_a_call_that_does_not_fit_is_one_sentence(face: str, args: tuple[Any, ...]) -> None:
    """It tells what is missing or too much, and how options are given."""

    call = getattr(nanobanana_nb, face)
    with pytest.raises(InputError, match=r"called wrongly: .*argument"):
        asyncio.run(call(*args)) if face[0] == "a" else call(*args)
