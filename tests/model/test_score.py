"""Scores: their names, their numbers and why there is none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.score import checked_name, failure, is_blank, number


@pytest.mark.parametrize(
    "value",
    [2, 2.0, Decimal(2), Fraction(2), np.int8(2), np.float32(2), np.array(2), np.array([[2.0]])],
    ids=lambda value: f"{type(value).__name__} {value}",
)
def test_numbers_of_all_kinds(value: Any) -> None:
    """Python's, and what NumPy and models return."""
    assert number(value) == 2.0
    assert type(number(value)) is float


def test_a_yes_is_one() -> None:
    """And a no is zero."""
    assert [number(value) for value in (True, False, np.True_)] == [1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "value",
    ["2", b"2", None, [1], np.array([1, 2]), 1j, object(), float("inf"), float("nan"), 10**400],
    ids=lambda value: f"{type(value).__name__} {str(value)[:8]}",
)
def test_what_is_no_number_is_told(value: Any) -> None:
    """So is one that has no finite value."""
    with pytest.raises(ValueError, match=r"is no (finite )?number"):
        number(value)


def test_blanks_are_none() -> None:
    """What tables write where nothing stands."""
    pandas = pytest.importorskip("pandas")
    assert all(map(is_blank, (None, float("nan"), np.nan, pandas.NA, pandas.NaT)))
    assert not any(map(is_blank, (0, "", False, [], np.array([1, 2]))))


@pytest.mark.parametrize("name", [None, 3, "", " \n", "x" * 61])
def test_names_that_are_none(name: Any) -> None:
    """A text of 1 to 60 characters is one."""
    with pytest.raises(InputError):
        checked_name(name)
    assert checked_name("on\nbrand") == "on brand"


def test_a_failure_has_its_kind_and_its_text() -> None:
    """On one line and of a length that a table has room for."""
    assert failure(ValueError("no face")) == "no face"
    assert failure(KeyError("eyes")) == "KeyError: 'eyes'"
    assert len(failure(RuntimeError("x\n" * 10_000))) < 400
