"""A figure for a word that is no motif: tiers of carved shapes, drawn by the word's hash."""

from __future__ import annotations

from nanobanana_nb.simulator.painting.reading import chance


def totem(word: str) -> str:
    """The lines of a symmetric carved figure that only this word has."""
    random = chance("totem", word)
    lines = []
    base, tiers = 1.0, random.randint(2, 4)
    for tier in range(tiers):
        high = 0.88 / tiers * random.uniform(0.85, 1.05)
        wide = random.uniform(0.12, 0.30) * (1 - 0.10 * tier)
        lines += _tier(random.randrange(4), "ab"[tier % 2], base, high, wide)
        lines += _face(random.randrange(4), base - high / 2, wide)
        base -= high * 0.94
    crown = random.choice(("o c .50,{0:.3f} .06,.06", "p c .42,{0:.3f} .58,{0:.3f} .50,{1:.3f}"))
    return "\n".join([*lines, crown.format(base, base - 0.12)])


def _tier(form: int, colour: str, base: float, high: float, wide: float) -> list[str]:
    left, right, top = 0.5 - wide, 0.5 + wide, base - high
    middle = base - high / 2
    body = {
        0: f"o {colour} .50,{middle:.3f} {wide:.3f},{high / 2:.3f}",
        1: f"p {colour} {left:.3f},{base:.3f} .5,{top:.3f} {right:.3f},{base:.3f}",
        2: f"s {colour} {left:.3f},{base:.3f} {left - 0.05:.3f},{middle:.3f} {left:.3f},{top:.3f} "
        f"{right:.3f},{top:.3f} {right + 0.05:.3f},{middle:.3f} {right:.3f},{base:.3f}",
        3: f"p {colour} {left:.3f},{middle:.3f} .5,{top:.3f} {right:.3f},{middle:.3f} "
        f".5,{base:.3f}",
    }
    return [body[form]]


def _face(form: int, y: float, wide: float) -> list[str]:
    eye, left, right = wide * 0.30, 0.5 - wide * 0.65, 0.5 + wide * 0.65
    at, big, small = f"{0.5 - eye:.3f},{y:.3f}", f"{eye * 0.7:.3f}", f"{eye * 0.35:.3f}"
    marks = {
        0: [f"o| w {at} {big},{big}", f"o| k {at} {small},{small}"],
        1: [f"o c .5,{y:.3f} {eye:.3f},{eye:.3f}", f"o k .5,{y:.3f} {small},{small}"],
        2: [f"t w .02 {left:.3f},{y:.3f} .5,{y + 0.04:.3f} {right:.3f},{y:.3f}"],
        3: [f"t| c .02 {left:.3f},{y:.3f} .5,{y - 0.05:.3f}"],
    }
    return marks[form]
