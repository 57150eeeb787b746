"""Colour profiles: what a picture's numbers mean, said in sRGB."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from nanobanana_nb.images.chunks import named_profile

MADE_SRGB = "made sRGB"
UNFIT = "without a colour profile that does not fit"
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
_BLACK_POINT = 0x2000  # of the colour engine: the darkest ink is black
_NEAR = 2  # levels of 255 that rounding may differ by


def in_srgb(image: Any) -> tuple[Any, tuple[str, ...]]:
    """Return an image of the mode L, LA, RGB, RGBA or CMYK in sRGB, and what was changed.

    A profile of other colours than the image has, or one that cannot be read, does not count.
    """
    profile = profile_of(image)
    mode = image.mode.removesuffix("A")
    transform = _transform(profile, mode) if profile else None
    unfit = (UNFIT,) if image.info.get("icc_profile") and transform is None else ()
    if transform is None:
        is_ink = image.mode == "CMYK"
        return (image.convert("RGB"), (MADE_SRGB, *unfit)) if is_ink else (image, unfit)
    if mode != "CMYK" and _is_srgb(transform, mode):
        return image, ()
    changed = transform.apply(image if mode == image.mode else image.convert(mode))
    if image.mode in ("LA", "RGBA"):
        changed.putalpha(image.getchannel("A"))
    return changed, (MADE_SRGB,)


def profile_of(image: Any) -> bytes | None:
    """Return the profile of a Pillow image, or of the colours that its file names otherwise."""
    profile: bytes | None = image.info.get("icc_profile")
    is_grey = image.mode.startswith(("1", "L", "I", "F"))
    return profile or named_profile(image.info, "L" if is_grey else "RGB")


def _transform(profile: bytes, mode: str) -> Any:
    """Return what makes sRGB of an image of this mode, None where the profile is not for it."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space.strip() != _SPACES[mode]:
            return None
        return ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            _BLACK_POINT,  # type: ignore[arg-type] # Pillow 10.1 has no name for it
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _is_srgb(transform: Any, mode: str) -> bool:
    """Whether colours from all over the range stay as they are."""
    from PIL import Image, ImageChops

    steps = range(0, 256, 51)
    if mode == "L":
        colours = Image.frombytes("L", (256, 1), bytes(range(256)))
    else:
        cube = bytes(v for r in steps for g in steps for b in steps for v in (r, g, b))
        colours = Image.frombytes("RGB", (len(cube) // 3, 1), cube)
    changed = transform.apply(colours)
    difference = ImageChops.difference(changed, colours.convert("RGB"))
    return max(difference.tobytes()) <= _NEAR
