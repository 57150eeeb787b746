"""Reads a prompt: what is to be seen, where and when, and how it is painted."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, zip_longest

from nanobanana_nb.simulator.words import grammar, homes, nouns
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

    ``count`` of them stand there, ``scale`` times as large as usual; ``rank`` is 0 for what is most
    important, and where it stands. An edit has ``definite`` ones
    in its picture already, and ``added`` ones in no case. A word that might be no thing is
    ``guessed``.
    """

    name: str
    count: int = 1
    definite: bool = False
    added: bool = False
    guessed: bool = False
    scale: float = 1.0
    rank: int = 0


@dataclass(frozen=True)
class Reading:
    """What the painter takes from a prompt; ``figures`` are most important first.

    ``colours`` holds a colour for each subject that has one; ``tint`` colours the whole scene.
    ``time`` and ``setting`` have a value in any case; ``stated`` has only what the prompt names.
    ``removed`` has what is not to be seen, in small letters, and what comes in its place or "";
    ``fewer`` how many of a thing are taken away, where not all are.
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
    removed: Mapping[str, str]
    fewer: Mapping[str, int]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names of the figures."""
        return tuple(figure.name for figure in self.figures)


def chance(*parts: object) -> random.Random:
    """A random source that depends on the parts' text only."""
    text = "\n".join(str(part) for part in parts)
    return random.Random(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def ranked(present: Sequence[Subject], new: Sequence[Subject]) -> tuple[Subject, ...]:
    """Figures that keep their places, and new ones in the first that are free."""
    taken = {figure.rank for figure in present}
    free = (rank for rank in count() if rank not in taken)
    return *present, *(replace(figure, rank=next(free)) for figure in new)


def read(prompt: str) -> Reading:
    """The reading of a prompt; the same for the same prompt."""
    visible, removed, fewer = _without_losses(english_phrases(prompt))
    tokens = [word for phrase in visible for word in phrase.words]
    figures = _figures(visible)
    setting = _first(tokens, words.SETTINGS)
    hours = [word for word in tokens if word in words.TIMES]
    time = _first(sorted(hours, key=words.WEAK_HOURS.__contains__), words.TIMES)
    light = _first(tokens, words.LIGHTS) or ("none" if {"sun", "moon"} & {*removed} else "")
    unknown = tuple(dict.fromkeys(filter(is_open, tokens)))
    if not figures and not setting and not time and unknown:
        figures = (Subject(unknown[0], guessed=True),)
    colours, tint = _colours(visible)
    main = figures[0].name if figures else " ".join(unknown)
    return Reading(
        figures=ranked((), figures[:_MOST_SUBJECTS]),
        ornaments=_ornaments(visible),
        colours=colours,
        setting=setting or _home(main, _PLACES if figures else _OPEN_PLACES),
        time=time or chance("time", main).choice(_HOURS),
        light=light,
        weather=_first(tokens, words.WEATHERS),
        style=_style(visible),
        tint=tint,
        moods=tuple(word for word in tokens if word in words.MOODS),
        unknown=unknown,
        stated=frozenset(name for name, value in (("setting", setting), ("time", time)) if value),
        removed=removed,
        fewer=fewer,
    )


def _without_losses(
    every: Sequence[Phrase],
) -> tuple[list[Phrase], dict[str, str], dict[str, int]]:
    """The phrases of what is to be seen; what is not, with its successors; what loses a number."""
    removed: dict[str, str] = {}
    fewer: dict[str, int] = {}
    visible = []
    for phrase, following in zip_longest(every, every[1:], fillvalue=Phrase()):
        names, successor = nouns.names(phrase), _successor(phrase, following)
        if phrase.negated and phrase.count:
            fewer |= dict.fromkeys(names, phrase.count)
        elif phrase.negated or successor:
            removed |= dict.fromkeys(names, successor)
        else:
            visible.append(phrase)
    return visible, removed, fewer


def _successor(old: Phrase, new: Phrase) -> str:
    """What comes in the place of a phrase: "swap the cat for a dog", "make the cat a dog"."""
    is_change = old.definite and old.opener in grammar.CHANGES
    becomes = is_change and new.preceding and not new.opener
    if becomes or (old.opener in grammar.SWAPS and new.opener in grammar.SWAPPED_FOR):
        name = next(iter(nouns.names(new)), "")
        return "" if name in nouns.names(old) else name
    return ""


def _first(tokens: list[str], table: Mapping[str, str]) -> str:
    return next((table[word] for word in tokens if word in table), "")


def _figures(visible: list[Phrase]) -> tuple[Subject, ...]:
    """Known things, and the nouns that are none, in the order of the prompt."""
    figures: dict[str, Subject] = {}
    beside_noun = adding = False
    for n, phrase in enumerate(visible):
        adds = phrase.opener in grammar.ADDITIONS and not phrase.definite
        adding = adds or (adding and phrase.opener in grammar.CONJUNCTIONS)
        names = nouns.motifs(phrase)
        thing = Subject("", 1, phrase.definite, adding, scale=nouns.scale(phrase))
        for name, word in names.items():
            is_one = word in words.SUBJECTS or phrase.article in grammar.SINGULAR
            number = phrase.count or (1 if is_one else 2)
            if name not in figures:
                figures[name] = replace(thing, name=name, count=number)
            elif _is_another(phrase):
                figures[name] = replace(figures[name], count=min(5, figures[name].count + number))
        name = nouns.card_noun(
            phrase, bare=n == 0 or (beside_noun and phrase.opener in grammar.CONJUNCTIONS)
        )
        if name:
            figures.setdefault(name, replace(thing, name=name))
        beside_noun = bool(names or name)
    if not figures and any("portrait" in phrase.words for phrase in visible):
        return (Subject("person"),)
    return tuple(figures.values())


def _is_another(phrase: Phrase) -> bool:
    """Whether what has a name already is meant once more: "a man and a woman"."""
    is_listed = not phrase.opener or phrase.opener in grammar.CONJUNCTIONS
    return is_listed and (phrase.article in grammar.SINGULAR or phrase.count > 0)


def _ornaments(visible: list[Phrase]) -> tuple[str, ...]:
    """Small things that are the noun of a phrase: a stone lantern strews no stones."""
    heads = [p.words[-1] for p in visible if p.words and nouns.is_strewn(p.words[-1], p)]
    return tuple(dict.fromkeys(entry(word, words.ORNAMENTS) for word in heads))


def _style(visible: list[Phrase]) -> str:
    """The first word that names a rendering; one that may be a thing counts after the others."""
    weak = ""
    for phrase in visible:
        for n, word in enumerate(phrase.words):
            if word in words.STYLES and word not in words.AMBIGUOUS:
                return words.STYLES[word]
            if word in words.AMBIGUOUS and nouns.is_style(phrase, n):
                weak = weak or words.STYLES[word]
    return weak


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
        things = nouns.things(phrase)
        following = visible[n + 1] if n + 1 < len(visible) else Phrase()
        if not things and following.opener in grammar.CONJUNCTIONS:
            things = nouns.things(following)
        if things:
            colours.setdefault(things[-1], named[0])
        elif not set(phrase.words) & grammar.OF_A_BODY:
            tint = tint or named[0]
    return colours, tint
