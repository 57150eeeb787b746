"""Cuts a prompt into phrases: the words between two commas, prepositions, verbs or articles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from nanobanana_nb.simulator.words import grammar

_BREAK = re.compile(r",|\s-+\s")
_MOST_WORDS = 400
_LONGEST_TERM = 4


@dataclass
class Phrase:
    """Words that belong together, in small letters, and ``texts`` as they were written.

    ``opener`` is the preposition or verb before them, ``preceding`` the word before that,
    ``follower`` the one behind them; ``count`` is 0 where no number is named.
    """

    opener: str = ""
    preceding: str = ""
    article: str = ""
    follower: str = ""
    count: int = 0
    negated: bool = False
    words: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def definite(self) -> bool:
        """Whether it speaks of what is there already."""
        is_new = self.opener in grammar.ADDITIONS and self.opener not in grammar.GIFTS
        return self.article in grammar.DEFINITE and not is_new


def phrases(prompt: str, is_term: Callable[[str], bool]) -> list[Phrase]:
    """The phrases of a prompt; neighbours that ``is_term`` knows as a term become one word."""
    cut: list[Phrase] = []
    left = _MOST_WORDS
    for segment in _BREAK.split("".join(map(_plain, prompt))):
        texts = [text.strip("-'") for text in segment.split() if text.strip("-'")][:left]
        left -= len(texts)
        cut += _segment(list(_terms(texts, is_term)), is_term)
    return cut


def _plain(letter: str) -> str:
    """Letters as they are, emoji as their names in Unicode, and a comma for what parts words."""
    category = unicodedata.category(letter)
    if category[0] in "LMN" or letter in "-&' ":
        return letter
    if letter == "’":
        return "'"
    if category == "So":
        return f" , {unicodedata.name(letter, '').lower().removesuffix(' face')} , "
    return " - " if category == "Pd" else " , "


def _terms(texts: list[str], is_term: Callable[[str], bool]) -> Iterator[str]:
    n = 0
    while n < len(texts):
        for length in range(_LONGEST_TERM, 0, -1):
            term = "-".join(texts[n : n + length])
            if length == 1 or (n + length <= len(texts) and is_term(term.lower())):
                yield term
                n += length
                break


def _segment(texts: list[str], is_term: Callable[[str], bool]) -> list[Phrase]:
    cut = [Phrase()]
    preceding = ""
    for text in texts:
        word, phrase = text.lower(), cut[-1]
        known = is_term(word)
        if word in grammar.BOUNDARIES or (grammar.is_verb(word) and not known):
            phrase.follower = phrase.follower or word
            joined = word in grammar.CONJUNCTIONS and phrase.negated
            cut.append(Phrase(word, preceding, negated=joined or word in grammar.NEGATIONS))
        elif word in grammar.DEFINITE or word in grammar.INDEFINITE:
            if phrase.words:
                cut.append(Phrase(preceding=preceding))
            cut[-1].article = word
        elif word in grammar.COUNTS and not known:
            phrase.count = grammar.COUNTS[word]
        else:
            phrase.words.append(word)
            phrase.texts.append(text)
        preceding = word
    for before, phrase in pairwise([Phrase(), *cut]):
        is_taken = before.opener == "take" and before.words == ["away"]
        if is_taken or (phrase.opener == "take" and "away" in phrase.words[1:]):
            phrase.negated = True
        if phrase.opener == "of" and not before.words:
            phrase.count = phrase.count or before.count
            phrase.negated = phrase.negated or before.negated
    return cut
