"""The models as data: what each takes, what it ignores, how much fits.

Source: the public documents of the CRUN task API. The service is the judge: what is not
in this table is sent with a warning; only half a name is refused here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.text import near_names
from nanobanana_nb.text.doors import words

PREFIX = "google/"
FAMILY = "nano-banana"
RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "auto")
LONG_RATIOS = (*RATIOS, "1:4", "4:1", "1:8", "8:1")
SIZES = ("1K", "2K", "4K")
# What the models of this family may take. One that a model does not take is not sent to it.
FAMILY_FIELDS = ("aspect_ratio", "output_format", "resolution", "google_search")
_RATIO = re.compile(r"[0-9]+(\.[0-9]+)?:[0-9]+(\.[0-9]+)?")
_TWO_NUMBERS = re.compile(r"[^\d.]*([0-9]{1,5})[^\d.]+([0-9]{1,5})[^\d.]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SAME_FORMAT = {"jpg": "jpeg", "jpeg": "jpg"}


@dataclass(frozen=True)
class ModelInfo:
    """What one model takes. Empty `choices` means any value."""

    name: str
    max_images: int
    choices: Mapping[str, tuple[Any, ...]]
    prompt_limit: int = 5000


MODELS: dict[str, ModelInfo] = {
    info.name: info
    for info in (
        ModelInfo(
            "google/nano-banana", 10, {"aspect_ratio": RATIOS, "output_format": ("png", "jpeg")}
        ),
        ModelInfo("google/nano-banana-v2", 10, {"aspect_ratio": RATIOS}),
        ModelInfo(
            "google/nano-banana-2",
            14,
            {
                "aspect_ratio": LONG_RATIOS,
                "resolution": SIZES,
                "output_format": ("png", "jpg"),
                "google_search": (True, False),
            },
            20_000,
        ),
        ModelInfo(
            "google/nano-banana-2-v2",
            14,
            {"aspect_ratio": LONG_RATIOS, "resolution": SIZES},
            20_000,
        ),
        ModelInfo("google/nano-banana-2-lite", 10, {"aspect_ratio": LONG_RATIOS}, 20_000),
        ModelInfo(
            "google/nano-banana-pro",
            8,
            {"aspect_ratio": RATIOS, "resolution": SIZES, "output_format": ("png", "jpg")},
            20_000,
        ),
        ModelInfo(
            "google/nano-banana-pro-v2",
            8,
            {"aspect_ratio": RATIOS, "resolution": SIZES},
            20_000,
        ),
    )
}


@dataclass(frozen=True)
class ModelInput:
    """A request's model and parameters as they go out, and what the person should know."""

    model: str
    parameters: dict[str, Any]
    notes: tuple[str, ...]


def full_name(model: str) -> str:
    """Return the model's whole name where its prefix was left off: the service refuses bare ones.

    That goes for models that came after this table, too. Case counts in none of the known.
    """
    name = model.strip()
    known = {name.casefold(), PREFIX + name.casefold()} & set(MODELS)
    if known:
        return known.pop()
    return PREFIX + name if "/" not in name and FAMILY in name.casefold() else name


def short_name(model: str) -> str:
    """Return a model's name as people write it."""
    return model.removeprefix(PREFIX)


