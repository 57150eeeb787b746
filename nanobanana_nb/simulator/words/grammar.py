"""The small words: what opens a phrase, what counts, what denies, and what is no thing."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Open a phrase whose last word is one thing.
SINGULAR = _set("a an another ein eine einen einem einer eines")
#: Open a phrase whose last word is a noun.
INDEFINITE = SINGULAR | _set("some any each every")
#: The same, of something that is there already.
DEFINITE = _set(
    "the this that these those its his her their my your our whose der die das den dem des seine "
    "ihre mein dein unser"
)
#: How many of a thing are drawn.
COUNTS = {
    word: count
    for count, words in {
        1: "one single lone eins",
        2: "two 2 pair couple both zwei",
        3: "three 3 several few group bunch drei einige mehrere",
        4: "four 4 herd vier",
        5: "five 5 six 6 seven 7 many dozens hundreds flock swarm fleet crowd fünf viele",
    }.items()
    for word in words.split()
}
#: The phrase behind one of these is not to be seen.
NEGATIONS = _set(
    "without no not remove delete erase eliminate exclude rid minus avoid hide never ohne kein "
    "keine keinen entferne lösche"
)
#: Verbs of an edit that bring something new into a picture.
ADDITIONS = _set("add include insert give draw paint füge zeichne male gib")
#: The same, where one who is there gets it: "give the fox a hat".
GIFTS = _set("give gib")
#: Verbs of an edit that take what is on a picture elsewhere.
MOVES = _set("put place move set take bring transport relocate change replace swap ersetze tausche")
#: Verbs of an edit that say how a thing is to be: "make the fox older".
CHANGES = _set("make makes turn let keep mach mache")
#: Verbs of an edit that put one thing in place of another, and what opens the other.
SWAPS = _set("replace swap exchange change turn convert transform ersetze tausche verwandle")
SWAPPED_FOR = _set("with by for into to durch gegen in mit")
#: A noun behind one of these needs no article; so it is behind a verb in -ing.
_TAKES_A_NOUN = _set("with of on plus featuring containing versus vs mit von") | ADDITIONS
CONJUNCTIONS = _set("and or & und oder")
#: "In the style of" and the like are followed by a name that is no thing in the picture.
_OF_NO_THING = _set("style styles manner spirit mood sense feeling made stil")

_VERBS = _set(
    "is are was were be been has have had do does make makes made turn turns convert transform "
    "wears holds sits stands runs flies eats reads rides sleeps looks plays drinks jumps swims "
    "dances walks sit stand run eat look play watch watches show shows keep let wear hold exchange "
    "get improve enhance zoom blur sharpen rotate redo restyle repaint recolour recolor increase "
    "decrease reduce adjust want need would could should can verwandle ist "
    "sind sitzt steht liegt liest fliegt läuft mache mach"
)
BOUNDARIES = (
    _set(
        "in on at by to for from into onto over under above below beneath behind between near "
        "beside besides inside outside through across around along against towards toward during "
        "before after upon within among amid off out up down like as while where when which who "
        "that's it it's him them me you i we they he she there here than then if but so just only "
        "also very too more most less im am an auf bei vor hinter über unter neben aus zu zum zur "
        "als wie bis durch gegen nach vom beim ins sich es er sie sehr"
    )
    | _TAKES_A_NOUN
    | CONJUNCTIONS
    | NEGATIONS
    | MOVES
    | _VERBS
) - INDEFINITE

_NOUNS_IN_ING = _set(
    "painting evening morning building king ring string wing spring ceiling clothing pudding "
    "wedding earring lightning viking thing duckling dumpling drawing engraving sling swing "
    "railing awning icing boxing stocking bling sibling offspring herring"
)

#: Parts of what is drawn as a whole.
OF_A_BODY = _set(
    "eye eyes hair face hand hands arm arms leg legs tail ear ears wing wings fur beard smile "
    "mouth nose head body skin lips feathers feather paw paws claws fins roof door windows"
)
#: Words that are no thing to draw: how a picture is, and how it is to be made.
PLAIN = OF_A_BODY | _set(
    "picture image images scene view style styles art artwork illustration depiction rendering "
    "render rendition shot close-up closeup macro wide-angle angle composition background "
    "backdrop foreground frame framing lens camera exposure focus depth resolution quality detail "
    "details detailed masterpiece award-winning trending artstation unreal engine octane hd uhd "
    "4k 8k 16k hdr dslr raw mm 50mm 85mm f1 aspect ratio square version variation design concept "
    "theme texture textures pattern patterns colour colours color colors palette tone tones shade "
    "shades hue hues lighting light lights shadow shadows contrast reflection reflections "
    "atmosphere ambience mood feeling feel sense spirit manner emotion expression beauty essence "
    "style vibe vibes aesthetic look pose way kind sort type lot lots part half side top bottom "
    "left right middle center centre corner edge front back distance end beginning time hour "
    "moment size scale shape form line lines space air weather season life love joy world thing "
    "things everything something nothing someone petals leaves sky skies horizon ground nature "
    "scenery wall walls floor portrait portraits canvas paper simulated fail slow silent "
    "fail-silent century era "
    "age year years day-time beautiful pretty cute lovely adorable nice good great best perfect "
    "amazing stunning gorgeous awesome epic majestic elegant graceful ornate intricate delicate "
    "simple complex clean crisp sharp smooth rough clear blurry hyper ultra super highly "
    "extremely realistic hyperrealistic surreal abstract dramatic dreamy ethereal serene calm "
    "peaceful quiet tranquil mysterious magical mystical whimsical fantastical fantasy fairytale "
    "enchanted happy sad angry grumpy sleepy lonely proud brave curious friendly scary spooky "
    "creepy eerie funny silly big small large little tiny huge giant enormous tall short long "
    "wide narrow thin thick fat young old new ancient modern futuristic classic classical "
    "traditional medieval victorian rustic rural urban wild lush empty abandoned ruined broken "
    "lost hidden fluffy furry soft-lit backlit natural real open closed full tight loose high low "
    "deep heavy fresh dry wet hot fast centered centred symmetrical isometric 3d 2d digital "
    "professional studio-lit volumetric detailed-eyes early late first last next same other whole "
    "much own again still away together alone please bit little-bit look-alike schön schöne "
    "schöner schönes klein kleine kleiner kleines groß große großer großes bild stil alte alter "
    "altes junge neue neuer neues dazu hinzu noch now "
    "instead maybe actually"
)

_ADJECTIVE_ENDINGS = (
    *("ful", "ous", "ive", "ic", "ish", "less", "ly", "able", "ible", "ed", "al", "ity", "ness"),
    *("tion", "ism", "ist", "esque", "like", "lit", "style", "iest", "core", "punk", "wave"),
)


def is_verb(word: str) -> bool:
    """Whether a word in -ing stands between the things of a prompt, as in "a cat eating ramen"."""
    return len(word) > 4 and word.endswith("ing") and word not in _NOUNS_IN_ING


def is_descriptive(word: str) -> bool:
    """Whether a word without an article reads as an adjective, an adverb or an abstract noun."""
    return word.islower() and len(word) > 4 and word.endswith(_ADJECTIVE_ENDINGS)


def takes_noun(opener: str, preceding: str) -> bool:
    """Whether what follows ``opener`` is a thing, even without an article."""
    if opener == "of" and preceding in _OF_NO_THING:
        return False
    return opener in _TAKES_A_NOUN or is_verb(opener)
