"""The next step from an image, and a branch of such steps made again in other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nanobanana_nb import faces
from nanobanana_nb.errors import InputError, NanobananaError, ReferenceImageError
from nanobanana_nb.model.lineage import Step, reworded
from nanobanana_nb.model.plan import Cell, Plan
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.terms import Terms
from nanobanana_nb.run.references import reference
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.grid import ImageGrid

_BY_ARGUMENT = "`max_credits=N` allows it."


def edit(generation: Generation, prompt: str, *, images: Any = (), **options: Any) -> ImageGrid:
    """Make an image from another; its bytes are the first reference image.

    Model, shape, format and privacy are those of the other image unless `options` say
    otherwise; another model takes none of the settings over. Raises what `generate` raises.
    """
    asked = generation.request
    kept: dict[str, Any] = {"private": asked.private}
    if options.get("model") in (None, asked.model):
        kept |= {"model": asked.model, **dict(asked.parameters)}
    given = {name: value for name, value in options.items() if name != "model" or value}
    references = [generation, *faces.several(images)]
    return faces.generate(prompt, images=references, **{**kept, **given})


def replay(
    generation: Generation,
    words: Mapping[str, str],
    *,
    max_credits: float | None = None,
    provider: str | None = None,
) -> ImageGrid:
    """Make the branch that led to an image again, with words of its prompts replaced.

    Steps before the first changed one stay; each later one is made from the new image before
    it. What the ledger has already is free. The bill of all steps is checked before the first,
    and above the setting `confirm_above` it sends nothing unless `max_credits` allows it.

    Returns:
        the last image; `%nanobanana tree` shows the branch.

    Raises:
        InputError: the ledger does not know the image, or no prompt has such a word.
        ReferenceImageError: a reference image of the branch is kept nowhere.
        BudgetError: the bill is above what is allowed: nothing was sent.
        NanobananaError: a step failed; those before it are kept.
    """
    session = faces.session_for(provider)
    steps = _steps(session, generation, words)
    _check_bill(session, steps, max_credits)
    return _made(session, steps)


def _steps(session: Session, generation: Generation, words: Mapping[str, str]) -> tuple[Step, ...]:
    """Return what is to be asked for, its reference images at hand."""
    if generation.id is None:
        raise InputError("The ledger does not know this image", action="Make it once again.")
    found = reworded(session.ledger.family(generation).chain(), words)
    held = {i.identity: i for i in generation.request.images if i.data is not None}
    return tuple(_ready(session, step, held) for step in found)


def _ready(session: Session, step: Step, held: Mapping[str, ReferenceImage]) -> Step:
    """Return the step for the service that answers now, with all that it needs of its images."""
    images = [
        image
        if image.complete or image.origin == step.parent is not None
        else held.get(image.identity) or _kept(session, image)
        for image in step.request.images
    ]
    provider = session.provider.name
    return replace(step, request=replace(step.request, provider=provider, images=tuple(images)))


def _kept(session: Session, image: ReferenceImage) -> ReferenceImage:
    """Return a reference image with its bytes, which the ledger has if it made them itself."""
    data = session.ledger.images.data(image.origin) if image.origin else None
    if data is None:
        raise ReferenceImageError(
            f"The reference image {image} of this branch is not at hand any more",
            why="the ledger keeps the images that were made, and no others",
            action="Make the first changed step by hand, then `edit` it.",
        )
    return reference(data, image.name)


def _check_bill(session: Session, steps: Sequence[Step], max_credits: float | None) -> None:
    """Refuse a branch that costs more than is allowed; what it has already is free."""
    paid = _begun(session, steps)
    cells = tuple(Cell(step.request) for step in steps[paid:])
    if not cells:
        return
    above = session.settings.confirm_above if max_credits is None else None
    terms = Terms(
        fresh=True,
        max_credits=max_credits,
        confirm_above=above,
        to_confirm=_BY_ARGUMENT,
        notebook=faces.notebook(),
    )
    session.bridge.run(session.check(Plan(cells, cells[-1].request.prompt), terms))


def _begun(session: Session, steps: Sequence[Step]) -> int:
    """Return how many of the first steps the ledger has images of."""
    made = None
    for count, step in enumerate(steps):
        found = session.ledger.find(step.after(made).fingerprint())
        if found is None or not found.ok:
            return count
        made = reference(found)
    return len(steps)


def _made(session: Session, steps: Sequence[Step]) -> ImageGrid:
    made = None
    for count, step in enumerate(steps, 1):
        request = step.after(made)
        try:
            grid = _one(session, request)
        except NanobananaError as error:
            error.add_note(f"Step {count} of {len(steps)}; those before it are kept.")
            raise
        made = reference(grid.one)
    return grid


def _one(session: Session, request: GenerationRequest) -> ImageGrid:
    plan = Plan((Cell(request),), request.prompt)
    return faces.follow(faces.start(session, plan, Terms()))
