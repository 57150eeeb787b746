"""One thing that Tab may write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Suggestion:
    """What may stand in place of what is being written.

    Attributes:
        text: takes the place of the last `length` characters in front of the cursor.
        kind: one word for what it is; JupyterLab shows it beside the text.
    """

    text: str
    length: int
    kind: str


def beginning_with(beginning: str, texts: Iterable[object], kind: str) -> list[Suggestion]:
    """Return those of the texts that go on from a beginning, whatever its case."""
    start = beginning.casefold()
    fitting = [text for text in map(str, texts) if text.casefold().startswith(start)]
    return [Suggestion(text, len(beginning), kind) for text in dict.fromkeys(fitting)]
