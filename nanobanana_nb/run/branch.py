"""A branch of edits in other words: its steps with all that they need, and what is paid of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nanobanana_nb.errors import InputError, ReferenceImageError
from nanobanana_nb.model.lineage import Step, reworded
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.run.session import Session


def steps(session: Session, generation: Generation, words: Mapping[str, str]) -> tuple[Step, ...]:
    """Return what is to be asked for, its reference images at hand.

    Raises:
        InputError: the ledger does not know the image, or no prompt has such a word.
        ReferenceImageError: a reference image of the branch is kept nowhere.
    """
    if generation.id is None:
        raise InputError("The ledger does not know this image", action="Make it once again.")
    found = reworded(session.ledger.family(generation).chain(), words)
    held = {i.identity: i for i in generation.request.images if i.data is not None}
    return tuple(_ready(session, step, held) for step in found)


def _ready(session: Session, step: Step, held: Mapping[str, ReferenceImage]) -> Step:
    """Return the step for the service that answers now, with all that it needs of its images."""

    def at_hand(image: ReferenceImage) -> ReferenceImage:
        made_before = step.parent is not None and image.sha256 == step.parent
        if image.complete or made_before:
            return image
        return held.get(image.identity) or _kept(session, image)

    images = tuple(map(at_hand, step.request.images))
    return replace(
        step, request=replace(step.request, provider=session.provider.name, images=images)
    )


def _kept(session: Session, image: ReferenceImage) -> ReferenceImage:
    """Return a reference image with its bytes, which the ledger has if it made them itself."""
    data = session.ledger.images.data(image.sha256) if image.sha256 else None
    if data is None:
        raise ReferenceImageError(
            f"The reference image {image} of this branch is not at hand any more",
            why="the ledger keeps the images that were made, and no others",
            action="Make the first changed step by hand, then `edit` it.",
        )
    return reference(data, image.name)


def begun(session: Session, steps: Sequence[Step]) -> int:
    """Return how many of the first steps the ledger has images of."""
    made = None
    for count, step in enumerate(steps):
        found = session.ledger.find(step.after(made).fingerprint())
        if found is None or not found.ok:
            return count
        made = reference(found)
    return len(steps)
