"""What a tree of edits says of each image: what was asked, unlike what, and made from what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nanobanana_nb.model.lineage import Family
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.lineage.diff import Words, difference, words_between

MOST_STEPS = 60
_ALIKE = 0.4  # of two prompts: with less in common, a difference is harder to read than both


@dataclass(frozen=True)
class Told:
    """One image of a tree. `depth` counts from 0, the roots, which have no `parent`.

    `beside` is the image whose prompt is the most alike, None where none is; `words` are the
    two prompts in pieces. `settings` are those in which it differs from its parent, `others`
    what it was made from beside it.
    """

    one: Generation
    depth: int
    parent: Generation | None
    beside: Generation | None
    words: tuple[Words, ...]
    settings: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def name(self) -> str:
        """The number in the ledger."""
        return f"#{self.one.id}"


def steps_of(family: Family) -> list[Told]:
    """Return the images in the order in which a tree is read: parents, then what is below."""
    found: list[Told] = []
    left = list(_level(family, None))
    while left:  # a chain of edits may be longer than calls can be deep
        above, before, one = left.pop()
        found.append(_told(family, above, before, one))
        left += _level(family, found[-1])
    return found


def _level(
    family: Family, above: Told | None
) -> Sequence[tuple[Told | None, Sequence[Generation], Generation]]:
    """Return what stands below an image, last one first, each with its elder siblings."""
    level = family.children(above.one) if above else family.roots()
    return [(above, level[:n], one) for n, one in enumerate(level)][::-1]


def _told(
    family: Family, above: Told | None, before: Sequence[Generation], one: Generation
) -> Told:
    parent = above.one if above else None
    near = (*reversed(before), *((parent,) if parent else ()))
    beside, words = _most_alike(near, one)
    return Told(
        one,
        above.depth + 1 if above else 0,
        parent,
        beside,
        words,
        _settings(parent, one),
        _others(family, parent, one),
    )


def _most_alike(
    near: Sequence[Generation], one: Generation
) -> tuple[Generation | None, tuple[Words, ...]]:
    """Return the image whose prompt is the most alike, and the difference, if it is enough."""
    found = [(other, words_between(other.request.prompt, one.request.prompt)) for other in near]
    other, words = max(found, key=lambda pair: _share(pair[1]), default=(None, ()))
    return (other, words) if _share(words) >= _ALIKE else (None, ())


def _share(words: Sequence[Words]) -> float:
    """Return how much of the longer of two prompts is in both."""
    longer = max(sum(len(w.left) for w in words), sum(len(w.right) for w in words))
    return sum(len(w.left) for w in words if w.same) / longer if longer else 0.0


def _settings(parent: Generation | None, one: Generation) -> tuple[str, ...]:
    if parent is None:
        named = wording.settings_of(one.request)
        return tuple(words for name, words in named.items() if name != "images")
    hidden = ("images", "bytes of the images")
    found = difference(parent, one).settings
    return tuple(_setting(s.name, s.right) for s in found if s.name not in hidden)


def _setting(name: str, value: str | None) -> str:
    if value is None:
        return f"no {name}"
    return f"{name} {value}" if name == "repeat" else value


def _others(family: Family, parent: Generation | None, one: Generation) -> tuple[str, ...]:
    """Return the references beside the parent: members by number, the rest by name."""
    known = {above.sha256: above for above in family.parents(one)}
    first = parent.sha256 if parent else None
    rest = [image for image in one.request.images if image.sha256 is None or image.sha256 != first]
    return tuple(
        f"#{known[image.sha256].id}" if image.sha256 in known else _name(image) for image in rest
    )


def _name(image: ReferenceImage) -> str:
    return wording.cut(public_url(image.name or image.url or "another picture"), 60)
