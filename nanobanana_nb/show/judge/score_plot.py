"""A score over the values of an axis: a point for each image, and the means with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.arrange.selection import part_of
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.show.judge.chance import comparable
from nanobanana_nb.show.judge.score_chance import (
    GroupMeans,
    ScoreItem,
    group_means,
    score_chance_of,
    score_items,
)
from nanobanana_nb.stats.effects import Estimate
from nanobanana_nb.stats.verdict import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GOLDEN = 0.618034  # its multiples fill a line evenly
_TEXT: dict[str, Any] = {"parse_math": False, "usetex": False}  # what people write is no formula
_MOST_LABEL = 28
_UNLIKE = "hollow: means of images that differ in other axes too"
_HUE = "Give another axis, or leave hue away."
_REPEATS = "repeats are the points of each value"
Groups = dict[tuple[str, str], list[int]]  # the images of each value on the axis and of the hue


def plot(
    grid: GridData,
    by: str,
    name: str,
    scores: Sequence[float | None],
    hue: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the scores over the values of the axis `by`, in a colour for each value of `hue`.

    Raises:
        InputError: there is no such axis, no image has a score, `ax` cannot be drawn on, or
            Matplotlib is not installed.
    """
    if ax is not None and not hasattr(ax, "set_xlabel"):
        raise arguments.refusal("ax", "axes of Matplotlib, as `plt.gca()`", ax)
    if hue == by:
        raise InputError(f"by and hue are both {cut(by, 60)}", action=_HUE)
    values = [_values(grid, axis) for axis in ((by,) if hue is None else (by, hue))]
    items = score_items(grid, scores)
    if not items:
        raise InputError(f"No image has the score {cut(name, 60)!r}", action="")
    ax = _new_axes() if ax is None else ax
    groups: Groups = {}
    indices = (index for index, _, _ in comparable(grid) if scores[index] is not None)
    for i, index in enumerate(indices):
        value, *hues = (labels[index] for labels in values)
        groups.setdefault((value, hues[0] if hues else ""), []).append(i)
    means = group_means(items, list(groups.values()), [axis for axis in (by, hue) if axis])
    _draw(ax, items, groups, means)
    if not ax.get_title():
        ax.set_title(_caption(items, means, by, hue), fontsize="small", **_TEXT)
    ax.set_xlabel(cut(by, _MOST_LABEL), **_TEXT)
    ax.set_ylabel(cut(name, 60), **_TEXT)
    if hue:
        _legend(ax, _unique(groups, 1), hue)
    return ax


def _values(grid: GridData, axis: str) -> list[str]:
    """Return the value that each image has on an axis, or on one of several side by side.

    Raises:
        InputError: there is no such axis.
    """
    image_places = places(grid.generations, grid.plan)
    if axis == image_places.repeats:
        raise InputError("A plot goes by an axis, and repeat is none", why=_REPEATS, action="")
    number, part = part_of(image_places, axis)
    labels = (*part.labels, "")
    return [labels[point[number]] for point in image_places.points]


def _new_axes() -> Axes:
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise InputError(
            "A plot needs Matplotlib, which is not installed",
            action="`%pip install matplotlib`; `chance` has the same numbers as a table.",
        ) from error
    ax: Axes = pyplot.subplots(layout="constrained")[1]
    return ax


def _unique(groups: Groups, part: int) -> list[str]:
    return list(dict.fromkeys(key[part] for key in groups))


def _caption(items: Sequence[ScoreItem], means: GroupMeans, by: str, hue: str | None) -> str:
    """Return what the means are of, and which other axis moves the score."""
    lines = []
    if not means.are_comparable:
        lines.append(_UNLIKE)
    elif sum(mean.images for mean in means.means) < len(items):
        lines.append("means where all else is alike")
    for axis in score_chance_of(items, "").axes:
        if axis.verdict is Verdict.EFFECT and not {by, hue} & set(axis.name.split(" + ")):
            name = cut(axis.name, _MOST_LABEL)
            lines.append(f"{name} moves it too" + f': hue="{name}"' * (hue is None))
    return "\n".join([*lines, _key(means, len(items))])


def _key(means: GroupMeans, count: int) -> str:
    """Return what the marks stand for."""
    known = means.are_comparable and any(mean.low is not None for mean in means.means)
    return f"diamond: mean{', line: 95 %' * known}, dot: image; n = {count}"


def _draw(ax: Axes, items: Sequence[ScoreItem], groups: Groups, means: GroupMeans) -> None:
    """Draw each group at its place: the images faintly, beside each other, and the mean."""
    values, hues = _unique(groups, 0), _unique(groups, 1)
    for (value, hue), estimate in zip(groups, means.means, strict=True):
        width, colour = 0.8 / len(hues), f"C{hues.index(hue)}"
        centre = values.index(value) - 0.4 + (hues.index(hue) + 0.5) * width
        heights = [items[i][1] for i in groups[value, hue]]
        across = [centre + 0.7 * width * (n * _GOLDEN % 1 - 0.5) for n in range(len(heights))]
        ax.plot(across, heights, "o", color=colour, alpha=0.4, ms=5, mew=0, zorder=2)
        if means.are_comparable:
            _draw_mean(ax, centre, estimate, colour)
        else:
            ax.plot([centre], [estimate.value], "D", color=colour, mfc="none", markersize=8)
    turned: dict[str, Any] = {"rotation": 30, "ha": "right"} if sum(map(len, values)) > 60 else {}
    ax.set_xticks(range(len(values)), [cut(v, _MOST_LABEL) for v in values], **_TEXT, **turned)


def _draw_mean(ax: Axes, centre: float, mean: Estimate, colour: str) -> None:
    """Draw the mean, framed in the colour of the axis, which is seen on light and on dark.

    The interval lies over mean and images, and its ends are wider: else it would not be seen.
    """
    frame = ax.spines["bottom"].get_edgecolor()
    if mean.low is not None and mean.high is not None:
        ends = [mean.low, mean.high]
        ax.plot([centre] * 2, ends, "-", color=colour, lw=2.5, marker="_", ms=16, mew=2, zorder=4)
    ax.plot([centre], [mean.value], "D", color=colour, mec=frame, ms=7, zorder=3)


def _legend(ax: Axes, hues: Sequence[str], title: str) -> None:
    handles = [ax.plot([], [], "D", color=f"C{n}")[0] for n in range(len(hues))]
    legend = ax.legend(handles, [str(n) for n in range(len(hues))], title=" ")
    for text, hue in zip(legend.get_texts(), hues, strict=True):
        text.set(text=cut(hue, _MOST_LABEL), **_TEXT)
    legend.get_title().set(text=cut(title, _MOST_LABEL), **_TEXT)
