"""`nanobanana adopt` and `nanobanana forget`."""

from __future__ import annotations

from argparse import Namespace

from nanobanana_nb.cli.answer import Answer, note
from nanobanana_nb.cli.json_values import grid_value, image_value
from nanobanana_nb.notebook.commands import access, keeping


def adopt(options: Namespace) -> Answer:
    """Take a task that was made elsewhere into the ledger, and fetch its image."""
    from nanobanana_nb.cli.billed_run import followed, originals, tell

    session = access.session()
    if known := keeping.known_task(session, options.task_id):
        note(keeping.known_words(known).replace("`", ""))
        return Answer({"images": [image_value(known)]}, str(known.path or ""))
    number, untold = keeping.take_in(session, options.task_id, options.name)
    note(untold)
    (job,) = session.resume_grids([str(number)])
    grid, code = followed(job)
    tell(grid)
    return Answer(grid_value(grid), "\n".join(map(str, originals(grid))), code)


def forget(options: Namespace) -> Answer:
    """Remove picture and words of an image for good."""
    report = keeping.forget(options.name, options.yes)
    return Answer({"forgotten": options.name}, repr(report))
