"""The small words in the corner of every picture."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter

from nanobanana_nb.simulator.painting.fonts import font, typeset

_MOST_CHARS = 44
_WIDEST = 31  # of the longest words, in heights of their letters


def letter(image: Image.Image, prompt: str, *, over_older: bool = False) -> None:
    """Write SIMULATED and the prompt's first words into the lower left corner.

    ``over_older`` blurs the words that a simulated picture has there already.
    """
    unit = min(image.size)
    size = max(11, round(unit * 0.021))
    words = " ".join("".join(c if c.isprintable() else " " for c in prompt).split())
    if len(words) > _MOST_CHARS:
        words = words[: _MOST_CHARS - 1].rstrip() + "…"
    text, name = _caption(words)
    face = font(name, size)
    pen = ImageDraw.Draw(image, "RGBA")
    while len(text) > 12 and pen.textlength(text, face) > image.width - 3 * size:
        text = text[:-2].rstrip() + "…"
    left, top, right, bottom = pen.textbbox((0, 0), text, face)
    x, y = size, image.height - size - (bottom - top)
    pad = size * 0.45
    box = (x - pad, y - pad, x + right - left + pad, y + bottom - top + pad)
    if over_older:
        _frost(image, min(image.width, size * _WIDEST), y - 2 * pad, size)
    pen.rounded_rectangle(box, radius=pad, fill=(12, 12, 20, 150))
    pen.text((x - left, y - top), text, (255, 255, 255, 235), face)


def _caption(words: str) -> tuple[str, str]:
    """The text and its font; words that no font has are left out."""
    every, known = words.split(), [word for word in words.split() if typeset(word)]
    captions = (f"SIMULATED  ·  {' '.join(part)}" for part in (every, known) if part)
    return next(filter(None, map(typeset, captions)), ("SIMULATED", ""))


def _frost(image: Image.Image, width: float, top: float, size: int) -> None:
    """Blur the lower left corner, fading out upwards and to the right."""
    box = (0, round(top - size), min(image.width, round(width + 2 * size)), image.height)
    mask = Image.new("L", (box[2], box[3] - box[1]))
    ImageDraw.Draw(mask).rectangle((0, size, width, mask.height), fill=255)
    soft = image.crop(box).filter(ImageFilter.GaussianBlur(size * 0.9))
    image.paste(soft, box[:2], mask.filter(ImageFilter.GaussianBlur(size * 0.3)))
