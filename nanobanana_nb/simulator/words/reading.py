"""Reads a prompt: what is to be seen, where and when, and how it is painted."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nanobanana_nb.simulator.words import grammar, homes
from nanobanana_nb.simulator.words import vocabulary as words
from nanobanana_nb.simulator.words.lexicon import english_phrases, entry, is_open
from nanobanana_nb.simulator.words.phrases import Phrase

_MOST_SUBJECTS = 3
_HOURS = ("day", "day", "dawn", "sunset", "sunset", "night")  # the more likely ones twice
_OPEN_PLACES = ("hills", "sea", "desert", "field")  # where sun and moon are not hidden
_PLACES = ("hills", "mountains", "sea", "lake", "forest", "desert", "field")
Hsv = tuple[float, float, float]


@dataclass(frozen=True)
class Subject:
    """A thing in front: the name of a motif, or a word that becomes a card.

    ``count`` of them stand there. An edit has ``definite`` ones in its picture already, and
    ``added`` ones in no case.
    """

    name: str
    count: int = 1
    definite: bool = False
    added: bool = False


@dataclass(frozen=True)
class Reading:
    """What the painter takes from a prompt; ``figures`` are most important first.

    ``colours`` holds a colour for each subject that has one; ``tint`` colours the whole scene.
    ``time`` and ``setting`` have a value in any case; ``stated`` has only what the prompt names.
    """

    figures: tuple[Subject, ...]
    ornaments: tuple[str, ...]
    colours: Mapping[str, Hsv]
    setting: str
    time: str
    light: str
    weather: str
    style: str
    tint: Hsv | None
    moods: tuple[str, ...]
    unknown: tuple[str, ...]
    stated: frozenset[str]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names of the figures."""
        return tuple(figure.name for figure in self.figures)


