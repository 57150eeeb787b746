"""The words under and beside the images of an output: what they share, and what each has alone.

What an export may tell of them is `export.content`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import WAITS_FOR_ANOTHER, WAITS_HERE, Generation, State
from nanobanana_nb.show.arrange.columns import VOTES
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import Layout
from nanobanana_nb.show.arrange.positions import REPEAT
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.counts import count_parts, each_text, legends
from nanobanana_nb.show.html.grid_name import grid_name, with_variable
from nanobanana_nb.show.judge.opinions import rating_text
from nanobanana_nb.show.judge.vote_numbers import image_standings

_MOST_NOTES = 12
_WAITS = (WAITS_FOR_ANOTHER, WAITS_HERE)


@dataclass(frozen=True)
class Summary:
    """A grid in words: `counts` and `settings` for the line under it, `legends` per image.

    `settings` end with those that all images share. `headings` name each image where no row or
    column does; `marks` are what it is sorted by; `ratings` are empty for what nobody rated;
    `notes` are each given once. A legend leaves out what an axis tells.
    """

    counts: list[str]
    settings: list[str]
    shared: list[str]
    legends: list[list[str]]
    marks: list[str]
    ratings: list[str]
    headings: list[str]
    notes: list[str]


def summary(
    grid: GridData, layout: Layout, ratings: Sequence[Rating], marks: Sequence[str] = ()
) -> Summary:
    """Return the words of `grid`, as it is laid out and rated.

    Args:
        marks: what each image is sorted by, where it is.
    """
    images = grid.generations
    alike, apart = wording.shared_settings(g.request for g in images)
    keys = {name for axis in (grid.plan.axes if grid.plan else ()) for name in _keys(axis.name)}
    stars = [rating_text(rating) if rating else "" for rating in ratings]
    each = each_text(images)
    untold = [{k: v for k, v in settings.items() if k not in keys} for settings in apart]
    order = list(marks) or [""] * len(images)
    small = [
        [*filter(None, [mark]), *parts, *filter(None, [rating])]
        for mark, parts, rating in zip(order, legends(images, untold), stars, strict=True)
    ]
    fixed = [f"{k}: {v}" for k, v in layout.fixed.items() if not alike.keys() & _keys(k)]
    number = "" if grid.number is None else f"grid g{grid.number}"
    name = grid_name(images, grid.plan, 200)
    several = len(images) > 1
    counts, simulated = count_parts(images), _simulated(images) if several else ""
    return Summary(
        [*(_ways_on(counts, grid) if several else counts), *filter(None, [each])],
        [part for part in (number, name, *fixed, *alike.values(), simulated) if part],
        list(alike.values()),
        small,
        order,
        stars,
        headings(images, layout),
        _notes(grid),
    )


def order_marks(grid: GridData, by: str) -> list[str]:
    """Return the number by which each image is sorted: `sharpness 12.3`; nothing for stars."""
    from nanobanana_nb.show.arrange.order import numbers_by

    if by == "stars":  # they stand there anyway
        return []
    if by == VOTES:
        known = image_standings(grid)
        return [f"would win {standing.score:.0%}" if standing else "" for standing in known]
    try:
        numbers = numbers_by(grid, by)
    except InputError:  # a copy of the grid has no ledger
        return []
    name = wording.cut(by, 30)
    return ["" if n is None else f"{name} {wording.figures(n)}" for n in numbers]


def _keys(axis: str) -> list[str]:
    """Return the settings that an axis may stand for; of several side by side, of each."""
    names = axis.split(" + ")
    keys = [name if name in ("model", "images") else f"parameter {name}" for name in names]
    return [*keys, "images"] if "image" in names else keys


def headings(images: Sequence[Generation], layout: Layout) -> list[str]:
    """Return what tells each image apart where no row or column does.

    It is its axis values, or its prompt where it has none.
    """
    if not layout.in_legends or len(images) == 1:
        return [""] * len(images)
    same = len({image.request.prompt for image in images}) == 1
    texts = []
    for image, values in zip(images, layout.values, strict=True):
        alone = all(name == REPEAT for name in values)  # its number tells it already
        parts = [] if alone else list(values.values())
        if not same and alone:
            parts.insert(0, wording.cut(image.request.prompt or wording.PRIVATE, 90))
        texts.append(wording.DOT.join(parts))
    return texts


def _notes(grid: GridData) -> list[str]:
    images = grid.generations
    notes = list(grid.plan.notes) if grid.plan else []
    notes += [note for g in images for note in g.notes]
    if len(images) > 1:
        notes = [note for note in notes if note not in _WAITS]
        notes += [*waits(images), *not_sent(images)]
    if grid.plan and grid.plan.scout:
        rest = with_variable("grid.complete()", grid)
        notes.append("Each value is shown once" + f": {rest} makes all combinations." * bool(rest))
    unique = list(dict.fromkeys(notes))
    more = len(unique) - _MOST_NOTES
    lines = [*unique[:_MOST_NOTES], *([f"and {more:,} more notes"] if more > 0 else [])]
    lines = [wording.cut(line, 300) for line in lines]
    if len(images) == 1 and images[0].simulated:
        lines.append(wording.SIMULATED if images[0].ok else wording.SIMULATES)
    return lines


def _simulated(images: Sequence[Generation]) -> str:
    """Return that nothing was paid, for the line of the settings of several images."""
    count = sum(image.simulated for image in images)
    if not count:
        return ""
    return (
        wording.SIMULATED_SHORT if count == len(images) else f"{count:,} {wording.SIMULATED_SHORT}"
    )


def not_sent(generations: Sequence[Generation]) -> list[str]:
    """Say what is left of a plan of several images that was stopped in the middle."""
    left = [g for g in generations if wording.was_stopped(g)]
    if not left or left[0].error is None:
        return []
    count = wording.counted(len(left), "image")
    were = "was" if len(left) == 1 else "were"
    stop = type(left[0].error)  # creates that were on their way together met it too
    refused = sum(g.state is State.FAILED and isinstance(g.error, stop) for g in generations)
    also = f" and {refused:,} refused" if refused else ""
    again = "Then run the cell again: what is done is kept."
    return [f"{count} {were} not sent{also}. {left[0].error} {again}"]


def is_awaited(generation: Generation) -> bool:
    """Whether an image is another run's, which this one waits for and pays nothing."""
    return any(note in _WAITS for note in generation.notes)


def waits(generations: Sequence[Generation]) -> list[str]:
    """Say how many wait for another run that has asked for the same."""
    lines: list[str] = []
    total = len(generations)
    for note in _WAITS:
        count = sum(note in g.notes for g in generations)
        line = note if count == 1 else note.replace("for this:", "for these:")
        part = f"{count:,} of {total:,}: {line[0].lower()}{line[1:]}"
        lines += [line if count == total else part] * bool(count)
    return lines


def _ways_on(counts: Sequence[str], grid: GridData) -> list[str]:
    """Return the counts with what fetches those left over and asks for the failed once more."""
    retry = with_variable("grid.retry()", grid) if grid.runner else ""
    if not retry and grid.number is not None:
        retry = f"`%nanobanana retry g{grid.number}`"
    ways = {wording.state_word(g): f"`{wording.RESUME}`" for g in grid if wording.is_left_over(g)}
    ways["failed"] = retry or "run the cell again"
    words = [(part, ways.get(part.partition(" ")[2])) for part in counts]
    return [part if way is None else f"{part}: {way}" for part, way in words]
