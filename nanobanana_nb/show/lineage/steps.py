"""What a tree of edits says of each image: what was asked, unlike what, and made from what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nanobanana_nb.model.lineage import Family
from nanobanana_nb.model.result import Generation
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.lineage.diff import Words, difference, words_between

MOST_STEPS = 60
_ALIKE = 0.4  # of two prompts: with less in common, a difference is harder to read than both


@dataclass(frozen=True)
class Step:
    """One image of a tree. `depth` counts from 0, the roots, which have no `parent`.

    `beside` is the image whose prompt is the most alike, None where none is; `words` are the
    two prompts in pieces. `settings` are those in which it differs from its parent, `others`
    what it was made from beside it.
    """

    image: Generation
    depth: int
    parent: Generation | None
    beside: Generation | None
    words: tuple[Words, ...]
    settings: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def name(self) -> str:
        """The image by its id in the ledger: numbers like #3 are those of a grid."""
        return ledger_name(self.image)


def ledger_name(image: Generation) -> str:
    """Return `id 12`, as the history calls an image."""
    return f"id {image.id}"


def steps_of(family: Family) -> list[Step]:
    """Return the images in the order in which a tree is read: parents, then what is below."""
    steps: list[Step] = []
    left = list(_level(family, None))
    while left:  # a chain of edits may be longer than calls can be deep
        above, before, image = left.pop()
        steps.append(_step(family, above, before, image))
        left += _level(family, steps[-1])
    return steps


def _level(
    family: Family, above: Step | None
) -> Sequence[tuple[Step | None, Sequence[Generation], Generation]]:
    """Return what stands below an image, last one first, each with its elder siblings."""
    level = family.children(above.image) if above else family.roots()
    return [(above, level[:n], image) for n, image in enumerate(level)][::-1]


def _step(
    family: Family, above: Step | None, before: Sequence[Generation], image: Generation
) -> Step:
    parent = above.image if above else None
    near = (*reversed(before), *((parent,) if parent else ()))
    beside, words = _most_alike(near, image)
    return Step(
        image,
        above.depth + 1 if above else 0,
        parent,
        beside,
        words,
        _settings(parent, image),
        _others(family, parent, image),
    )


def _most_alike(
    near: Sequence[Generation], image: Generation
) -> tuple[Generation | None, tuple[Words, ...]]:
    """Return the image whose prompt is the most alike, and the difference, if it is enough."""
    pairs = [(other, words_between(other.request.prompt, image.request.prompt)) for other in near]
    other, words = max(pairs, key=lambda pair: _share(pair[1]), default=(None, ()))
    return (other, words) if _share(words) >= _ALIKE else (None, ())


def _share(words: Sequence[Words]) -> float:
    """Return how much of the longer of two prompts is in both."""
    longer = max(sum(len(w.left) for w in words), sum(len(w.right) for w in words))
    return sum(len(w.left) for w in words if w.same) / longer if longer else 0.0


def _settings(parent: Generation | None, image: Generation) -> tuple[str, ...]:
    if parent is None:
        named = wording.settings_of(image.request)
        return tuple(words for name, words in named.items() if name != "images")
    hidden = ("images", "bytes of the images")
    settings = difference(parent, image).settings
    return tuple(_setting(s.name, s.right) for s in settings if s.name not in hidden)


def _setting(name: str, value: str | None) -> str:
    if value is None:
        return f"no {name}"
    return f"{name} {value}" if name == "repeat" else value


def _others(family: Family, parent: Generation | None, image: Generation) -> tuple[str, ...]:
    """Return the references beside the parent: members by id, the rest by name."""
    known = {above.sha256: above for above in family.parents(image)}
    first = parent.sha256 if parent else None
    return tuple(
        ledger_name(known[reference.sha256])
        if reference.sha256 in known
        else wording.cut(public_url(reference.name or reference.url or "another picture"), 60)
        for reference in image.request.images
        if reference.sha256 is None or reference.sha256 != first
    )
