"""What names an image in somebody's table: what it is, its task, its file, its number, its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import described
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html.wording import cut

SHA256, TASK, FILE, NUMBER, ID = "sha256", "task id", "file name", "number", "id"
TRUST = (SHA256, TASK, FILE, NUMBER, ID)  # a part of a grid has other numbers than the whole
NUMBER_HEADERS = frozenset(("", "#", "image", "index", "no", "nr", "number", "position"))
_HEADERS = {SHA256: ("sha256",), TASK: ("task_id", "task id")}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SAVED = re.compile(r"-([0-9a-f]{8})\.\w+$")  # what the names of saved files end with
_WHOLE = re.compile(r"#?(\d+)(\.0+)?$")


class ImageLabels:
    """The images of a grid by all that may name them."""

    def __init__(self, images: Sequence[Generation]) -> None:
        self._count = len(images)
        self._places: dict[str, Mapping[str, int]] = {
            SHA256: _by(image.sha256 for image in images),
            TASK: _by(image.task_id for image in images),
            FILE: {
                **_by(image.sha256 and image.sha256[:8] for image in images),
                **_by(image.path and image.path.name for image in images),
            },
            NUMBER: {str(place): place for place in range(len(images))},
            ID: _by(image.id for image in images),
        }

    def kind(self, header: Any, labels: Sequence[Any]) -> str | None:
        """Return what the labels under a header are, None where they name no images.

        Whole numbers are numbers in the grid, or ids where the header says so. Hashes are what
        they are, whether they name images of this grid or, as in the table of a larger one, others.
        """
        name = str(header).strip().rstrip(".").lower()
        if labels and all(_SHA256.fullmatch(str(label).strip()) for label in labels):
            return SHA256
        for kind in (SHA256, TASK, FILE):
            known = bool(labels) and all(_key(kind, n) in self._places[kind] for n in labels)
            if known or (labels and name in _HEADERS.get(kind, ())):
                return kind
        if not labels or not all(map(_is_whole, labels)):
            return None
        if name == ID:
            return ID
        return NUMBER if header is None or name in NUMBER_HEADERS else None

    def places(self, kind: str, labels: Sequence[Any]) -> list[int | None]:
        """Return where the images stand; None for one of a grid that this one is a part of.

        Hashes and tasks alone name such: whole tables have them, and what they mean is certain.

        Raises:
            InputError: a label names none.
        """
        keys, known = [_key(kind, label) for label in labels], self._places[kind]
        strangers = [n for n, key in enumerate(keys) if key not in known]
        if strangers and (kind not in _HEADERS or len(strangers) == len(keys)):
            raise self._unknown(kind, labels[strangers[0]], set(keys))
        return [known.get(key) for key in keys]

    def _unknown(self, kind: str, label: Any, keys: set[str]) -> InputError:
        text = cut(label, 60) if isinstance(label, str) else described(label)
        numbers = f"its numbers are 0 to {self._count - 1}"
        why = numbers if kind == NUMBER else ""
        from_one = kind == NUMBER and keys == {str(n + 1) for n in range(self._count)}
        action = "Numbers begin at 0: take 1 from each." if from_one else WAYS
        return InputError(f"{text} names no image of this grid", why=why, action=action)


WAYS = (
    "Images go by number in the grid, from 0 on, by file name, task id or sha256, or by the values"
    " of all axes and the repeat."
)


def numbers_at(
    places: Sequence[int | None], values: Sequence[float | None], labels: Sequence[Any]
) -> dict[int, float | None]:
    """Return the values by place; images that are equal, byte for byte, have one.

    Raises:
        InputError: there are two numbers for a place.
    """
    numbers: dict[int, float | None] = {}
    for place, value, label in zip(places, values, labels, strict=True):
        if place is None or (value is None and place in numbers):
            continue
        if numbers.get(place) not in (None, value):
            why = f"there are several for {cut(label, 40)}"
            raise InputError("There is more than one number for an image", why=why, action="")
        numbers[place] = value
    return numbers


def _by(names: Iterable[object]) -> dict[str, int]:
    return {str(name): place for place, name in enumerate(names) if name is not None}


def _is_whole(label: Any) -> bool:
    return bool(_WHOLE.match(str(label).strip()))


def _key(kind: str, label: Any) -> str:
    """Return how a label is written in the kind's own way."""
    text = str(label).strip()
    if kind == FILE:
        name = re.split(r"[/\\]", text)[-1]
        saved = _SAVED.search(name)
        return saved[1] if saved else name
    whole = _WHOLE.match(text) if kind in (NUMBER, ID) else None
    return str(int(whole[1])) if whole else text
