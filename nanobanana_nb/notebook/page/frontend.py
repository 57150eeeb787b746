"""Who is there to click: a person at a page, Voilà's page, Colab's, or nobody."""

from __future__ import annotations

import os
import sys
from typing import Any


def in_voila() -> bool:
    """Whether Voilà runs this kernel: its page shows widgets, and no output that comes later."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


def in_colab() -> bool:
    """Whether Colab runs this kernel: its page shows no widgets of ours, and opens no file."""
    return "google.colab" in sys.modules


def somebody_clicks(shell: Any) -> bool:
    """Whether a page shows widgets. A run without a person (nbclient, papermill) has none."""
    kernel = getattr(shell, "kernel", None)
    return in_voila() or bool(getattr(kernel, "_allow_stdin", True))
