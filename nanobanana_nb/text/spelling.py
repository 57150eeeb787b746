"""The nearest known name to one that is not known, also where it is spelled another way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

PREFIX = "NANOBANANA_"
OF_TESTS = ("NANOBANANA_CHROMIUM", "NANOBANANA_SCREENSHOTS")  # of this project


def hint(name: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest was meant, or else what there is."""
    names = list(known)
    near = _nearest(name, names)
    return f"did you mean {near}?" if near else "known are " + ", ".join(names)


def stray_variables(environ: Mapping[str, str], known: Sequence[str]) -> list[str]:
    """Return a sentence for each variable that looks like one of the known and is none.

    A limit that is misspelt would be no limit.
    """
    legitimate = {*known, *OF_TESTS}
    strays = sorted(n for n in environ if n not in legitimate and _is_like(n, known))
    sentences = []
    for name in strays:
        near = _nearest(name, known)
        advice = f"did you mean {near}?" if near else "`%nanobanana config` lists the settings."
        sentences.append(f"{name} is set and is no setting: {advice}")
    return sentences


def _is_like(name: str, known: Sequence[str]) -> bool:
    if name.endswith("_API_KEY"):  # whose it is, the providers say
        return False
    plain = _plain(name).upper()
    names = (setting.removeprefix(PREFIX) for setting in known)
    limits = tuple("_" + name for name in names if name.startswith("MAX_CREDITS"))
    is_limit = f"_{plain}".endswith(limits)
    return is_limit or plain.startswith(PREFIX) or bool(get_close_matches(plain, known, 1, 0.9))


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is meant, or "" for none; case and prefix do not count."""
    plain = {_bare(other): other for other in known}
    near = [bare for bare in plain if _bare(name).endswith("_" + bare)]
    near = near or get_close_matches(_bare(name), plain, 1)
    return plain[near[0]] if near else ""


def _bare(name: str) -> str:
    return _plain(name).removeprefix(PREFIX.casefold())


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip()).casefold()
