"""Which names are no input field of a model: options of ours, slips of them, and known wishes.

A service that ignores a field it does not know makes the image and charges for it, so such a
name is refused before anything is sent, at every door alike. The model's own schema goes first: a
field that it has is one. What resembles nothing is the service's to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.options import OPTIONS, Option
from nanobanana_nb.settings.config import VARIABLES
from nanobanana_nb.text.doors import words

# What is ours by its name in Python or in the cell: `place` tells where it goes.
NAMES = ("prompt", "axes", "zipped", "image", *OPTIONS)
_SLIPS = {
    "zipped": ("zip", "zips", "zip_axes", "paired"),
    "repeats": (
        *("n", "num", "count", "number", "num_images", "number_of_images", "n_images"),
        *("images_count", "image_count", "num_outputs", "batch", "batch_size", "num_samples"),
        *("candidate_count", "sample_count", "number_of_outputs"),
        *("repetitions", "times"),
    ),
    "images": (
        *("img", "imgs", "img_urls", "img_url", "image_url", "image_urls", "images_url"),
        *("reference", "references", "reference_image", "reference_images", "ref", "refs"),
        *("init_image", "input_image", "input_images", "image_input", "input_urls", "source_image"),
    ),
    "aspect_ratio": ("ratio", "aspect", "ar", "shape", "aspects", "width", "height"),
    "output_format": ("format", "file_format", "image_format", "fmt", "mime_type", "media_type"),
    "resolution": ("size", "image_size", "res", "output_size", "dimensions"),
    "model": ("model_name", "model_id", "model_version", "engine"),
    "prompt": ("text", "prompts", "template"),
    "callback_url": ("callback", "callbackurl", "webhook", "webhook_url", "notify_url"),
    "max_credits": ("max",),
    "yes": ("confirm", "force", "confirmed"),
    "axes": ("axis", "values", "grid"),
    "sample": ("sampling", "subset"),
    "cols": ("columns", "column", "col"),
    "rows": ("row",),
    "no_wait": ("wait", "nowait"),
}
_MONEY = {"spend", "spending", "cost", "costs", "budget", "price", "credit", "credits", "limit"}
_SECRET = {"key", "apikey", "token", "secret", "password", "authorization", "credential"}
_KEY = "A key is never an input field: `%nanobanana doctor` says where the service's own is set."
_SETTINGS = {
    *("wait", "timeout", "notebook"),
    *(name for name in VARIABLES if name not in NAMES),
    *map(str.casefold, VARIABLES.values()),
}
_SETTING = "It is a setting: `%nanobanana config` lists them and says how to set one."
_BY_SLIP = {slip: name for name, slips in _SLIPS.items() for slip in slips}
_PLACE = "It is a place of the prompt: give its value as a variable, or as an axis."
_SEED = "The service takes no seed: images of one request differ. `sample_seed` is the sampler's."
_MASK = "The service takes no mask: say in the prompt what is to change."
_NEGATIVE = "The service takes none: say in the prompt what it is not to show."
_WISHES = {
    **dict.fromkeys(("seed", "seeds", "random_seed"), _SEED),
    **dict.fromkeys(("mask", "mask_url", "mask_image", "mask_urls", "masks"), _MASK),
    **dict.fromkeys(("negative_prompt", "negative", "neg_prompt"), _NEGATIVE),
    **dict.fromkeys(
        ("steps", "num_inference_steps", "guidance_scale", "guidance", "cfg", "cfg_scale"),
        "The service has no such setting: the prompt is what steers the image.",
    ),
}


def place(name: str) -> str:
    """Return where a value of ours goes that was given as an input field, as one sentence."""
    match name:
        case "prompt":
            return words(
                "The prompt is the first argument, or what stands below the %%nanobanana line.",
                panel="The prompt has a field of its own.",
            )
        case "axes":
            return words(
                "`sweep` and `plan` take it; in a cell it is --vary, or lines below ---.",
                panel=OPTIONS["vary"].place,
            )
        case "zipped":
            return words(
                "`sweep` and `plan` take it; in a cell it is a line `zip: a, b` below ---.",
                panel="Write a line `zip: a, b` below --- under the prompt.",
            )
        case "image":
            return OPTIONS["images"].place
        case _:
            return OPTIONS[name].place


def option_of(name: str) -> Option | None:
    """Return the option that a name below a prompt means, None for none or an input field."""
    plain = name.casefold().replace("-", "_")
    option = OPTIONS.get(_BY_SLIP.get(plain, plain))
    is_field = option is None or option.part == "parameter" or option.name in ("model", "images")
    return None if is_field else option


def check(
    names: Iterable[str],
    model: str,
    fields: Callable[[], Iterable[str]],
    placeholders: Iterable[str] = (),
) -> None:
    """Refuse a name that is meant for us, or nearly one that the model has.

    Args:
        fields: tells what the model takes by its schema; asked only about what nobody knows.
        placeholders: of the prompt, which a name may be a slip of.

    Raises:
        InputError: it tells what was meant.
    """
    unknown = [name for name in names if name not in catalog.FAMILY_FIELDS]
    if not unknown:
        return
    schema, placeholders = set(fields()), set(placeholders)
    open_model = not schema and catalog.full_name(model) not in catalog.MODELS
    for name in unknown:
        if name in schema or (open_model and name in _WISHES):
            continue
        if name in placeholders:
            raise InputError(f"Not sent: {name} is no input field", action=_PLACE)
        if action := _instead(name, (*catalog.FAMILY_FIELDS, *schema, *placeholders)):
            raise InputError(f"Not sent: {name} is no input field", action=action)


def _instead(name: str, fields: Iterable[str]) -> str:
    """Return what to do instead; nothing where the name resembles none."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\W", "_", name).casefold().strip("_")
    words = set(plain.split("_"))
    if name in NAMES:
        return place(name)
    if words & _SECRET:
        return _KEY
    if plain in _SETTINGS:
        return _SETTING
    if words & _MONEY:
        return f"Did you mean max_credits? {place('max_credits')}"
    field = _BY_SLIP.get(plain) or _nearest(plain, (*fields, *NAMES))
    if plain in _WISHES or (field is None and (field := _nearest(plain, _WISHES))):
        return _WISHES.get(plain) or _WISHES[field or ""]
    if field is None:
        return ""
    where = place(field) if field in NAMES else ""
    return where if where.startswith("Use ") else f"Did you mean {field}? {where}".rstrip()


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name that differs in case or signs, or else the most alike of a longer word."""
    bare = {field.casefold().replace("_", ""): field for field in known}
    word = name.replace("_", "")
    if word in bare:
        return bare[word]
    near = get_close_matches(word, bare, 1, 0.8) if len(word) > 3 else []
    return bare[near[0]] if near else None
