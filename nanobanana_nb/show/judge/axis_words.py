"""What is said of an axis whatever was measured: its name, p, and what may be concluded."""

from __future__ import annotations

from nanobanana_nb.show.html import wording
from nanobanana_nb.show.judge.chance_record import ChanceRecord
from nanobanana_nb.stats.verdict import USUAL, AxisChance, Verdict


def plain_name(name: str) -> str:
    """Return what a person calls something as a part of a sentence of ours."""
    return wording.cut(name, 60).replace("`", "'")


def p_text(axis: AxisChance) -> str:
    """Return p with two digits, or a dash where nothing was tested."""
    return "–" if axis.p is None else f"{axis.p:.2g}"


def conclusion(axis: AxisChance) -> str:
    """Return the verdict, or how many images it takes where none could be reached."""
    return f"needs {images_needed(axis)} images of each" if axis.needs else str(axis.verdict)


def conclusion_in(axis: AxisChance) -> str:
    """Return the conclusion, of an effect in what it shows."""
    where = f" in {plain_name(axis.measure)}" if axis.verdict is Verdict.EFFECT else ""
    return f"{conclusion(axis)}{where}"


def images_needed(axis: AxisChance) -> int:
    """Return how many images of each combination are advised, 0 where there are enough."""
    return max(USUAL, axis.needs) if axis.needs else 0


def advice(axis: AxisChance, chance: ChanceRecord) -> str:
    """Return what makes an axis told apart; what costs nothing goes first."""
    count, gaps = images_needed(axis), chance.gaps
    if gaps.unscored:
        has, them = ("has", "it") if gaps.unscored == 1 else ("have", "them")
        return f"{wording.counted(gaps.unscored, 'image')} {has} no such score: score {them}."
    if not count:
        return ""
    if gaps.failed and count <= gaps.asked:
        retry = f"`{chance.variable or 'grid'}.retry()`"
        return f"{wording.counted(gaps.failed, 'image')} failed: {retry} asks once more."
    way = f": `{chance.variable}.repeat({count})`" if chance.variable else ""
    return f"With {count} images of each combination it could be told{way}."
