"""How many bytes an output may have: the more images, the more, and never too many."""

from __future__ import annotations

HTML_BYTES, SHEET_BYTES = 520_000, 105_000  # of up to thirty images
_FEW = 30


def html_bytes(count: int) -> int:
    """Return the limit of the table: 520 kB for thirty images, 1.1 MB for a hundred."""
    return min(1_100_000, HTML_BYTES + 8_300 * max(0, count - _FEW))


def sheet_bytes(count: int) -> int:
    """Return the limit of the contact sheet: 105 kB for a dozen images, 240 kB for a hundred.

    In base64 it is a third more, so that an output of thirty stays under 700 kB and one of a
    hundred under 1.5 MB.
    """
    return min(240_000, SHEET_BYTES + 1_500 * max(0, count - _FEW))
