"""The words that the painter knows; terms of several words are joined by hyphens.

Every other noun becomes a card with the word (``painting.card``).
"""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(**rows: str) -> dict[str, str]:
    return {word: meaning for meaning, words in rows.items() for word in words.split()}


#: Word -> motif. Plurals are looked up by their singular.
SUBJECTS = _table(
    cat="cat kitten tabby feline tiger lynx leopard snow-leopard panther cheetah",
    dog="dog puppy wolf hound retriever golden-retriever corgi poodle husky dachshund",
    fox="fox vixen",
    hare="hare rabbit bunny",
    bird="bird robin sparrow parrot raven crow finch wren duck goose chicken hummingbird hen "
    "seagull gull swallow pigeon dove",
    heron="heron crane stork egret flamingo",
    owl="owl owlet",
    penguin="penguin",
    octopus="octopus squid kraken",
    fish="fish koi salmon goldfish shark carp trout",
    whale="whale dolphin orca",
    elephant="elephant mammoth",
    bear="bear panda teddy teddy-bear polar-bear red-panda koala",
    deer="deer stag elk reindeer moose",
    horse="horse pony unicorn zebra donkey",
    turtle="turtle tortoise",
    butterfly="butterfly moth",
    person="person man woman girl boy child people wizard witch king queen prince princess knight "
    "dancer human lady samurai farmer fisherman",
    astronaut="astronaut cosmonaut spaceman",
    robot="robot android cyborg",
    lighthouse="lighthouse beacon",
    boat="boat ship sailboat yacht",
    house="house cottage cabin hut home barn tree-house",
    castle="castle fortress palace",
    tree="tree oak maple willow bonsai cherry-tree apple-tree",
    flower="flower rose tulip daisy sunflower poppy blossom orchid",
    mushroom="mushroom toadstool fungus",
    cactus="cactus",
    balloon="balloon hot-air-balloon airship",
    rocket="rocket spaceship spacecraft",
    banana="banana nano-banana",
    bicycle="bicycle bike",
    car="car taxi automobile truck sports-car",
    train="train locomotive",
    teapot="teapot kettle tea pot-of-tea",
    cup="cup mug coffee espresso cup-of-tea cup-of-coffee mug-of-tea coffee-cup teacup",
    newspaper="newspaper magazine",
    book="book novel diary comic-book",
    umbrella="umbrella parasol",
    lantern="lantern lamp sky-lantern paper-lantern",
    lion="lion lioness",
    frog="frog toad",
    dragon="dragon wyvern",
    snowman="snowman",
    apple="apple peach apricot pomegranate",
    vase="vase urn jug pitcher amphora flowerpot",
    chair="chair armchair stool throne",
    airplane="airplane aeroplane plane aircraft jet airliner",
    bridge="bridge golden-gate-bridge suspension-bridge",
    guitar="guitar violin cello ukulele lute banjo",
    cake="cake birthday-cake cupcake muffin",
    hat="hat fedora cap sombrero beret top-hat",
    clock="clock alarm-clock",
    glass="glass glass-of-water drink cocktail lemonade",
    kite="kite",
    stone="stone rock pebble boulder",
    flag="flag pennant",
)

#: Word -> small things in the air or on the ground; one that is a subject, too, is drawn large.
ORNAMENTS = _table(
    kites="kite",
    lanterns="sky-lantern paper-lantern fairy-light firefly",
    stones="stone rock pebble boulder",
    pennants="pennant bunting flag garland",
    petals="petal confetti cherry-blossom falling-leaf",
    birds="seagull gull swallow flock-of-birds birds-in-the-sky",
    rainbow="rainbow",
)

SETTINGS = _table(
    hills="hill hills landscape countryside valley village garden park cemetery",
    mountains="mountain mountains alps peak peaks fjord glacier volcano summit himalaya everest",
    sea="sea seascape ocean beach coast harbour harbor waves island shore underwater seaside "
    "coastline cliff cliffs lagoon pier reef",
    lake="lake river pond marsh reeds water waterfall stream creek swamp canal puddle wetland",
    city="city cityscape town street skyline tokyo paris london york new-york berlin venice "
    "building buildings skyscraper rooftop alley market downtown subway times-square",
    forest="forest the-wood woods jungle rainforest trees bamboo grove clearing",
    desert="desert dune dunes sahara canyon savanna savannah oasis",
    field="field fields meadow prairie farm lavender wheat flowers grass lawn pasture vineyard "
    "orchard",
    room="room kitchen table studio indoors desk interior window shelf library still-life bedroom "
    "cafe café restaurant bar office museum classroom shop bathroom living-room fireplace",
    space="space outer-space galaxy planet mars cosmos orbit moonscape nebula universe saturn "
    "jupiter on-the-moon",
)

TIMES = _table(
    day="day noon midday morning sunny daylight daytime summer blue-sky sunshine sun sunlight "
    "sunlit",
    dawn="dawn sunrise daybreak first-light",
    sunset="sunset dusk evening twilight golden-hour golden-light sundown setting-sun blue-hour",
    night="night nighttime midnight moonlit moon moonlight starry stars starlight milky-way "
    "after-dark in-the-dark full-moon darkness aurora northern-lights",
)