def chance(*parts: object) -> random.Random:
    """A random source that depends on the parts' text only."""
    text = "\n".join(str(part) for part in parts)
    return random.Random(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def read(prompt: str) -> Reading:
    """The reading of a prompt; the same for the same prompt."""
    visible = [phrase for phrase in english_phrases(prompt) if not phrase.negated]
    tokens = [word for phrase in visible for word in phrase.words]
    figures = _figures(visible)
    setting = _first(tokens, words.SETTINGS)
    hours = [word for word in tokens if word in words.TIMES]
    time = _first(sorted(hours, key=lambda word: word in words.LIGHTS), words.TIMES)
    light = _first(tokens, words.LIGHTS)
    unknown = tuple(dict.fromkeys(filter(is_open, tokens)))
    if not figures and not setting and not time and unknown:
        figures = (Subject(unknown[0]),)
    colours, tint = _colours(visible)
    main = figures[0].name if figures else " ".join(unknown)
    return Reading(
        figures=figures[:_MOST_SUBJECTS],
        ornaments=_ornaments(visible),
        colours=colours,
        setting=setting or _home(main, _OPEN_PLACES if light and not figures else _PLACES),
        time=time or chance("time", main).choice(_HOURS),
        light=light,
        weather=_first(tokens, words.WEATHERS),
        style=_style(visible),
        tint=tint,
        moods=tuple(word for word in tokens if word in words.MOODS),
        unknown=unknown,
        stated=frozenset(name for name, value in (("setting", setting), ("time", time)) if value),
    )


def _first(tokens: list[str], table: Mapping[str, str]) -> str:
    return next((table[word] for word in tokens if word in table), "")


def _figures(visible: list[Phrase]) -> tuple[Subject, ...]:
    """Known things, and the nouns that are none, in the order of the prompt."""
    figures: dict[str, Subject] = {}
    beside_noun = adding = False
    for n, phrase in enumerate(visible):
        adding = phrase.opener in grammar.ADDITIONS or (
            adding and phrase.opener in grammar.CONJUNCTIONS
        )
        names = {entry(word, words.SUBJECTS): word for word in phrase.words}
        names.pop("", None)
        for name, word in names.items():
            count = phrase.count or (1 if word in words.SUBJECTS else 2)
            figures.setdefault(name, Subject(name, count, phrase.definite, adding))
        name = _card(phrase, bare=n == 0 or (beside_noun and phrase.opener in grammar.CONJUNCTIONS))
        if name:
            figures.setdefault(name, Subject(name, 1, phrase.definite, adding))
        beside_noun = bool(names or name)
    if not figures and any("portrait" in phrase.words for phrase in visible):
        return (Subject("person"),)
    return tuple(figures.values())


def _card(phrase: Phrase, *, bare: bool) -> str:
    """The noun of a phrase as it was written, where it has no motif; ``bare``: with no article."""
    content = [n for n, word in enumerate(phrase.words) if word not in grammar.PLAIN]
    if not content:
        return ""
    if not any(word.isascii() for word in phrase.words):  # of a grammar unknown here
        return " ".join(phrase.texts) if bare and all(map(is_open, phrase.words)) else ""
    head = content[-1]
    word = phrase.words[head]
    has_article = bool(phrase.article or phrase.count)
    is_thing = word in words.AMBIGUOUS and has_article and not _is_style(phrase, head)
    if not (is_open(word) or is_thing):
        return ""
    bare = bare or grammar.takes_noun(phrase.opener, phrase.preceding)
    if not has_article and (not bare or grammar.is_descriptive(phrase.texts[head])):
        return ""
    first = head
    while first and _is_name(phrase, first) and _is_name(phrase, first - 1):
        first -= 1
    return " ".join(phrase.texts[first : head + 1])


def _is_name(phrase: Phrase, n: int) -> bool:
    return phrase.texts[n][0].isupper() and is_open(phrase.words[n])


def _ornaments(visible: list[Phrase]) -> tuple[str, ...]:
    """Small things that are the noun of a phrase: a stone lantern strews no stones."""
    heads = [word for phrase in visible for word in phrase.words[-1:]]
    return tuple(dict.fromkeys(filter(None, (entry(word, words.ORNAMENTS) for word in heads))))


def _style(visible: list[Phrase]) -> str:
    """The first word that names a rendering; one that may be a thing counts after the others."""
    weak = ""
    for phrase in visible:
        for n, word in enumerate(phrase.words):
            if word in words.STYLES and word not in words.AMBIGUOUS:
                return words.STYLES[word]
            if word in words.AMBIGUOUS and _is_style(phrase, n):
                weak = weak or words.STYLES[word]
    return weak


def _is_style(phrase: Phrase, n: int) -> bool:
    following = phrase.words[n + 1 : n + 2]
    if following:
        return following[0] in words.MEDIA or following[0] in words.STYLES
    free = not phrase.article or phrase.opener in ("as", "like", "into", "it", "als")
    return free or phrase.follower in ("of", "by", "von")


def _home(main: str, places: Sequence[str]) -> str:
    if main in homes.HOMES:
        return homes.HOMES[main][0]
    return chance("setting", main).choice(places)


def _colours(visible: list[Phrase]) -> tuple[dict[str, Hsv], Hsv | None]:
    """A colour belongs to the last thing of its phrase; alone, to the whole scene."""
    colours: dict[str, Hsv] = {}
    tint: Hsv | None = None
    for n, phrase in enumerate(visible):
        named = [words.COLOURS[word] for word in phrase.words if word in words.COLOURS]
        if not named:
            continue
        things = _things(phrase)
        following = visible[n + 1] if n + 1 < len(visible) else Phrase()
        if not things and following.opener in grammar.CONJUNCTIONS:
            things = _things(following)
        if things:
            colours.setdefault(things[-1], named[0])
        elif not set(phrase.words) & grammar.OF_A_BODY:
            tint = tint or named[0]
    return colours, tint


def _things(phrase: Phrase) -> list[str]:
    names = [entry(word, words.SUBJECTS) or entry(word, words.ORNAMENTS) for word in phrase.words]
    pairs = zip(names, phrase.words, phrase.texts, strict=True)
    return [name or text for name, word, text in pairs if name or is_open(word)]
