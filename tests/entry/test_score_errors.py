"""Scores that a function could not give: their reasons, everywhere a score is looked at."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError
from nanobanana_nb.show.grid import ImageGrid
from tests.html_reader import Reader
from tests.service import Service

REASON = "RuntimeError: <i>no</i> face"


@pytest.fixture
def grid(service: Service) -> ImageGrid:
    """Six images, two values on one axis."""
    return nb.sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=3)


def broken(image: Any) -> float:
    """A function that has no number for any image."""
    return 1 / 0


def failing_for(image: Any) -> Callable[[Any], float]:
    """A judge without a number for this image alone."""

    def judge(other: Any) -> float:
        if other.tobytes() == image.image.tobytes():
            raise RuntimeError("<i>no</i> face")
        return 1.0

    return judge


def test_reason_is_in_every_table(grid: ImageGrid, tmp_path: Path) -> None:
    """In a column of its own, which is there only where something failed."""
    grid.score([1, 2, 3, 4, 5, 6], name="mine")
    grid.score(failing_for(grid[1]), name="face")
    reasons = [None, REASON, None, None, None, None]
    records = grid.to_records()
    assert [record["face error"] for record in records] == reasons
    assert "mine error" not in records[0]
    scores = grid.score(failing_for(grid[1]), name="face")
    for frame in (grid.to_frame(), scores.to_frame()):
        assert frame["face error"].dropna().to_dict() == {1: REASON}
    text = grid.export(tmp_path / "x.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["face error"] or None for row in rows] == reasons
    images = json.loads(grid.export(tmp_path / "x.json").read_text())["images"]
    assert [image.get("score_errors") for image in images] == [r and {"face": r} for r in reasons]
    html = grid.export(tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<i>no" not in html
    assert '"face error":"RuntimeError: \\u003ci>no\\u003c/i> face"' in html


def test_private_prompt_stays_out_of_reasons(service: Service, tmp_path: Path) -> None:
    """A judge that repeats the prompt tells it to nobody else."""
    grid = nb.generate("A secret heron", private=True)

    def judge(image: Any) -> float:
        raise ValueError("cannot judge A secret heron")

    grid.score(judge)
    for name in ("x.json", "x.csv", "x.html"):
        text = grid.export(tmp_path / name).read_text(encoding="utf-8")
        assert "cannot judge" in text
        assert "heron" not in text.lower()


def test_broken_function_is_one_line(grid: ImageGrid) -> None:
    """What failed alike for all has no table; it says how many were not tried."""
    scores = grid.score(broken)
    words = "5 failed: ZeroDivisionError: division by zero. 1 was not tried, the same call goes on."
    assert (repr(scores), scores.untried) == (f"broken: {words}", 1)
    assert " ".join(Reader(scores._repr_html_()).text.split()) == f"broken : {words}"
    scores = grid[:2].score(broken, name="other")
    assert repr(scores) == "other: all 2 failed: ZeroDivisionError: division by zero."


USES: dict[str, Callable[[ImageGrid], object]] = {
    "best": lambda grid: grid.best(2, by="broken"),
    "sort": lambda grid: grid.sort("broken"),
    "chance": lambda grid: grid.chance(by="broken"),
    "plot": lambda grid: grid.plot(by="style", score="broken"),
    "agreement": lambda grid: grid.agreement("broken", "mine"),
}


@pytest.mark.parametrize("use", sorted(USES))
def test_what_failed_is_not_missing(grid: ImageGrid, use: str) -> None:
    """Whoever goes by it is told that it failed, and why."""
    grid.score([1, 2, 3, 4, 5, 6], name="mine")
    grid.score(broken)
    with pytest.raises(InputError) as raised:
        USES[use](grid)
    assert "broken has no number: it failed for 5 images: ZeroDivisionError" in str(raised.value)


def test_failure_hides_no_number_by_hand(grid: ImageGrid) -> None:
    """It says both: that the function failed, and that the numbers stay."""
    grid.score([1, 2, 3, 4, 5, 6], name="broken")
    scores = grid.score(broken)
    assert scores.values == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert "5 failed, numbers from before stay. 1 was not tried" in scores.sentence
    assert "broken error" not in grid.to_records()[0]


CONFUSED: dict[str, tuple[Callable[[ImageGrid], object], str]] = {
    "axis as a score": (lambda grid: grid.best(1, by="style"), "style is an axis and no score"),
    "drawn axis": (lambda grid: grid.plot(by="style", score="style"), "is an axis and no score"),
    "score as an axis": (
        lambda grid: grid.plot(by="mine", score="mine"),
        "mine is a score and no axis. It has style",
    ),
    "score as a hue": (
        lambda grid: grid.plot(by="style", score="mine", hue="mine"),
        "mine is a score and no axis",
    ),
    "no names": (lambda grid: grid.agreement(1, 2), "names is the names of scores"),  # type: ignore[arg-type]
    "no score": (lambda grid: grid.agreement("mine", "min"), "no score or number min"),
}


@pytest.mark.parametrize("kind", sorted(CONFUSED))
def test_scores_and_axes_are_told_apart(grid: ImageGrid, kind: str) -> None:
    """Each error is in the words of what was asked for."""
    grid.score([1, 2, 3, 4, 5, 6], name="mine")
    act, words = CONFUSED[kind]
    with pytest.raises(InputError) as raised:
        act(grid)
    assert words in str(raised.value)


def test_the_best_shows_by_what(grid: ImageGrid) -> None:
    """One image, too, as text and as HTML."""
    grid.score([1, 2, 3, 4, 5, 6], name="mine")
    best = grid.best(1, by="mine")
    bundle = best._repr_mimebundle_()
    assert "mine 6" in bundle["text/plain"]
    assert "mine 6" in Reader(bundle["text/html"]).text


GROWTHS: dict[str, Callable[[ImageGrid], ImageGrid]] = {
    "repeat": lambda grid: grid.repeat(4),
    "extend": lambda grid: grid.extend(style="chalk"),
}


@pytest.mark.parametrize("kind", sorted(GROWTHS))
def test_larger_grid_is_in_no_order(grid: ImageGrid, kind: str) -> None:
    """New images have no score: the whole stands as it would without having been sorted."""
    grid.score([6, 1, 5, 2, 4, 3], name="mine")
    usual = GROWTHS[kind](grid)
    larger = GROWTHS[kind](grid.sort("mine"))
    assert larger.view is None
    assert [image.request for image in larger] == [image.request for image in usual]
    assert "mine 6" not in repr(larger)


def test_retried_images_end_an_order(faces: Service) -> None:
    """They keep their places in the list, which is none any more; nothing to retry changes none."""
    faces.fault("create", skip=1, status=422)
    grid = nb.sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)
    grid.score(list(range(4)), name="mine")
    ordered = grid.sort("mine", descending=True)
    assert ordered.retry().view is None
    assert all(image.ok for image in ordered)
    whole = grid.sort("mine")
    assert whole.retry().view == grid.sort("mine").view
