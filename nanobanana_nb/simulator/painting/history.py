"""What made a reference image: the prompts, and the seed of a picture that can be drawn again."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from functools import reduce

from PIL import Image

from nanobanana_nb.simulator.tasks import Reference
from nanobanana_nb.simulator.words.reading import Reading, read
from nanobanana_nb.simulator.words.revision import revised

_MOST_BYTES = 60_000  # a JPEG has room for 64 kB of comment


@dataclass(frozen=True)
class History:
    """The prompts that made a picture, the oldest first; none where it is the user's own.

    ``seed`` is that of the first, and "" where no drawing began it, or prints hang in it.
    """

    prompts: tuple[str, ...] = ()
    seed: str = ""

    def reading(self) -> Reading:
        """What the prompts say together, each a change of those before it."""
        first, *edits = map(read, self.prompts)
        return reduce(revised, edits, first)

    def comment(self) -> bytes:
        """The history as the comment of a JPEG; the oldest prompts go where it is too long."""
        data = json.dumps(asdict(self)).encode()
        if len(data) <= _MOST_BYTES:
            return data
        return History(self.prompts[1:]).comment()


def history_of(reference: Reference) -> History:
    """The history that a reference image brings along."""
    if not reference.image:
        return History()
    with Image.open(io.BytesIO(reference.image)) as image:
        comment = bytes(image.info.get("comment", b"")).decode("utf-8", "replace")
    try:
        record = json.loads(comment)
        return History(tuple(record["prompts"]), record["seed"])
    except (ValueError, TypeError, KeyError):  # of an older simulator: a prompt a line
        return History(tuple(comment.splitlines()))
