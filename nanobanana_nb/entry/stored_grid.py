"""A grid that was run before, as the ledger has it."""

from __future__ import annotations

from nanobanana_nb.entry import launch
from nanobanana_nb.entry.front import front
from nanobanana_nb.errors import InputError
from nanobanana_nb.run import recall
from nanobanana_nb.run.ledger_images import LedgerImages
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.grid import ImageGrid


def kept_grid(session: Session, name: str) -> ImageGrid:
    """Return a grid that was run before, as the ledger has it now.

    Args:
        name: the number of its plan, with or without a `g` before it.

    Raises:
        InputError: there is no such plan.
    """
    number = name.removeprefix("g")
    is_number = number.isascii() and number.isdigit() and len(number) < 12
    row = session.ledger.plans.get(int(number)) if is_number else None
    if row is None:
        action = "`%nanobanana grid` lists those that were run."
        raise InputError(f"The ledger knows no grid {name!r}", action=action)
    session.ledger.claims.recover()
    stored, images = recall.stored_grid(session.ledger, row)
    return ImageGrid(
        images,
        stored,
        links=front().links(session.settings),
        runner=launch.Runner(session),
        number=row.id,
        opinions=session.ledger,
        source=LedgerImages(session.ledger, images),
    )
