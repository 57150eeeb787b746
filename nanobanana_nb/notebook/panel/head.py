"""The first line of a panel: who answers, and where the key comes from, never the key."""

from __future__ import annotations

from nanobanana_nb.api.provider import find_provider
from nanobanana_nb.config import Settings
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.keys import find_key
from nanobanana_nb.model.result import SIMULATOR
from nanobanana_nb.show import markup, wording
from nanobanana_nb.show.markup import joined, tag


def key_words(settings: Settings) -> str:
    """Return the line as HTML."""
    key = find_key()
    name = settings.provider or ("crun" if key else SIMULATOR)
    told = f"key set, from {key.source}" if key else "key not set"
    who = _who(name, settings, keyless=key is None)
    return joined([tag("b", "nanobanana"), markup.quiet(told, wording.DOT, who)], " ")


def _who(name: str, settings: Settings, *, keyless: bool) -> str:
    try:
        provider = find_provider(name, settings)
    except NanobananaError as error:
        return str(error)
    if not provider.needs_key:
        return "the built-in simulator answers, nothing is paid"
    return f"{name} wants one: set CRUN_API_KEY" if keyless else f"{name} answers"
