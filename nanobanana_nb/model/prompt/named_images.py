"""What the model is told of reference images that have a name: which of them shows whom.

The public guides to these models name reference images by their number, in plain words. The words
stand below the prompt: what people recognise it by stays in front.
"""

from __future__ import annotations

from collections.abc import Sequence

from nanobanana_nb.model.request import ReferenceImage


def with_names(prompt: str, images: Sequence[ReferenceImage]) -> str:
    """Return the prompt followed by who or what the named images show."""
    numbers: dict[str, list[str]] = {}
    for number, image in enumerate(images, 1):
        if image.shows:
            numbers.setdefault(image.shows, []).append(str(number))
    sentences = [_sentence(name, places) for name, places in numbers.items()]
    return f"{prompt}\n\n{' '.join(sentences)}" if sentences else prompt


def names_of(images: Sequence[ReferenceImage]) -> tuple[str, ...]:
    """Return who or what the images show, each once."""
    return tuple(dict.fromkeys(image.shows for image in images if image.shows))


def _sentence(name: str, numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"Image {numbers[0]} shows {name}."
    return f"Images {', '.join(numbers[:-1])} and {numbers[-1]} show {name}."
