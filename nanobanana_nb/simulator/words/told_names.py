"""Names that a prompt tells of reference images, "Image 1 shows Mia.": they are not drawn."""

from __future__ import annotations

import re

_TOLD = re.compile(r"\bImages? \d+(?:(?:, | and )\d+)* shows? ([^.\n]+)\.")


def without_names(prompt: str) -> str:
    """The prompt without these sentences, and without the names of what the images show."""
    names = _TOLD.findall(prompt)
    text = _TOLD.sub("", prompt)
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", text)
    return text.strip() if names else prompt
