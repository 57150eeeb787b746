"""The reading of an edit: that of the picture, changed by what the edit says."""

from __future__ import annotations

from dataclasses import replace

from nanobanana_nb.simulator.words import vocabulary as words
from nanobanana_nb.simulator.words.reading import Reading, Subject, ranked

_MOST_FIGURES = 5


def revised(base: Reading, edit: Reading) -> Reading:
    """What the picture of ``base`` shows after an edit; what the edit does not name stays."""
    new_hour, moved = "time" in edit.stated, "setting" in edit.stated and not _adds(edit)
    return replace(
        base,
        figures=_figures(base, edit),
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


def _figures(base: Reading, edit: Reading) -> tuple[Subject, ...]:
    """Those of the picture, which stay where they are, and the new ones."""
    named = {figure.name.casefold(): figure for figure in edit.figures}
    present = []
    for figure in base.figures:
        name = figure.name.casefold()
        if figure.count <= edit.fewer.get(name, 0):
            continue
        if name not in edit.removed:
            figure = replace(figure, count=figure.count - edit.fewer.get(name, 0))
            present.append(_changed(figure, named.pop(name, None)))
        elif successor := named.pop(edit.removed[name], None):
            present.append(replace(successor, rank=figure.rank))
    new = [figure for figure in named.values() if not (figure.definite or figure.guessed)]
    return ranked(present, new[: _MOST_FIGURES - len(present)])


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
