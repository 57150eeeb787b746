"""A blind vote in a widget; the ranks stand in its place afterwards."""

from __future__ import annotations

import base64
import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.arguments import check_kind
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page.closable import ClosableWidget, has_widgets
from nanobanana_nb.notebook.page.output import sentence
from nanobanana_nb.show.arrange.data import opinions_of
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.judge.ballot import Ballot
from nanobanana_nb.show.judge.ranks import ranks
from nanobanana_nb.show.judge.vote_numbers import FOR_IMAGES, FOR_VALUES

if TYPE_CHECKING:
    from PIL import Image

OPEN = "A vote is open here. Run the cell to go on with it; `grid.ranks()` shows what it says."
_PX, _MOST_BYTES = 900, 200_000
_PICTURES = 24  # that are kept: contenders come up again
_NOTE = 0.066  # of the shorter side: as high is the note below a simulated picture,
_NOTE_PX = 35  # or as many pixels in a small one. It begins the prompt.


def vote(grid: ImageGrid, voter: str = "", by: str | None = None) -> None:
    """Show pairs of the images of a grid, one after the other, until one image leads.

    Args:
        by: an axis; the vote is then about its values, and ends where one of them leads.

    Raises:
        InputError: there are not two images or values, no such axis, no ledger, or no front end
            with widgets.
    """
    check_kind(ImageGrid, grid=grid)
    ballot = Ballot(grid, opinions_of(grid).votes, voter, by=by)
    if not has_widgets():
        raise InputError(
            "A vote wants a front end that shows widgets",
            why="there is nobody to press the keys",
            action="JupyterLab and Notebook 7 do.",
        )
    vote_widget(grid, ballot).show()


def vote_widget(grid: ImageGrid, ballot: Ballot) -> ClosableWidget:
    """Return the vote on a ballot."""
    from nanobanana_nb.notebook.page.widgets import VoteWidget

    widget = VoteWidget(pair=_pair(grid, ballot))

    def handle(message: dict[str, Any]) -> None:
        kind = message.get("kind")
        if kind == "finish":
            open_vote.close()
            return
        if kind == "back":
            ballot.back()
        elif kind == "resume":
            ballot.resume()
        elif kind == "vote" and message.get("number") == ballot.number:  # not a key pressed twice
            ballot.say(str(message.get("outcome")))
        widget.pair = _pair(grid, ballot)

    open_vote = ClosableWidget(widget, handle, lambda: grid.ranks(ballot.by), sentence(OPEN))
    return open_vote


def _pair(grid: ImageGrid, ballot: Ballot) -> dict[str, Any]:
    """Return what the front end gets of the pair: pictures alone, and nothing that names them.

    At the end it is what the votes say.
    """
    pair = ballot.now
    if pair is None:
        return {"verdict": _verdict(grid, ballot)}
    sides = {"left": _picture(pair.left), "right": _picture(pair.right)}
    return {"number": ballot.number, "progress": _progress(ballot), **sides}


def _verdict(grid: ImageGrid, ballot: Ballot) -> str:
    """Return what this person's votes say, and where others have voted what all say."""
    own, together = ranks(grid, ballot.own_votes, ballot.by), grid.ranks(ballot.by)
    if together.voters < 2:
        return together.sentence
    return f"Your votes: {own.sentence} All votes: {together.sentence}"


def _progress(ballot: Ballot) -> str:
    """Return how many votes there are, and what is still to come."""
    votes, count = ballot.votes, len(ballot)
    first, clear = (n * count for n in (FOR_IMAGES if ballot.by is None else FOR_VALUES))
    so_far = f"{_lost(ballot)}{wording.counted(votes, 'vote')} so far"
    if votes < first:
        return f"{so_far}. About {first} give a first answer, about {clear} name a clear leader."
    things = "images" if ballot.by is None else f"values of {wording.cut(ballot.by, 60)}"
    so_far += f": {ballot.contenders} of {count} {things} can still be the best."
    return so_far + (f" A clear leader takes about {clear}." if votes < clear else "")


def _lost(ballot: Ballot) -> str:
    """Return once, with the first pair, that images do not come up."""
    if not ballot.lost or ballot.number > 1:
        return ""
    return (
        f"{ballot.lost} left out: {'its file is' if ballot.lost == 1 else 'their files are'} gone. "
    )


def _picture(generation: Generation) -> str:
    """Return an image as a data URI, an empty text where it cannot be read."""
    assert generation.path is not None
    longest = max(generation.width or 0, generation.height or 0) if generation.simulated else None
    try:
        return _data_uri(generation.path, thumbnail.version(generation.path), longest)
    except OSError:
        return ""


@lru_cache(maxsize=_PICTURES)
def _data_uri(path: Path, _version: tuple[int, int], longest: int | None) -> str:
    image = thumbnail.opened(path, _PX)
    whole = image if longest is None else _without_note(image, longest)
    data = thumbnail.within(whole, _MOST_BYTES)
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"


def _without_note(image: Image.Image, longest: int) -> Image.Image:
    """Return a simulated picture without the note by which it names its prompt.

    Args:
        longest: the longer side of the original.
    """
    scale = max(image.size) / max(longest, *image.size)
    note = max(_NOTE * min(image.size), _NOTE_PX * scale)
    return image.crop((0, 0, image.width, max(1, image.height - math.ceil(note))))
