"""Names of files that a person reads, of what a person wrote and a hash."""

from __future__ import annotations

import re

_MOST_BYTES = 40  # of the words


def file_name(prompt: str, sha256: str, suffix: str) -> str:
    """Return a readable name: the prompt's first words and the beginning of the hash."""
    readable = re.sub(r"[\W_]+", "-", prompt.lower()).encode("utf-8", "ignore")
    words = readable[:_MOST_BYTES].decode("utf-8", "ignore").strip("-")
    return f"{words or 'image'}-{sha256[:8]}{suffix}"
