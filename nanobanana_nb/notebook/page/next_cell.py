"""The cell that goes on from an image: its text to copy, or put into the notebook."""

from __future__ import annotations

from dataclasses import replace

from IPython.core.getipython import get_ipython

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page.closable import Message
from nanobanana_nb.settings import config

OFFERED = "The next step as a cell: change its prompt, then run it."


def offer(image: Generation) -> Message:
    """Return the text of the cell, for a person to copy.

    Raises:
        LedgerError: the image's file is not there.
        InputError: what was asked for cannot stand in a cell.
    """
    return {"kind": "cell", "text": OFFERED, "cell": cell_from(image)}


def insert(image: Generation) -> Message:
    """Put the cell below the next one that is run, which is when a front end takes it."""
    from nanobanana_nb.notebook.panel.cell_box import INSERTED

    get_ipython().set_next_input(cell_from(image))
    return {"kind": "said", "text": INSERTED}


def cell_from(image: Generation) -> str:
    """Return a cell that asks for what the image was asked for, with the image as reference."""
    from nanobanana_nb.notebook.magic.cell_text import as_cell, spec_of
    from nanobanana_nb.notebook.panel.file_upload import path_of

    settings = config.load(None, config.CONFIGURED).settings
    spec, _ = spec_of(image)
    private = {"private": True} if image.request.private else {}
    options = {**spec.options, **private}
    return as_cell(replace(spec, options=options, references=(path_of(image, settings),)))
