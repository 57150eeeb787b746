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
    chain = reworded(session.ledger.family(generation).chain(), words)
    images = {i.identity: i for i in generation.request.images if i.data is not None}
    return tuple(_completed(session, step, images) for step in chain)


def _completed(session: Session, step: Step, at_hand: Mapping[str, ReferenceImage]) -> Step:
    """Return the step for the service that answers now, with all that it needs of its images."""

    def with_bytes(image: ReferenceImage) -> ReferenceImage:
        is_parent = step.parent is not None and image.sha256 == step.parent
        if image.complete or is_parent:
            return image
        return at_hand.get(image.identity) or _from_ledger(session, image)

    images = tuple(map(with_bytes, step.request.images))
    return replace(
        step, request=replace(step.request, provider=session.provider.name, images=images)
    )


def _from_ledger(session: Session, image: ReferenceImage) -> ReferenceImage:
    """Return a reference image with its bytes, which the ledger has if it made them itself."""
    data = session.ledger.images.data(image.sha256) if image.sha256 else None
    if data is None:
        raise ReferenceImageError(
            f"The reference image {image} of this branch is not at hand any more",
            why="the ledger keeps the images that were made, and no others",
            action="Make the first changed step by hand, then `edit` it.",
        )
    return reference(data, image.name)


def count_of_images(session: Session, steps: Sequence[Step]) -> int:
    """Return how many of the first steps the ledger has images of."""
    parent = None
    for count, step in enumerate(steps):
        image = session.ledger.find(step.after(parent).fingerprint())
        if image is None or not image.ok:
            return count
        parent = reference(image)
    return len(steps)
