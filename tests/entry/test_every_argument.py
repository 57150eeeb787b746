"""Each parameter of each public verb with values of the wrong kind, read off the signatures.

A new verb or parameter is tried as well; what it takes of these values is listed here, or refused
in one sentence of ours before anything is sent.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError
from nanobanana_nb.show.grid import ImageGrid
from tests.service import Service

VALUES: dict[str, Any] = {
    "None": None,
    "whole": 5,
    "float": 2.0,
    "text of a number": "2",
    "word": "no",
    "True": True,
    "bytes": b"x",
    "path": Path("x"),
    "pair": (16, 9),
    "list": [None],
    "dict": {1: 2},
    "object": object(),
    "NaN": float("nan"),
    "Decimal": Decimal(2),
    "NumPy's whole": np.int64(2),
    "function": len,
}
TEXTS = {"text of a number", "word"}
FREE = set(VALUES) - {"bytes", "path", "object", "NaN", "Decimal", "NumPy's whole", "function"}
WHOLE, AMOUNT = {"whole", "NumPy's whole"}, {"None", "whole", "float", "NumPy's whole", "Decimal"}
TAKEN: dict[str, set[str]] = {  # what a parameter takes of these values
    "prompt": TEXTS,
    # A name that is not known is the service's to refuse, or that of the settings.
    **{key: {"None", *TEXTS} for key in ("model", "provider", "output_format", "resolution")},
    **{key: {"None"} for key in ("aspect_ratio", "images", "callback_url")},
    "axes": {"None", "pair"},  # a list for the only place
    **{key: {"True"} for key in ("fresh", "yes", "strict", "private", "raw", "scout", "dry_run")},
    "repeats": WHOLE,
    **{key: {"None", *WHOLE} for key in ("sample", "sample_seed")},
    "max_credits": AMOUNT - {"Decimal"},
    # Fields of the model go out as they are, and values of a place are written into the prompt.
    **dict.fromkeys(("input", "fixed", "options"), FREE),
    "voter": TEXTS,
    "source": {"function"},
    "name": {"None", *TEXTS},
    "by": set(),
    **dict.fromkeys(("count", "workers"), WHOLE),
    **{key: {"True"} for key in ("again", "descending", "lowest", "thumbnails")},
    **{key: {"None", "True"} for key in ("a", "b")},  # True is 1, as in any list
}
IMAGE, WORDS, AXES = {"prompt": "at night"}, {"words": {"heron": "owl"}}, {"style": ["ink", "oil"]}
GIVEN: dict[str, dict[str, Any]] = {  # what each verb cannot do without
    **{key: {"prompt": "A heron"} for key in ("generate", "agenerate", "submit")},
    **{key: {"template": "A {style} heron", "axes": AXES} for key in ("plan", "sweep", "asweep")},
    **{key: {"generation": "", **IMAGE} for key in ("edit", "aedit")},
    **{key: {"generation": "", **WORDS} for key in ("replay", "areplay")},
    "bill": {},
    **dict.fromkeys(("Generation.edit", "Generation.aedit"), IMAGE),
    **dict.fromkeys(("Generation.replay", "Generation.areplay"), WORDS),
    **{key: {} for key in ("ImageGrid.compare", "ImageGrid.vote")},
    "ImageGrid.score": {"source": "sharpness"},
    "ImageGrid.sort": {"by": "credits"},
    "ImageGrid.best": {"by": "credits", "count": 1},
}
NO_VERBS = {  # names that can be called and ask for no image
    *("load_ipython_extension", "unload_ipython_extension"),
    *(
        "bundle_of_one",
        "chance",
        "compare",
        "keep",
        "save",
        "score",
        "vote",
    ),  # what results reach for: a grid hands itself over
}


def test_every_verb_is_tried() -> None:
    """A new function of the package is tried too, or it is listed why not."""
    names = {*nb.__all__, *nb._HOMES}
    verbs = {name for name in names if inspect.isroutine(getattr(nb, name))}
    assert verbs - NO_VERBS == {name for name in GIVEN if "." not in name}


def the(verb: str, grid: ImageGrid) -> Callable[..., Any]:
    """The function or bound method of this name."""
    kind, _, method = verb.rpartition(".")
    return getattr({"": nb, "ImageGrid": grid, "Generation": grid[0]}[kind], method)  # type: ignore[no-any-return]


def call(verb: str, grid: ImageGrid, **named: Any) -> None:
    """Call and wait for what it began."""
    own = {name: grid[0] if name == "generation" else v for name, v in GIVEN[verb].items()}
    answer = the(verb, grid)(**{**own, **named})
    if inspect.iscoroutine(answer):
        asyncio.run(answer)
    elif isinstance(answer, nb.Job):
        answer.result()


@pytest.mark.long
@pytest.mark.parametrize("verb", GIVEN)
def test_every_parameter_refuses_what_it_does_not_take(faces: Service, verb: str) -> None:
    """One sentence of ours, in words that name no inside, and nothing is sent."""
    grid = nb.sweep("A {style} heron", AXES)
    before = len(faces.creates())
    others = [
        f"{verb}.{p}, {v}"
        for p in inspect.signature(the(verb, grid)).parameters.values()
        for v in _taken_wrongly(verb, grid, p)
    ]
    assert others == []
    assert len(faces.creates()) == before


def _taken_wrongly(verb: str, grid: ImageGrid, parameter: inspect.Parameter) -> Sequence[str]:
    """What should be refused and is not: the values' names."""
    odd = parameter.kind is parameter.VAR_KEYWORD
    wrong = set(VALUES) - TAKEN.get(parameter.name, set())
    return [
        v for v in sorted(wrong) if not _refused(verb, grid, "odd" if odd else parameter.name, v)
    ]


