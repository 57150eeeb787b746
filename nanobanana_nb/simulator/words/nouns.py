"""What a phrase names: motifs, nouns that are none, and how large they are."""

from __future__ import annotations

from nanobanana_nb.simulator.words import grammar
from nanobanana_nb.simulator.words import vocabulary as words
from nanobanana_nb.simulator.words.lexicon import entry, is_open
from nanobanana_nb.simulator.words.phrases import Phrase

_FEW = 3  # are figures, more are ornaments
_TABLES = (
    words.SUBJECTS,
    words.ORNAMENTS,
    words.SETTINGS,
    words.TIMES,
    words.WEATHERS,
    words.LIGHTS,
)


def motifs(phrase: Phrase) -> dict[str, str]:
    """The motifs of a phrase and their words; many small things are ornaments, one is a figure."""
    single = [word for word in phrase.words if not is_strewn(word, phrase)]
    return {name: word for word in single if (name := entry(word, words.SUBJECTS))}


def is_strewn(word: str, phrase: Phrase) -> bool:
    """Whether a word means small things here and there: kites, but not a kite or two kites."""
    is_single = word in words.SUBJECTS or 0 < phrase.count <= _FEW
    return bool(entry(word, words.ORNAMENTS)) and not (is_single and entry(word, words.SUBJECTS))


def scale(phrase: Phrase) -> float:
    """How large a thing is to be, 1 where the phrase says nothing of it."""
    return next((words.SIZES[word] for word in phrase.words if word in words.SIZES), 1.0)


def names(phrase: Phrase) -> list[str]:
    """All that a phrase names, in small letters: things, cards, places, hours, weather, light."""
    meanings = (entry(word, table) for word in phrase.words for table in _TABLES)
    return [name.casefold() for name in (*meanings, card_noun(phrase, bare=True)) if name]


def card_noun(phrase: Phrase, *, bare: bool) -> str:
    """The noun of a phrase as it was written, where it has no motif; ``bare``: with no article."""
    content = [n for n, word in enumerate(phrase.words) if word not in grammar.PLAIN]
    if not content:
        return ""
    if not any(word.isascii() for word in phrase.words):  # of a grammar unknown here
        return " ".join(phrase.texts) if bare and all(map(is_open, phrase.words)) else ""
    is_changed = phrase.definite and phrase.opener in grammar.CHANGES
    head = content[0 if is_changed else -1]
    word = phrase.words[head]
    has_article = bool(phrase.article or phrase.count)
    is_thing = word in words.AMBIGUOUS and has_article and not is_style(phrase, head)
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


def is_style(phrase: Phrase, n: int) -> bool:
    """Whether the n-th word, a style or a thing, is a style here: "in oil", not "an oil lamp"."""
    following = phrase.words[n + 1 : n + 2]
    if following:
        return following[0] in words.MEDIA or following[0] in words.STYLES
    free = not phrase.article or phrase.opener in ("as", "like", "into", "it", "als")
    return free or phrase.follower in ("of", "by", "von")


def things(phrase: Phrase) -> list[str]:
    """The motifs, ornaments and unknown words of a phrase, in their order."""
    known = [entry(word, words.SUBJECTS) or entry(word, words.ORNAMENTS) for word in phrase.words]
    pairs = zip(known, phrase.words, phrase.texts, strict=True)
    return [name or text for name, word, text in pairs if name or is_open(word)]
