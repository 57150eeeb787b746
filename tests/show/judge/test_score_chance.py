"""Which axes move a score, with intervals, in words, as a table and as a plot."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import pyplot

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.rater_agreement import agreement
from nanobanana_nb.show.judge.ready_scores import READY
from nanobanana_nb.show.judge.score_chance import (
    ScoreItem,
    _design,
    score_chance,
    score_chance_of,
)
from nanobanana_nb.show.judge.score_plot import plot
from nanobanana_nb.stats.effects import moderators
from nanobanana_nb.stats.verdict import Verdict
from tests.html_reader import Reader
from tests.show.conftest import failed, generation, planned_grid
from tests.show.judge.simulated_features import found
from tests.show.judge.simulated_scores import false_alarms, simulated_scores

mpl.use("agg")


def inks(repeats: int = 3) -> list[ScoreItem]:
    """Ink 12 and oil 20, give or take 1, and an axis that does nothing."""
    chooser = random.Random(1)
    cells = product(("ink", "oil"), ("dog", "cat"), range(repeats))
    return [
        ({"style": s, "animal": a}, (12 if s == "ink" else 20) + chooser.gauss(0, 1))
        for s, a, _ in cells
    ]


def test_what_moves_the_score_is_said_with_intervals() -> None:
    """The axis that acts with its means, the other not."""
    one = score_chance_of(inks(), "sharpness")
    assert found(one) == ["style"]
    assert one.sentence.startswith("style moves sharpness: ink 1")
    assert one.sentence.endswith("animal: in sharpness cannot tell from chance.")
    ink, oil = one["style"].means
    assert ink.low < 12 < ink.high < oil.low < 20 < oil.high
    (apart,) = one["style"].differences
    assert (apart.name, apart.images) == ("oil - ink", 12)
    assert apart.low < 8 < apart.high


def test_an_effect_of_one_style_alone_is_said_to_depend_on_it() -> None:
    """Their mean difference is that of no style; where styles are alike nothing is said."""
    draw = random.Random(3)
    levels = {
        ("dog", "ink"): 60.0,
        ("dog", "oil"): 20.0,
        ("cat", "ink"): 20.0,
        ("cat", "oil"): 20.0,
    }
    items: list[ScoreItem] = [
        ({"animal": animal, "style": style}, level + draw.gauss(0, 1))
        for (animal, style), level in levels.items()
        for _ in range(4)
    ]
    one = score_chance_of(items, "q")
    assert one["animal"].depends_on == ("style",)
    assert "How much depends on style. style moves q" in one.sentence
    assert "depends" not in score_chance_of(inks(), "q").sentence


def test_effects_that_are_alike_everywhere_seldom_depend() -> None:
    """Of 300 grids in which only chance tells the styles apart at most 5 %."""
    named = 0
    for seed in range(300):
        draw = random.Random(seed)
        items: list[ScoreItem] = [
            ({"animal": a, "style": s}, 3.0 * (a == "dog") + draw.gauss(0, 1))
            for a, s, _ in product(("dog", "cat"), ("ink", "oil"), range(3))
        ]
        axes, cells, scores = _design(items)
        named += bool(moderators(axes[0], axes[1:], cells, scores))
    assert named <= 15


def test_the_order_of_the_images_does_not_matter_and_the_values_keep_theirs() -> None:
    """The same p and means; values are named in the order of the grid."""
    items = inks()
    shuffled = random.Random(2).sample(items, len(items))
    one, other = (score_chance_of(own, "x") for own in (items, shuffled))
    assert [a.p for a in one.axes] == [other[a.name].p for a in one.axes]
    assert [mean.name for mean in one["style"].means] == ["ink", "oil"]
    assert {mean.name: pytest.approx(mean.value) for mean in one["style"].means} == {
        mean.name: mean.value for mean in other["style"].means
    }


def test_missing_images_do_not_pass_for_an_effect() -> None:
    """Values are compared where the other axes agree, and cells count once."""
    cells = {("ink", "dog"): [1.0] * 6, ("ink", "cat"): [9.0], ("oil", "dog"): [1.0]}
    cells["oil", "cat"] = [9.0] * 6
    items = [({"style": s, "animal": a}, v) for (s, a), own in cells.items() for v in own]
    style = score_chance_of(items, "x")["style"]
    assert [mean.value for mean in style.means] == [5, 5]
    assert style.differences[0].value == 0


def test_words_are_of_images_that_are_alike_else() -> None:
    """Where a combination is missing the means of two values may say the opposite of the effect."""
    draw = random.Random(1)
    levels = {("dog", "oil"): 10.0, ("cat", "oil"): 5.0, ("cat", "ink"): 100.0}
    items: list[ScoreItem] = [
        ({"animal": animal, "style": style}, level + draw.gauss(0, 0.3))
        for (animal, style), level in levels.items()
        for _ in range(5)
    ]
    measured = score_chance_of(items, "q")
    assert measured["animal"].verdict is Verdict.EFFECT
    dog, cat = measured["animal"].means
    assert (dog.value, cat.value) == (pytest.approx(10, abs=0.5), pytest.approx(5, abs=0.5))
    assert "animal moves q: dog 10" in measured.sentence
    assert "where all else is alike" in measured.sentence


def test_differences_are_told_where_no_means_can_be_compared() -> None:
    """Three values of which each two meet, and never all: their means are of unlike images."""
    levels = {("a", 1): 0, ("b", 1): 5, ("b", 2): 50, ("c", 2): 55, ("c", 3): 9, ("a", 3): -1}
    draw = random.Random(1)
    items = [
        ({"x": x, "y": str(y)}, level + draw.gauss(0, 0.3))
        for (x, y), level in levels.items()
        for _ in range(3)
    ]
    assert "x moves q: c - a 9.5" in score_chance_of(items, "q").sentence


@pytest.mark.parametrize("unit", [1e-320, 1e-99, 1e99, 0.0])
def test_numbers_of_any_size_are_shown(unit: float) -> None:
    """As text and HTML, without an error."""
    items: list[ScoreItem] = [
        ({"style": style}, unit * n) for n, style in enumerate(["ink", "oil"] * 4)
    ]
    measured = score_chance_of(items, "q")
    forms = measured._repr_mimebundle_()
    assert "ink" in forms["text/plain"]
    Reader(forms["text/html"])


def test_repeats_that_are_all_alike_give_no_interval() -> None:
    """As those of yes and no: an interval of no width would be a certainty that nobody has."""
    items: list[ScoreItem] = [
        ({"style": style}, float(style == "ink")) for style in ["ink", "oil"] * 4
    ]
    measured = score_chance_of(items, "ok")
    assert [mean.low for mean in measured["style"].means] == [None, None]
    assert measured.sentence == "style moves ok: ink 1, oil 0."


def test_nothing_to_compare_is_said_of_the_score() -> None:
    """And not of repeats, of which there may be many."""
    measured = score_chance_of([({"style": "ink"}, 1.0), ({"style": "ink"}, 2.0)], "stars")
    assert measured.sentence == "No axis has two values with stars: nothing to compare."


def test_one_of_each_has_means_and_no_interval() -> None:
    """And the advice of `chance`."""
    one = score_chance_of(inks(1), "x")
    assert one["style"].means[0].low is None
    assert "cannot tell with n=1" in one.sentence
    assert "–" in repr(one)
    assert score_chance_of([], "x").images == 0


def test_too_few_repeats_get_the_advice() -> None:
    """Two values alone with three images each cannot reach 5 %."""
    items = [({"style": own["style"]}, score) for own, score in inks() if own["animal"] == "dog"]
    assert "With 4 images of each" in score_chance_of(items, "x").sentence


def test_images_without_a_score_are_left_out_and_counted(photos: list[Path]) -> None:
    """A failed one, and one whose score is None."""
    grid = planned_grid(photos, "A {style}", 4, style=["ink", "oil"])
    images = ImageGrid([failed(request=grid[0].request), *grid.generations[1:]], grid.plan)
    scores: list[float | None] = [0.0, None, 1.0, 2.0, 11.0, 12.0, 13.0, 14.0]
    one = score_chance(images, "sharpness", scores)
    assert (one.images, one.left_out) == (6, 2)


def test_html_text_and_frame_have_the_same_numbers() -> None:
    """Two bars a value and the numbers beside them; what a person wrote stays text."""
    bad = "<script>`$x$" + "y" * 100
    items = [({bad: own["style"], "b": f"<b>{own['animal']}"}, v) for own, v in inks()]
    one = score_chance_of(items, bad)
    html = one._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "<b>dog" not in html
    Reader(html)
    assert all(name in repr(one) for name in ("oil - ink", "95 %"))
    frame = one.to_frame()
    assert frame["kind"].value_counts().to_dict() == {"mean": 4, "difference": 2}


def test_few_false_alarms_in_a_short_run() -> None:
    """At most 5 %, give or take three errors; the long form has more designs."""
    share = false_alarms((2, 2), 2, "exponential", 150)
    assert share <= 0.05 + 3 * 0.018
    assert len(simulated_scores(1, (3, 2), 2)) == 12


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_a_plot_has_points_means_and_plain_labels(photos: list[Path], style: str) -> None:
    """A point an image and a mean a group; `$` and `_` are letters."""
    names = {"style": ["$ink$", "_oil"], "animal": ["dog", "_cat"]}
    grid = planned_grid(photos, "A {animal} in {style}", 2, **names)
    with pyplot.style.context(style):
        axes = plot(grid, "style", "a_$b$", [float(n) for n in range(len(grid))], "animal")
        axes.figure.canvas.draw()
    drawn = [line for line in axes.lines if len(line.get_xdata())]
    assert sum(len(line.get_xdata()) for line in drawn if line.get_marker() == "o") == len(grid)
    assert sum(line.get_marker() == "D" for line in drawn) == 4
    assert [text.get_text() for text in axes.get_xticklabels()] == ["$ink$", "_oil"]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["dog", "_cat"]
    texts = [*axes.get_xticklabels(), axes.yaxis.label, axes.xaxis.label]
    assert not any(text.get_parse_math() for text in texts)
    pyplot.close(axes.figure)


def test_a_plot_takes_axes_and_refuses_what_it_does_not_know(photos: list[Path]) -> None:
    """One sentence of ours for an axis that is not there, and for no scores."""
    grid = planned_grid(photos, "A {style}", 2, style=["ink", "oil"])
    figure, own = pyplot.subplots()
    assert plot(grid, "style", "x", [1.0, 2.0, None, 4.0], ax=own) is own
    with pytest.raises(InputError, match="stile"):
        plot(grid, "stile", "x", [1.0] * 4)
    with pytest.raises(InputError, match="No image has the score 'x'"):
        plot(grid, "style", "x", [None] * 4)
    pyplot.close(figure)


def test_raters_are_said_to_agree_or_not() -> None:
    """By Krippendorff's bounds, with the interval; hostile names stay text."""
    numbers = [1, 2, 3, 4, 5, 1] * 2
    well = agreement({"<b>": numbers, "Bo": [*numbers[:-1], 2]})
    assert well.sentence.startswith("The raters agree well: alpha 0.9")
    assert "<b>" not in well._repr_html_().replace("&lt;b&gt;", "")
    Reader(well._repr_html_())
    other = [5, 4, 1, 2, 3, 3] * 2
    assert "do not agree" in agreement({"a": numbers, "b": other}).sentence
    unsure = agreement({"a": numbers[:6], "b": [1, 2, 3, 4, 3, 2]})
    assert "more images would tell" in unsure.sentence
    for few in ([1, 5], [1, 2, 3, 4, 5]):
        assert "Too few images" in agreement({"a": few, "b": few}).sentence
    assert "all scores are the same" in repr(agreement({"a": [1, 1], "b": [1, 1]}))
    with pytest.raises(InputError, match="two raters"):
        agreement({"a": [1]})
    with pytest.raises(InputError, match="interval or ordinal"):
        agreement({"a": [1], "b": [1]}, "x")


@pytest.mark.parametrize(
    ("asked", "size", "share"),
    [
        ({}, (512, 512), 1.0),
        ({"aspect_ratio": "16:9"}, (1344, 768), 1.0),
        ({"aspect_ratio": "16:9"}, (1024, 1024), 9 / 16),
        ({"resolution": "2K"}, (1024, 1024), 0.5),
        ({"aspect_ratio": "16:9", "resolution": "2K"}, (1024, 1024), 9 / 32),
    ],
)
def test_what_was_delivered_of_what_was_asked(
    asked: dict[str, str], size: tuple[int, int], share: float
) -> None:
    """1 where a caption has no difference to tell, else the parts multiplied."""
    image = generation(
        Path("x.png"), parameters=tuple(asked.items()), width=size[0], height=size[1]
    )
    assert READY["delivered"](image) == pytest.approx(share)
    assert READY["delivered"].of_generation  # type: ignore[attr-defined]
    assert set(READY) == {"sharpness", "contrast", "colourfulness", "delivered"}