#: Words that give way to another hour: "a summer night", "stars at dawn".
WEAK_HOURS = _set(
    "sun sunshine setting-sun moon full-moon moonlight moonlit summer sunny stars starry sunlight "
    "daylight blue-sky"
)

#: Words that ask for sun or moon to be seen, large.
LIGHTS = _table(sun="sun sunshine setting-sun", moon="moon full-moon moonlight moonlit")

WEATHERS = _table(
    rain="rain rainy drizzle storm stormy thunderstorm raining downpour",
    snow="snow snowy winter blizzard frost snowing snowfall",
    fog="fog foggy mist misty haze hazy",
    clouds="cloud clouds cloudy overcast",
    clear="sunny sunshine summer cloudless clear-sky clear-skies blue-sky",
)

#: Word -> rendering.
STYLES = _table(
    photo="photo photograph photography photographic photorealistic 35mm polaroid bokeh cinematic "
    "film",
    watercolour="watercolour watercolor aquarelle gouache ink-wash",
    woodcut="woodcut linocut engraving woodblock etching wood-engraving",
    sketch="sketch pencil drawing charcoal ink line-art pen-and-ink doodle",
    pastel="pastel pastels chalk crayon",
    oil="oil impressionist impressionism gogh van-gogh monet acrylic painting impasto",
    pixel="pixel pixel-art pixelart 8-bit 16-bit sprite",
    poster="poster flat vector minimal minimalist risograph screenprint papercut ukiyo-e bauhaus",
    neon="neon cyberpunk synthwave vaporwave glowing",
    comic="comic pop-art halftone cartoon manga anime",
    lowpoly="low-poly lowpoly polygonal origami geometric crystal",
    glass="stained-glass stained-glass-window mosaic tiles",
    blueprint="blueprint cyanotype technical",
    noir="noir film-noir monochrome black-and-white grayscale greyscale b&w",
    vintage="vintage sepia retro daguerreotype",
)

#: Styles that are things or adjectives as well: "a pencil on a desk", "a glowing mushroom".
AMBIGUOUS = _set(
    "pencil drawing charcoal ink pastel pastels chalk crayon oil acrylic painting film poster "
    "flat vector minimal neon glowing comic cartoon crystal mosaic tiles technical vintage retro "
    "sprite pixel polaroid engraving"
)
#: What makes an ambiguous word before it a style: "pencil sketch", "oil painting".
MEDIA = _set(
    "style styled painting paintings drawing sketch print illustration art artwork photo "
    "photograph photography picture image poster look rendering design book-style"
)

#: Colour word -> (hue in degrees, saturation 0..1, brightness 0..1)
COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (4, 0.78, 0.82),
    "scarlet": (8, 0.85, 0.85),
    "crimson": (348, 0.8, 0.7),
    "orange": (26, 0.85, 0.93),
    "gold": (43, 0.75, 0.88),
    "golden": (43, 0.75, 0.88),
    "autumn": (24, 0.72, 0.82),
    "autumnal": (24, 0.72, 0.82),
    "yellow": (50, 0.8, 0.95),
    "green": (128, 0.55, 0.6),
    "emerald": (150, 0.7, 0.6),
    "teal": (178, 0.65, 0.6),
    "turquoise": (174, 0.6, 0.8),
    "cyan": (188, 0.65, 0.85),
    "blue": (214, 0.7, 0.8),
    "navy": (222, 0.7, 0.42),
    "indigo": (250, 0.6, 0.55),
    "purple": (275, 0.55, 0.65),
    "violet": (268, 0.55, 0.75),
    "magenta": (315, 0.7, 0.8),
    "pink": (338, 0.42, 0.95),
    "brown": (24, 0.55, 0.45),
    "black": (230, 0.2, 0.16),
    "white": (45, 0.04, 0.97),
    "grey": (215, 0.06, 0.58),
    "gray": (215, 0.06, 0.58),
    "silver": (210, 0.06, 0.78),
}

#: Word -> (factor of saturation, factor of brightness, degrees towards warm)
MOODS: dict[str, tuple[float, float, float]] = {
    word: change
    for change, names in {
        (1.15, 1.08, 0): "bright brighter brighten lighter lighten",
        (1.35, 1.0, 0): "vivid saturated",
        (1.35, 1.02, 0): "colourful colorful",
        (0.6, 1.12, 0): "pale paler",
        (0.55, 1.15, 0): "pastel",
        (0.8, 1.05, 0): "soft softer soften",
        (0.55, 0.95, 0): "muted desaturated",
        (0.95, 0.68, 0): "dark darker darken",
        (0.75, 0.75, 0): "moody",
        (0.5, 0.7, 0): "gloomy gloomier",
        (1.1, 1.02, 14): "warm warmer",
        (1.05, 1.0, 12): "cosy cozy cosier cozier",
        (0.85, 1.0, -16): "cold colder",
        (0.9, 1.0, -12): "cool cooler",
        (0.7, 1.1, -18): "icy",
    }.items()
    for word in names.split()
}

#: Word of a size -> factor.
SIZES: dict[str, float] = {
    word: factor
    for factor, names in {
        0.6: "tiny miniature",
        0.78: "small smaller little shrunken klein kleine kleiner kleines",
        1.2: "big bigger large larger tall taller groß große großer großes größer",
        1.38: "huge giant enormous gigantic massive",
    }.items()
    for word in names.split()
}
