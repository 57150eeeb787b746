"""Reads a prompt: which known words are in it, and what the unknown ones hash to."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from nanobanana_nb.simulator.painting import vocabulary as words

_WORD = re.compile(r"[\w&][\w'&-]*")
_MOST_WORDS = 400
_HOURS = ("day", "day", "dawn", "sunset", "sunset", "night")  # the more likely ones twice

Hsv = tuple[float, float, float]


@dataclass(frozen=True)
class Reading:
    """What the painter takes from a prompt.

    ``subjects`` are motif names, most important first, or one unknown word of its own shape;
    ``colours`` holds a colour for each subject that has one; ``tint`` colours the whole scene;
    ``unknown`` are the words that only their hash tells apart.
    """

    subjects: tuple[str, ...]
    colours: Mapping[str, Hsv]
    setting: str
    time: str
    weather: str
    style: str
    tint: Hsv | None
    moods: tuple[str, ...]
    unknown: tuple[str, ...]


def chance(*parts: object) -> random.Random:
    """A random source that depends on the parts' text only."""
    text = "\n".join(str(part) for part in parts)
    return random.Random(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def read(prompt: str) -> Reading:
    """The reading of a prompt; the same for the same prompt."""
    tokens = _words(prompt)
    subjects = tuple(dict.fromkeys(s for s in (_subject(w) for w in tokens) if s))
    unknown = tuple(dict.fromkeys(word for word in tokens if not _known(word)))
    setting = _first(tokens, words.SETTINGS)
    if not subjects and not setting and unknown:
        subjects = (unknown[0],)
    colours, tint = _colours(tokens)
    content = " ".join((*subjects, *unknown))
    return Reading(
        subjects=subjects[:3],
        colours=colours,
        setting=setting or _home(subjects, content),
        time=_first(tokens, words.TIMES) or chance("time", content).choice(_HOURS),
        weather=_first(tokens, words.WEATHERS),
        style=_first(tokens, words.STYLES),
        tint=tint,
        moods=tuple(word for word in tokens if word in words.MOODS),
        unknown=unknown,
    )


def _words(prompt: str) -> list[str]:
    plain = _WORD.findall(prompt.lower())[:_MOST_WORDS]
    pairs = [f"{word}-{following}" for word, following in pairwise(plain)]
    joined = [pair for pair in pairs if pair in words.STYLES]
    return [*joined, *(word for word in plain if word not in words.STOPWORDS)]


def _subject(word: str) -> str:
    singular = word[:-1] if word.endswith("s") and len(word) > 3 else word
    return words.SUBJECTS.get(word) or words.SUBJECTS.get(singular, "")


def _known(word: str) -> bool:
    tables = (words.SETTINGS, words.TIMES, words.WEATHERS, words.STYLES, words.COLOURS, words.MOODS)
    return bool(_subject(word)) or any(word in table for table in tables)


def _first(tokens: list[str], table: Mapping[str, str]) -> str:
    return next((table[word] for word in tokens if word in table), "")


def _home(subjects: tuple[str, ...], content: str) -> str:
    if subjects and subjects[0] in words.HOMES:
        return words.HOMES[subjects[0]][0]
    places = ("hills", "mountains", "sea", "lake", "forest", "desert", "field")
    return chance("setting", content).choice(places)


def _colours(tokens: list[str]) -> tuple[dict[str, Hsv], Hsv | None]:
    """A colour belongs to a subject one or two words behind it, otherwise to the whole scene."""
    colours: dict[str, Hsv] = {}
    tint: Hsv | None = None
    for n, word in enumerate(tokens):
        colour = words.COLOURS.get(word)
        if colour is None:
            continue
        owner = next((s for s in map(_subject, tokens[n + 1 : n + 3]) if s), "")
        if owner:
            colours.setdefault(owner, colour)
        else:
            tint = tint or colour
    return colours, tint
