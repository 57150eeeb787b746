"""A number that somebody or something gives an image: its name, its value, why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import described, refusal
from nanobanana_nb.text.terminal import cut, plain

GIVEN = "given"  # the recipe of numbers that no function computed
MOST_NAME = 60  # characters
MOST_REASON = 300
LARGEST = 1e100  # so that squares and sums of numbers have a value


@dataclass(frozen=True)
class Score:
    """The value of one image, or None; `reason` says why where a function gave none.

    `recipe` tells by what it was computed: the same recipe gives the same value.
    """

    value: float | None
    reason: str = ""
    recipe: str = GIVEN


def counting(rows: Iterable[tuple[str, Score]]) -> dict[str, Score]:
    """Return of the scores of one name, the oldest first, the one that counts of each image.

    Of several functions it is the last one's alone: what two of them say is no one score. Numbers
    by hand stand beside it where they are newer, and where it failed; older ones do elsewhere only
    as long as it has no number at all.
    """
    scores = list(rows)
    recipe = next((s.recipe for _, s in reversed(scores) if s.recipe != GIVEN), GIVEN)
    last: dict[str, Score] = {}
    for sha256, score in scores:
        if score.recipe in (recipe, GIVEN):
            last[sha256] = _newer(last.get(sha256), score)
    own = {sha256: n for n, (sha256, s) in enumerate(scores) if s.recipe == recipe}
    if recipe == GIVEN or not any(scores[n][1].value is not None for n in own.values()):
        return last
    newer = {sha256 for sha256, _ in scores[max(own.values()) :]}
    return {sha256: score for sha256, score in last.items() if sha256 in own or sha256 in newer}


def _newer(last: Score | None, score: Score) -> Score:
    """Return the newer of two scores of an image; no failure hides a person's number."""
    is_by_hand = last is not None and last.recipe == GIVEN and last.value is not None
    return last if last is not None and is_by_hand and score.reason else score


def checked_name(name: Any) -> str:
    """Return the name of a score on one line.

    Raises:
        InputError: it is no text, is empty or too long.
    """
    if not isinstance(name, str):
        raise refusal("The name of a score", "a text", name)
    line = one_line(name)
    if not 0 < len(line) <= MOST_NAME:
        why = f"it has {len(line):,} characters" if line else "it is empty"
        action = f'Give a text of 1 to {MOST_NAME} characters: name="sharpness".'
        raise InputError("This cannot be the name of a score", why=why, action=action)
    return line


def one_line(name: str) -> str:
    """Return the name of a score as it is kept: on one line, letters in one form."""
    return normalize("NFC", plain(name))


def number(value: Any) -> float:
    """Return a number of any kind: Python's, one of NumPy, a tensor of one element.

    Raises:
        ValueError: it is none, or has no finite value; the error says what it is.
    """
    whole = value
    if hasattr(value, "item") and not isinstance(value, str | bytes):
        whole = _element(value)
    if isinstance(whole, str | bytes) or not hasattr(whole, "__float__"):
        raise ValueError(f"{described(value)} is no number")
    try:
        result = float(whole)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{described(value)} is no number") from None
    if not math.isfinite(result):
        raise ValueError(f"{result} is no finite number")
    if abs(result) > LARGEST:
        raise ValueError(f"{result:.3g} is too large")
    return result


def is_blank(value: Any) -> bool:
    """Whether a value stands for none: None, NaN, or what pandas writes where nothing is."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # an array is not one value
        return False


def failure(error: BaseException) -> str:
    """Return why a function gave no number, on one line."""
    text = cut(error, MOST_REASON)
    return text if type(error) is ValueError and text else f"{type(error).__name__}: {text}"


def _element(value: Any) -> Any:
    try:
        return value.item()
    except Exception:  # an array of several: its `float` says no as well
        return value
