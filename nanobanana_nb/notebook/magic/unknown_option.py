"""What to say of a word that is no option: where it belongs, or the option that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from nanobanana_nb.errors import InputError

HELP = "%nanobanana help lists the options."
MOST_SHOWN = 200  # characters of what a person wrote
_PROMPT = "The prompt goes below the %%nanobanana line."
_ELSEWHERE = {  # options of others that have another name here, or none
    "--seed": "The service takes no seed; --sample-seed draws other combinations.",
    "--negative-prompt": "The service takes none: write in the prompt what is not to be seen.",
    "--prompt": _PROMPT,
    "--ratio": "Use -a.",
    "--ar": "Use -a.",
    "--size": "Use -r for the size, -a for the shape.",
    "--count": "Use -n.",
    "--num": "Use -n.",
    "--ref": "Use -i.",
}


def no_option(word: str, names: Sequence[str]) -> InputError:
    """Return the error for a word of an option line, given the options that there are."""
    name, text = word.partition("=")[0], word[:MOST_SHOWN]
    if word.startswith("#"):
        return InputError(f"{text!r} is no option", action="A comment begins with # and a blank.")
    if not word.startswith("-"):
        return InputError(f"{text!r} is no option", action=_PROMPT)
    if name in _ELSEWHERE:
        return InputError(f"There is no option {name}", action=_ELSEWHERE[name])
    near = _nearest(name, names)
    hint = f"did you mean {near}?" if near else ""
    return InputError(f"There is no option {text}", why=hint, action="" if near else HELP)


def _nearest(word: str, names: Sequence[str]) -> str | None:
    """Return the option that begins with `word`, or else the most alike; short words say little.

    A part of a name, `--aspct` for `--aspect-ratio`, is nearly as good as the whole.
    """
    if len(word) < 4:
        return None
    beginnings = [name for name in names if name.startswith(word)]
    ranked = sorted((_likeness(word, name), name) for name in names if name.startswith("--"))
    best, near = ranked[-1]
    return beginnings[0] if beginnings else near if best > 0.7 else None


def _likeness(word: str, name: str) -> float:
    parts = [f"--{part}" for part in name[2:].split("-")]
    whole = SequenceMatcher(None, word, name).ratio()
    return max(whole, *(0.9 * SequenceMatcher(None, word, part).ratio() for part in parts))
