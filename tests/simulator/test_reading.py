"""What the painter reads in prompts: things, places, hours, weather, styles, and what it leaves."""

from __future__ import annotations

import pytest

from nanobanana_nb.simulator.painting.motifs import MOTIFS
from nanobanana_nb.simulator.words.reading import read
from nanobanana_nb.simulator.words.vocabulary import (
    AMBIGUOUS,
    ORNAMENTS,
    SIZES,
    STYLES,
    SUBJECTS,
    TIMES,
)


def figures(prompt: str) -> list[tuple[str, int]]:
    """Names and numbers of what stands in front."""
    return [(figure.name, figure.count) for figure in read(prompt).figures]


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("a platypus", ["platypus"]),
        ("Platypus", ["Platypus"]),
        ("a cat and a platypus", ["cat", "platypus"]),
        ("cats and platypuses", ["cat", "platypuses"]),
        ("a cute axolotl wearing sunglasses", ["axolotl", "sunglasses"]),
        ("a bowl of ramen, top view", ["bowl", "ramen"]),
        ("Eiffel Tower at sunset", ["Eiffel Tower"]),
        ("a pencil on a desk", ["pencil"]),
        ("a woman with blue eyes in a dress", ["person", "dress"]),
        ("a fox, dramatic lighting, highly detailed, 8k, masterpiece", ["fox"]),
        ("a fox in the style of Cezanne", ["fox"]),
        ("portrait of an owl, baroque, moody", ["owl"]),
        ("a beautiful morning in the city", []),
        ("the sun over the sea", []),
        ("кошка на луне", ["кошка на луне"]),
    ],
)
def test_nouns(prompt: str, names: list[str]) -> None:
    """Known things and unknown nouns are figures; adjectives, light and quality are none."""
    assert [name for name, _ in figures(prompt)] == names


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("three owls", [("owl", 3)]),
        ("a pair of foxes", [("fox", 2)]),
        ("butterflies", [("butterfly", 2)]),
        ("wolves", [("dog", 2)]),
        ("children", [("person", 2)]),
        ("a herd of deer", [("deer", 4)]),
        ("one boat", [("boat", 1)]),
        ("a man and a woman", [("person", 2)]),
        ("a red balloon, a blue balloon and two yellow balloons", [("balloon", 4)]),
        ("a cat, portrait of a cat", [("cat", 1)]),
    ],
)
def test_plurals(prompt: str, expected: list[tuple[str, int]]) -> None:
    """Plurals are several of their singular, as many as a number says."""
    assert figures(prompt) == expected


@pytest.mark.parametrize("word", sorted(SUBJECTS))
def test_each_subject_with_article_and_style(word: str) -> None:
    """Each known word is its motif, whatever stands around it."""
    reading = read(f"a small {word.replace('-', ' ')} by the lake at night, woodcut")
    assert reading.subjects == (SUBJECTS[word],)
    assert (reading.setting, reading.time, reading.style) == ("lake", "night", "woodcut")


@pytest.mark.parametrize("word", sorted({*STYLES, "golden", "dark", "spring", "pale", "cold"}))
def test_no_style_or_mood_is_an_hour(word: str) -> None:
    """A style, a mood or a season states no hour, and does not change that of the subject."""
    plain, styled = read("a heron"), read(f"a heron, {word}")
    assert "time" not in styled.stated
    assert plain.time == styled.time


@pytest.mark.parametrize("word", sorted(STYLES))
def test_styles(word: str) -> None:
    """Each style word is one behind a comma and before its medium."""
    term = word.replace("-", " ") if word not in ("8-bit", "16-bit") else word
    assert read(f"a fox, {term}").style == STYLES[word]
    assert read(f"{term} picture of a fox").style == STYLES[word]


@pytest.mark.parametrize("word", sorted(AMBIGUOUS - {"glowing", "flat", "minimal"}))
def test_things_are_no_style(word: str) -> None:
    """A pencil on a desk, an oil lamp: no rendering."""
    assert read(f"the {word} on a desk").style == ""
    assert read(f"a fox with a {word} lamp").style == ""


@pytest.mark.parametrize("word", sorted(TIMES))
def test_hours(word: str) -> None:
    """Each word of an hour states it, and sun, moon and stars give way to one that is named."""
    assert read(f"a heron, {word.replace('-', ' ')}").time == TIMES[word]
    assert read("the sun and the moon at sunset").time == "sunset"


