"""The small words in the corner of every picture."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

_MOST_CHARS = 44


def letter(image: Image.Image, prompt: str) -> None:
    """Write SIMULATED and the prompt's first words into the lower left corner."""
    unit = min(image.size)
    size = max(11, round(unit * 0.021))
    font = ImageFont.load_default(size)
    words = " ".join("".join(c if c.isprintable() else " " for c in prompt).split())
    if len(words) > _MOST_CHARS:
        words = words[: _MOST_CHARS - 1].rstrip() + "…"
    text = f"SIMULATED  ·  {words}"
    pen = ImageDraw.Draw(image, "RGBA")
    while len(text) > 12 and pen.textlength(text, font) > image.width - 3 * size:
        text = text[:-2].rstrip() + "…"
    left, top, right, bottom = pen.textbbox((0, 0), text, font)
    x, y = size, image.height - size - (bottom - top)
    pad = size * 0.45
    box = (x - pad, y - pad, x + right - left + pad, y + bottom - top + pad)
    pen.rounded_rectangle(box, radius=pad, fill=(12, 12, 20, 150))
    pen.text((x - left, y - top), text, (255, 255, 255, 235), font)
