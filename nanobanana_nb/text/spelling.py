"""The nearest known name to one that is not known, also where it is spelled another way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

PREFIX = "NANOBANANA_"
_NO_LETTERS = re.compile(r"\W+")
OF_PROVIDERS = ("_API_KEY", "_CREDIT_PRICE")  # each provider has its own
OF_TESTS = ("NANOBANANA_CHROMIUM", "NANOBANANA_SCREENSHOTS")  # of this project


def hint(name: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest was meant, or else what there is."""
    names = list(known)
    near = _nearest(name, names)
    return f"did you mean {near}?" if near else "known are " + ", ".join(names)


def stray_variables(environ: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return a sentence for each variable that looks like one of the known and is none.

    A limit that is misspelt would be no limit. Whose an API key is, the providers say.
    """
    names = (setting.removeprefix(PREFIX) for setting in known)
    limits = tuple("_" + name for name in names if name.startswith("MAX_CREDITS"))
    sentences = []
    for name in sorted(environ.keys() - {*known, *OF_TESTS}):
        plain = _NO_LETTERS.sub("_", name.strip()).upper()
        is_like = plain.startswith(PREFIX) or f"_{plain}".endswith(limits)
        if name.endswith(OF_PROVIDERS) or not (is_like or get_close_matches(plain, known, 1, 0.9)):
            continue
        near = _nearest(name, known)
        advice = f"did you mean {near}?" if near else "`%nanobanana config` lists the settings."
        sentences.append(f"{name} is set and is no setting: {advice}")
    return sentences


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is meant, or "" for none; case and prefix do not count."""
    plain = {_bare(other): other for other in known}
    near = [bare for bare in plain if _bare(name).endswith("_" + bare)]
    near = near or get_close_matches(_bare(name), plain, 1)
    return plain[near[0]] if near else ""


def _bare(name: str) -> str:
    plain = _NO_LETTERS.sub("_", name.strip())
    return plain.casefold().removeprefix(PREFIX.casefold())