def test_sun_and_moon_are_seen() -> None:
    """The sun is a sun, even in the rain; it is not an animal, nor a card."""
    assert (read("the sun").light, read("the sun").subjects, read("the sun").time) == (
        "sun",
        (),
        "day",
    )
    assert read("a fox under the moon").light == "moon"
    assert read("a sunflower on a sunny day").light == ""


@pytest.mark.parametrize("word", ["zorblax", "quietly", "frumious", "tuesday", "heron", "neon"])
def test_ornaments_only_where_named(word: str) -> None:
    """No kites, lanterns or flags unless asked for."""
    assert read(f"a fox and a {word} by the lake, {word}").ornaments == ()
    assert read("a lake, no kites, without flags and lanterns").ornaments == ()
    assert read("a lake, no kites, without flags and lanterns").subjects == ()
    assert read("kites over the beach").ornaments == ("kites",)
    assert set(ORNAMENTS.values()) == {
        *("kites", "lanterns", "stones", "pennants", "petals", "birds", "rainbow")
    }


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a red kite", [("kite", 1)]),
        ("two kites", [("kite", 2)]),
        ("a seagull", [("bird", 1)]),
        ("a big stone", [("stone", 1)]),
        ("a paper lantern", [("lantern", 1)]),
        ("the flag", [("flag", 1)]),
        ("many kites over the sea", []),
        ("seagulls over the sea", []),
    ],
)
def test_one_small_thing_is_a_large_figure(prompt: str, expected: list[tuple[str, int]]) -> None:
    """A kite alone is what the picture shows; kites are small ones in the sky."""
    assert figures(prompt) == expected
    assert bool(read(prompt).ornaments) != bool(expected)


@pytest.mark.parametrize(
    ("prompt", "time"),
    [
        ("a summer night", "night"),
        ("stars at dawn", "dawn"),
        ("a sunny evening", "sunset"),
        ("a summer morning", "day"),
        ("under the stars", "night"),
    ],
)
def test_hours_that_give_way(prompt: str, time: str) -> None:
    """A season, stars and sunlight name an hour where nothing else does."""
    assert read(prompt).time == time


@pytest.mark.parametrize("word", sorted(SIZES))
def test_sizes(word: str) -> None:
    """Each word of a size is that of its thing, and no thing itself."""
    (boat, house) = read(f"a {word} boat and a house").figures
    assert (boat.name, boat.scale, house.scale) == ("boat", SIZES[word], 1.0)
    assert read(f"make the boat {word}").subjects == ("boat",)


@pytest.mark.parametrize("word", ["darker", "warmer", "brighter", "more vivid", "colder"])
def test_moods_of_edits(word: str) -> None:
    """What an edit compares with is a mood, and no card."""
    reading = read(f"make it {word}")
    assert (reading.moods, reading.subjects) == ((word.split()[-1],), ())


@pytest.mark.parametrize("denial", ["without a", "no", "remove the", "without any", "not a"])
def test_what_is_denied_is_not_seen(denial: str) -> None:
    """A lake without a boat has none, and nothing else is lost."""
    assert read(f"a fox by the lake, {denial} boat").subjects == ("fox",)
    assert read(f"a fox by the lake {denial} boat or house, in the rain").weather == "rain"


def test_german() -> None:
    """A German prompt has its things, place, hour and style; what is unknown is a card."""
    reading = read("Ein roter Fuchs am See bei Nacht, Holzschnitt")
    assert (reading.subjects, reading.setting, reading.time) == (("fox",), "lake", "night")
    assert (reading.style, reading.colours["fox"][0]) == ("woodcut", 4)
    assert read("Zwei Eulen und ein Gartenzwerg im Regen").subjects == ("owl", "Gartenzwerg")
    assert read("see a boot in a hut").setting != "lake"


def test_emoji_and_strange_text() -> None:
    """Emoji are read by their names; text without words has no figure."""
    assert read("🦊🍌 in space").subjects == ("fox", "banana")
    assert read("!!! ...").subjects == ()
    assert read("").subjects == ()
    assert read("a 'cat', \"dog\" (fox)").subjects == ("cat", "dog", "fox")


def test_colours_belong_to_things() -> None:
    """A colour is that of the thing behind it; on its own it is that of the picture."""
    assert set(read("a red and blue balloon by a green house").colours) == {"balloon", "house"}
    assert read("a golden retriever, a red hat, green eyes").tint is None
    assert read("a fox, blue tones").tint is not None


def test_every_motif_can_be_asked_for() -> None:
    """A motif's own name draws it."""
    assert [name for name in MOTIFS if read(f"a {name}").subjects != (name,)] == []