def fit(model: str, parameters: Mapping[str, Any], images: int) -> ModelInput:
    """Fit `parameters` to `model`: drop what it ignores, spell values its way, and warn.

    Raises:
        InputError: a parameter cannot be sent, or the model's name is none, or a slip of one.
    """
    if parameters:
        _check_parameters(parameters)
    _check_text(model)
    name = full_name(model)
    if name.count("/") == 1 and not all(name.split("/")):
        raise InputError(
            f"The model {name} is half a name",
            why=f"it is written like {PREFIX}{FAMILY}",
            action="`%nanobanana models` lists the models.",
        )
    values = {field: value for field, value in parameters.items() if value is not None}
    info = MODELS.get(name)
    if info is None:
        if "/" not in model and (meant := near_names.slip(model, map(short_name, MODELS))):
            raise InputError(
                f"There is no model {model.strip()[:80]} here",
                why=f"did you mean {meant}?",
                action=f"{PREFIX}{model.strip()[:80]} would be sent as it is.",
            )
        near = get_close_matches(name, MODELS, 1, 0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
        form = "as it is" if name == model.strip() else f"as {name}"
        doubt = f"{model.strip()} is not a model known here: sent {form}{hint}"
        return ModelInput(name, values, (doubt,))
    ignored = [f for f in values if f in FAMILY_FIELDS and f not in info.choices]
    notes = [f"{name} does not take {f}: not sent" for f in ignored]
    fields = {f: _spelled(info, f, v) for f, v in values.items() if f not in ignored}
    if "aspect_ratio" in fields:
        _check_ratio(info, fields["aspect_ratio"])
    notes += [note for f, v in fields.items() if (note := _doubt(info, f, v))]
    if images > info.max_images:
        notes.append(f"{images} reference images; {name} may take {info.max_images}")
    return ModelInput(name, fields, tuple(notes))


def check_prompt(prompt: str) -> None:
    """Refuse a prompt that is empty or that no JSON text can hold.

    Raises:
        InputError: it says which.
    """
    if not prompt.strip():
        what = "Write what the image shows"
        action = words(f"{what} under the %%nanobanana line.", python=f"{what}.", panel=f"{what}.")
        raise InputError("The prompt is empty", action=action)
    _check_text(prompt)


def check_signs(prompts: Iterable[str]) -> None:
    """Refuse prompts with control characters, which come from a slip and no model reads.

    Raises:
        InputError: it tells which, and where.
    """
    for prompt in prompts:
        if control := _CONTROL.search(prompt):
            raise InputError(
                f"The prompt holds a control character, {control[0]!r}",
                why=f"at position {control.start()}",
                action="Take it out: it is no part of a text.",
            )


def too_long(model: str, prompt: str) -> tuple[str, ...]:
    """Return a note where the model may not take so long a prompt."""
    info = MODELS.get(model)
    if info is None or len(prompt) <= info.prompt_limit:
        return ()
    return (f"the prompt has {len(prompt):,} characters; {model} may take {info.prompt_limit:,}",)


def _check_text(text: str) -> None:
    """Refuse what UTF-8 cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _half(error) from None


def _check_parameters(parameters: Mapping[str, Any]) -> None:
    """Refuse what is of the wrong kind, or what no JSON text can hold."""
    arguments.check(**{name: parameters.get(name) for name in ("output_format", "resolution")})
    try:
        json.dumps(dict(parameters), allow_nan=False, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise _half(error) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError("A parameter cannot be sent as JSON", why=str(error), action="") from None


def _half(error: UnicodeEncodeError) -> InputError:
    return InputError("A text holds half a character", why=f"at position {error.start}", action="")


def _spelled(info: ModelInfo, field: str, value: Any) -> Any:
    """Return the model's own spelling: jpeg and jpg are one, 2k is 2K, case does not count."""
    choices = info.choices.get(field, ())
    if not isinstance(value, str) or value in choices:
        return value
    spellings = {value.casefold(), _SAME_FORMAT.get(value.casefold(), "")}
    return next((c for c in choices if isinstance(c, str) and c.casefold() in spellings), value)


def _check_ratio(info: ModelInfo, value: Any) -> None:
    """Refuse what is not written like a ratio; which ratios there are is the service's."""
    choices = info.choices.get("aspect_ratio", ())
    if value in choices or _RATIO.fullmatch(str(value)):
        return
    right = next((c for c in _ratios(str(value)) if c in choices), f"one of {', '.join(choices)}")
    raise InputError(f"{str(value)[:40]} is not written like a ratio", action=f"Write {right}.")


def _ratios(text: str) -> tuple[str, ...]:
    """Return how two numbers are written as a ratio, and the same in lowest terms."""
    if (numbers := _TWO_NUMBERS.fullmatch(text)) is None:
        return ()
    width, height = int(numbers[1]), int(numbers[2])
    common = math.gcd(width, height) or 1
    return f"{width}:{height}", f"{width // common}:{height // common}"


def _doubt(info: ModelInfo, field: str, value: Any) -> str | None:
    if field not in info.choices:
        return f"{info.name} is not known to take {field}: sent as it is"
    choices = info.choices[field]
    if choices and value not in choices:
        known = ", ".join(str(choice) for choice in choices)
        return f"{field} {value} is not one that {info.name} is known to take ({known})"
    return None
