"""The reading of an edit: that of the picture, changed by what the edit says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nanobanana_nb.simulator.words import vocabulary as words
from nanobanana_nb.simulator.words.reading import Reading, Subject

_MOST_FIGURES = 5


def revised(base: Reading, edit: Reading) -> Reading:
    """What the picture of ``base`` shows after an edit; what the edit does not name stays."""
    new_hour, moved = "time" in edit.stated, "setting" in edit.stated and not _adds(edit)
    return replace(
        base,
        figures=tuple(_figures(base, edit))[:_MOST_FIGURES],
        ornaments=tuple(
            dict.fromkeys(n for n in base.ornaments + edit.ornaments if n not in edit.removed)
        ),
        colours={**base.colours, **edit.colours},
        setting=edit.setting if moved else base.setting,
        time=edit.time if new_hour else base.time,
        light=edit.light or ("" if new_hour or base.light in edit.removed else base.light),
        weather=edit.weather or ("" if base.weather in edit.removed else base.weather),
        style=edit.style or base.style,
        tint=edit.tint or base.tint,
        moods=_moods(base.moods + edit.moods),
    )


def _adds(edit: Reading) -> bool:
    """Whether a place that is named is that of a new thing: "add a lamp on the table"."""
    return any(figure.added for figure in edit.figures)


def _figures(base: Reading, edit: Reading) -> Iterator[Subject]:
    """Those of the picture in their order, then the new ones."""
    named = {figure.name.casefold(): figure for figure in edit.figures}
    for figure in base.figures:
        name = figure.name.casefold()
        if name not in edit.removed:
            yield _changed(figure, named.pop(name, None))
        elif successor := named.pop(edit.removed[name], None):
            yield successor
    yield from (figure for figure in named.values() if not (figure.definite or figure.guessed))


def _changed(figure: Subject, edit: Subject | None) -> Subject:
    """A figure that an edit names again: more of them, or as many and as large as it says."""
    if edit is None:
        return figure
    if edit.added:
        return replace(figure, count=min(5, figure.count + edit.count))
    count = figure.count if edit.definite else edit.count
    return replace(figure, count=count, scale=figure.scale * edit.scale)


def _moods(moods: tuple[str, ...]) -> tuple[str, ...]:
    """Each mood once: words of one meaning do not add up."""
    return tuple({words.MOODS[mood]: mood for mood in moods}.values())
