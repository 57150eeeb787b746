"""Which images were made from which, and a chain of them asked for again in other words.

An image is the parent of those whose reference image has its bytes. Of several images with
the same bytes the oldest counts, so that no image descends from itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.text.prompts import as_sent
from nanobanana_nb.text.terminal import printed


@printed
@dataclass(frozen=True)
class Family:
    """Images with a number, oldest first, that descend from the same ones; `focus` is meant."""

    members: tuple[Generation, ...]
    focus: Generation

    @cached_property
    def _by_hash(self) -> dict[str, Generation]:
        return {one.sha256: one for one in reversed(self.members) if one.sha256}

    @cached_property
    def _by_parent(self) -> dict[int | None, list[Generation]]:
        found: dict[int | None, list[Generation]] = {}
        for one in self.members:
            above = self.parent(one)
            found.setdefault(above.id if above else None, []).append(one)
        return found

    def parents(self, one: Generation) -> tuple[Generation, ...]:
        """Return the members that an image was made from, in the order of its references."""
        found = [self._by_hash.get(image.sha256 or "") for image in one.request.images]
        older = [above for above in found if above is not None and _before(above, one)]
        return tuple({above.id: above for above in older}.values())

    def parent(self, one: Generation) -> Generation | None:
        """Return the first parent: the one that it stands under in the tree."""
        return next(iter(self.parents(one)), None)

    def roots(self) -> tuple[Generation, ...]:
        """Return the members that were made from none of the others."""
        return tuple(self._by_parent.get(None, ()))

    def children(self, one: Generation) -> tuple[Generation, ...]:
        """Return those that stand under an image in the tree."""
        return tuple(self._by_parent.get(one.id, ()))

    def chain(self) -> tuple[Generation, ...]:
        """Return the way from a root to the focus, by first parents."""
        way = [self.focus]
        while (above := self.parent(way[-1])) is not None:
            way.append(above)
        return tuple(reversed(way))


def _before(above: Generation, one: Generation) -> bool:
    return _age(above) < _age(one)


def _age(one: Generation) -> tuple[float, int]:
    """Return what orders images by age: numbers begin anew in a ledger that was made anew."""
    return one.created_at or 0.0, one.id or 0


def in_order(members: Sequence[Generation]) -> tuple[Generation, ...]:
    """Return images oldest first."""
    return tuple(sorted(members, key=_age))


@dataclass(frozen=True)
class Step:
    """One request of a chain; `parent` is the hash of the image before it that is made anew."""

    request: GenerationRequest
    parent: str | None = None

    def after(self, made: ReferenceImage | None) -> GenerationRequest:
        """Return the request with the image before it replaced by the one made anew."""
        if made is None or self.parent is None:
            return self.request
        images = (made if i.sha256 == self.parent else i for i in self.request.images)
        return replace(self.request, images=tuple(images))


def reworded(chain: Sequence[Generation], words: Mapping[str, str]) -> tuple[Step, ...]:
    """Return the steps of a chain from the first one whose prompt has one of the words.

    Whole words are replaced, all at once: a word that comes in is not replaced again.

    Raises:
        InputError: no prompt has such a word, a prompt was kept private, or a word is empty.
    """
    if not words or not all(word.strip() for word in words):
        raise InputError(
            "There is no word to replace", action='For example: replay({"night": "dusk"})'
        )
    if any(one.request.private and not one.request.prompt for one in chain):
        raise InputError("A prompt of this branch was kept private", action="Run its cells again.")
    prompts = [replaced(one.request.prompt, words) for one in chain]
    changed = [new != one.request.prompt for one, new in zip(chain, prompts, strict=True)]
    if True not in changed:
        known = " / ".join(one.request.prompt[:60] for one in chain)
        raise InputError(f"No prompt has {' or '.join(words)}", why=f"they are: {known}")
    first = changed.index(True)
    above = [None, *(one.sha256 for one in chain[first:])]
    asked = zip(chain[first:], prompts[first:], above, strict=False)
    return tuple(Step(replace(one.request, prompt=as_sent(new)), up) for one, new, up in asked)


def replaced(prompt: str, words: Mapping[str, str]) -> str:
    """Return a prompt with whole words replaced, the longest first and each once."""
    longest = sorted(words, key=len, reverse=True)
    known = "|".join(re.escape(word) for word in longest)
    return re.sub(rf"(?<!\w)(?:{known})(?!\w)", lambda found: words[found[0]], prompt)