def _refused(verb: str, grid: ImageGrid, name: str, value: str) -> bool:
    try:
        call(verb, grid, **{name: VALUES[value]})
    except InputError as error:
        return "\n" not in str(error) and len(str(error)) < 500
    except Exception:
        return False
    return False


JUDGED_ELSEWHERE = {"input", "fixed", "options", "images", "axes", "voter", "a", "b", "dry_run"}


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(n for n in TAKEN if n not in JUDGED_ELSEWHERE))
def test_what_is_taken_makes_images(faces: Service, name: str) -> None:
    """The list above says what works: None where it means nothing, numbers of NumPy as others."""
    grid = nb.generate("A heron")
    for verb in ("generate", "plan", "sweep"):
        if name in inspect.signature(the(verb, grid)).parameters:
            own = {"axes": None, "template": "A heron"} if verb != "generate" else {}
            for value in TAKEN[name] - TEXTS:
                call(verb, grid, **{**own, name: VALUES[value]})


PUBLIC = (nb.ImageGrid, nb.Generation, nb.GenerationRequest, nb.Job, nb.Plan)
INDICES = {  # what says which image: tests of `DOORS` try each
    *("ImageGrid.__getitem__.index", "ImageGrid.rate.index"),
    *("ImageGrid.diff.a", "ImageGrid.diff.b", "ImageGrid.compare.a", "ImageGrid.compare.b"),
    *("Plan.only.numbers", "Job.again.positions"),
}
NUMBERS = {  # whole numbers that are no index
    **dict.fromkeys(("ImageGrid.repeat.times", "Plan.repeat.times"), "how often"),
    "ImageGrid.rate.stars": "0 to 5",
    **dict.fromkeys(("ImageGrid.index.start", "ImageGrid.index.stop"), "ends of a part"),
    "ImageGrid.of.number": "of a plan in the ledger",
    "ImageGrid.best.count": "how many at most",
    "ImageGrid.score.workers": "how many at once",
}


def test_every_index_is_known() -> None:
    """A method with a new whole number says here whether it is an index, and is tried as one."""
    numbers = {
        f"{kind.__name__}.{name}.{parameter}"
        for kind in PUBLIC
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if name == "__getitem__" or not name.startswith("_")
        for parameter, hint in _hints(method).items()
        if int in _flat(hint)
    }
    assert numbers == INDICES | set(NUMBERS)


def _hints(method: Any) -> dict[str, Any]:
    names: dict[str, Any] = {}
    hidden = ("DataFrame", "Image", "Report", "Chance", "Ranks", "Difference", "Usual")
    hidden += ("Agreement", "Axes", "Scores")
    hints = get_type_hints(method, localns=names | dict.fromkeys(hidden, Any) | vars(nb))
    return {name: hint for name, hint in hints.items() if name != "return"}


def _flat(hint: Any) -> set[Any]:
    """The types that a hint is made of."""
    parts = hint if isinstance(hint, list) else get_args(hint)
    return {hint if parts == get_args(hint) else list}.union(*map(_flat, parts))
