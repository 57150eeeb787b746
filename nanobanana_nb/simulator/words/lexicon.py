"""Looks words up: plurals by their singular, German ones by their English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from nanobanana_nb.simulator.words import grammar
from nanobanana_nb.simulator.words import vocabulary as words
from nanobanana_nb.simulator.words.german import FALSE_FRIENDS, GERMAN, MARKS
from nanobanana_nb.simulator.words.phrases import Phrase, phrases

_TABLES: tuple[Mapping[str, object], ...] = (
    *(words.SUBJECTS, words.ORNAMENTS, words.SETTINGS, words.TIMES, words.WEATHERS, words.STYLES),
    *(words.COLOURS, words.MOODS, words.SIZES),
)
_TERMS = frozenset(chain(*_TABLES))
_ENDINGS = (("ies", "y"), ("ves", "f"), ("es", ""), ("s", ""))
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "geese": "goose",
    "mice": "mouse",
    "wolves": "wolf",
    "leaves": "leaf",
    "feet": "foot",
}


def english_phrases(prompt: str) -> list[Phrase]:
    """The phrases of a prompt, with the German words that the painter knows in English."""
    cut = phrases(prompt, is_term)
    is_german = any({phrase.opener, phrase.article} & MARKS for phrase in cut)
    lexicon = {**GERMAN, **FALSE_FRIENDS} if is_german else GERMAN
    for phrase in cut:
        phrase.words = [lexicon.get(word, word) for word in phrase.words]
    return cut


def is_term(word: str) -> bool:
    """Whether the painter knows a word, or what it is the plural of."""
    return not _TERMS.isdisjoint(_forms(word))


def _forms(word: str) -> Iterator[str]:
    """A word and what it may be the plural of."""
    yield word
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    if len(word) > 3 and not word.endswith("ss"):
        yield from (word.removesuffix(end) + tail for end, tail in _ENDINGS if word.endswith(end))


def entry(word: str, table: Mapping[str, str]) -> str:
    """What a table says of a word or of its singular; "" where it says nothing."""
    return next((table[form] for form in _forms(word) if form in table), "")


def is_open(word: str) -> bool:
    """Whether a word means nothing to the painter, and might be a thing."""
    return not is_term(word) and word not in grammar.PLAIN
