"""A plan's count in words: `3 styles × 2 ratios × 2 repeats = 12 images`."""

from __future__ import annotations

import re
from math import prod

from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.record import PlanRecord
from nanobanana_nb.model.prompt import value_syntax

_REGULAR = re.compile(r"[a-z]+(_[a-z]+)*")
_WORDS = {"image": "reference_image", "images": "reference_images"}
_IRREGULAR = {"man": "men", "woman": "women", "child": "children", "person": "people"}


def in_words(plan: PlanRecord) -> str:
    """Return the count as a product; where only some of it is made, how many and which."""
    factors = [_factor(axis) for axis in plan.axes]
    if plan.repeats > 1:
        factors.append(f"{plan.repeats} repeats")
    count, whole = len(plan.cells), prod(map(len, plan.axes)) * plan.repeats
    if not factors or count > whole:
        return _images(count)
    product = " × ".join(factors)
    if count == whole:
        return f"{product} = {_images(count)}"
    choice = "" if plan.sample is None else ", drawn at random"
    choice = ", each value once" if plan.scout else choice
    return f"{product}: {count:,} of {_images(whole)}{choice}"


def _images(count: int) -> str:
    return f"{value_syntax.figure(count)} image" + ("s" if count != 1 else "")


def _factor(axis: Axis) -> str:
    names = [_WORDS.get(name, name).replace("_", " ") for name in axis.names]
    if len(names) > 1:
        pairs = "pair" if len(names) == 2 else "set"
        several = "" if len(axis) == 1 else "s"
        return f"{len(axis):,} {pairs}{several} of {', '.join(names[:-1])} and {names[-1]}"
    if axis.name == "images":
        return f"{len(axis):,} {'set' if len(axis) == 1 else 'sets'} of reference images"
    return f"{len(axis):,} {_noun(_WORDS.get(axis.name, axis.name), len(axis))}"


def _noun(name: str, count: int) -> str:
    """Return the name for so many; one that has no regular plural stays behind `values of`."""
    words = name.replace("_", " ")
    last = name.rpartition("_")[2]
    if not _REGULAR.fullmatch(name):
        return f"value{'' if count == 1 else 's'} of {words}"
    if last.endswith("s") and not last.endswith("ss"):  # most likely a plural as it is
        return f"of {words}" if count == 1 else words
    if count == 1 or len(name) == 1:
        return words
    return words[: -len(last)] + _plural(last)


def _plural(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    return re.sub(r"(?<=[^aeiou])y$", "ie", word) + "s"
