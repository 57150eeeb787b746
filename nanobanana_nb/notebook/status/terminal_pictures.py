"""Pictures under the text of a result, where a terminal can show them.

Which terminal that is the environment tells, or the setting: a terminal is never asked, for its
answer may come late and would stand on the next line that is typed.
Sources: sw.kovidgoyal.net/kitty/graphics-protocol, the sixel of the VT340; `textual-image` draws.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from nanobanana_nb.settings import config
from nanobanana_nb.settings.parsing import PICTURE_FORMS

LINES = 20  # of the terminal, at most
_KITTY = ("kitty", "ghostty")
_SIXEL = ("foot", "mlterm", "contour", "iterm", "wezterm")
_BETWEEN = ("TMUX", "STY")  # tmux and screen pass no pictures on by themselves


def install(shell: Any) -> None:
    """Let results that a cell of a terminal ends with show their picture under their text."""
    if getattr(shell, "kernel", None) is None and _is_terminal():
        shell.events.register("post_run_cell", _show_value)


def remove(shell: Any) -> None:
    """Take back what `install` did."""
    if _show_value in shell.events.callbacks["post_run_cell"]:
        shell.events.unregister("post_run_cell", _show_value)


def show_picture(value: Any) -> None:
    """Draw an image or a grid at the standard output, if that can show it."""
    form = _form()
    if form is None or not hasattr(value, "_repr_mimebundle_") or not _tells_pixels():
        return
    forms = value._repr_mimebundle_(include={"image/jpeg"})
    if data := forms.get("image/jpeg"):
        _draw(base64.b64decode(data), form)


def form_of(environ: Mapping[str, str]) -> str | None:
    """Return the form of pictures that the terminal of an environment knows, None for none."""
    if any(environ.get(name) for name in _BETWEEN):
        return None
    names = f"{environ.get('TERM', '')} {environ.get('TERM_PROGRAM', '')}".lower()
    if environ.get("KITTY_WINDOW_ID") or any(name in names for name in _KITTY):
        return "kitty"
    return "sixel" if any(name in names for name in _SIXEL) else None


def _show_value(result: Any) -> None:
    value = getattr(result, "result", None)
    if type(value).__module__ == "nanobanana_nb":
        show_picture(value)


def _form() -> str | None:
    chosen = config.load(None, config.CONFIGURED).settings.terminal_pictures
    if chosen == "off" or not _is_terminal():
        return None
    assert chosen in PICTURE_FORMS
    return form_of(os.environ) if chosen == "auto" else chosen


def _is_terminal() -> bool:
    out = sys.__stdout__
    return out is not None and out is sys.stdout and out.isatty()


def _tells_pixels() -> bool:
    """Whether the system knows the terminal's size in pixels: else the library would ask it."""
    try:
        import fcntl
        import struct
        import termios
    except ImportError:  # Windows
        return False
    try:
        size = fcntl.ioctl(sys.__stdout__, termios.TIOCGWINSZ, bytes(8))  # type: ignore[arg-type]
    except OSError:
        return False
    return all(struct.unpack("HHHH", size))


def _draw(data: bytes, form: str) -> None:
    """Draw a picture; without the library nothing is drawn."""
    try:
        kind = _kind(form)
        from rich.console import Console
    except ImportError:
        return
    lines = min(LINES, max(1, shutil.get_terminal_size().lines - 4))
    Console(file=sys.__stdout__).print(kind(BytesIO(data), width="auto", height=lines))


def _kind(form: str) -> Any:
    """Return the library's class for a form. When it is imported it would ask the terminal."""
    out = sys.__stdout__
    sys.__stdout__ = None  # type: ignore[misc]
    try:
        from textual_image.renderable import SixelImage, TGPImage
    finally:
        sys.__stdout__ = out  # type: ignore[misc]
    return TGPImage if form == "kitty" else SixelImage
