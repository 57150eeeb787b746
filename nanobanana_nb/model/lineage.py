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
        return {image.sha256: image for image in reversed(self.members) if image.sha256}

    @cached_property
    def _by_parent(self) -> dict[int | None, list[Generation]]:
        children: dict[int | None, list[Generation]] = {}
        for image in self.members:
            parent = self.parent(image)
            children.setdefault(parent.id if parent else None, []).append(image)
        return children

    def parents(self, image: Generation) -> tuple[Generation, ...]:
        """Return the members that an image was made from, in the order of its references."""
        hashes = [reference.sha256 or "" for reference in image.request.images]
        members = [self._by_hash[sha256] for sha256 in hashes if sha256 in self._by_hash]
        older = {member.id: member for member in members if _age(member) < _age(image)}
        return tuple(older.values())

    def parent(self, image: Generation) -> Generation | None:
        """Return the first parent: the one that it stands under in the tree."""
        return next(iter(self.parents(image)), None)

    def roots(self) -> tuple[Generation, ...]:
        """Return the members that were made from none of the others."""
        return tuple(self._by_parent.get(None, ()))

    def children(self, image: Generation) -> tuple[Generation, ...]:
        """Return those that stand under an image in the tree."""
        return tuple(self._by_parent.get(image.id, ()))

    def chain(self) -> tuple[Generation, ...]:
        """Return the way from a root to the focus, by first parents."""
        way = [self.focus]
        while (parent := self.parent(way[-1])) is not None:
            way.append(parent)
        return tuple(reversed(way))


def _age(image: Generation) -> tuple[float, int]:
    """Return what orders images by age: numbers begin anew in a ledger that was made anew."""
    return image.created_at or 0.0, image.id or 0


def in_order(members: Sequence[Generation]) -> tuple[Generation, ...]:
    """Return images oldest first."""
    return tuple(sorted(members, key=_age))


@dataclass(frozen=True)
class Step:
    """One request of a chain; `parent` is the hash of the image before it that is made anew."""

    request: GenerationRequest
    parent: str | None = None

    def after(self, reference: ReferenceImage | None) -> GenerationRequest:
        """Return the request with the image before it replaced by the one made anew."""
        if reference is None or self.parent is None:
            return self.request
        images = (reference if i.sha256 == self.parent else i for i in self.request.images)
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
    if any(image.request.private and not image.request.prompt for image in chain):
        raise InputError("A prompt of this branch was kept private", action="Run its cells again.")
    old = [image.request.prompt for image in chain]
    new = [replaced(prompt, words) for prompt in old]
    if new == old:
        known = " / ".join(prompt[:60] for prompt in old)
        raise InputError(f"No prompt has {' or '.join(words)}", why=f"they are: {known}")
    first = next(n for n, prompt in enumerate(new) if prompt != old[n])
    requests = [
        replace(image.request, prompt=as_sent(prompt))
        for image, prompt in zip(chain[first:], new[first:], strict=True)
    ]
    parents = [None, *(image.sha256 for image in chain[first:])]
    return tuple(map(Step, requests, parents))


def replaced(prompt: str, words: Mapping[str, str]) -> str:
    """Return a prompt with whole words replaced, the longest first and each once."""
    longest = sorted(words, key=len, reverse=True)
    known = "|".join(re.escape(word) for word in longest)
    return re.sub(rf"(?<!\w)(?:{known})(?!\w)", lambda match: words[match[0]], prompt)
