"""The room that a board keeps for the lines which its result will have under the images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import arrange
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.display import Display
from nanobanana_nb.show.html.html import one_each_html, words_html
from nanobanana_nb.show.html.markup import tag
from nanobanana_nb.show.html.summary import summary

_DONE: dict[str, Any] = {
    "state": State.SUCCESS,
    "path": Path("image.png"),
    "task_id": "task_0123456789abcdef",
    "credits": 40.0,
    "seconds": 75.0,
}
_OVERLAP_PX = {False: 56, True: 24}  # of the headline, which goes; a line may come above several
_CLAUSE = "{}: in colours, layout and shapes cannot tell from chance."


def foot_html(grid: GridData) -> Markup:
    """Return the lines that `grid` may have in the end, unseen: they wrap as those will.

    They are as long as they may well be: the first of several images has failed.
    """
    images = list(_foreseen(grid))
    end = GridData(images, grid.plan, view=grid.view, number=grid.number)
    layout = arrange(images, grid.plan, grid.view)
    lines = words_html(Display(end, layout, summary(end, layout, [Rating()] * len(images))))
    looks = f"visibility:hidden;margin-top:-{_OVERLAP_PX[len(images) > 1]}px"
    return tag("div", *lines, *_chance(grid), style=looks, **{"aria-hidden": "true"})


def _foreseen(grid: GridData) -> Iterator[Generation]:
    """Yield each image as it may be in the end; one that was made before costs nothing."""
    several = len(grid) > 1
    for n, image in enumerate(grid.generations):
        if image.ok:
            yield image
        elif several and n == 0:
            yield replace(image, state=State.FAILED)
        else:
            yield replace(image, **_DONE)


def _chance(grid: GridData) -> list[Markup]:
    """Return what may be concluded in the end, a sentence for each axis."""
    axes = grid.plan.axes if grid.plan and len(grid) > 2 else ()
    if axes and len({image.request.repeat for image in grid}) == 1:
        return [one_each_html(grid)]
    sentence = " ".join(_CLAUSE.format(wording.cut(axis.name, 40)) for axis in axes)
    return [tag("div", markup.quiet(sentence))] if sentence else []
