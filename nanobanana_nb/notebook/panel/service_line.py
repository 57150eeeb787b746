"""The first line of a panel: who answers, and where the key comes from, never the key."""

from __future__ import annotations

from nanobanana_nb.api.provider import find_provider
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import CRUN_NAMES, find_key
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag


def key_words(settings: Settings) -> str:
    """Return the line as HTML."""
    words = wording.DOT.join(_words(settings))
    return joined([tag("b", "nanobanana"), markup.quiet(words)], " ")


def _words(settings: Settings) -> tuple[str, ...]:
    try:
        provider = find_provider(RUNTIME.provider_name(settings), settings)
        key = find_key(CRUN_NAMES) if provider.simulated else RUNTIME.key_of(provider)
    except NanobananaError as error:
        return (str(error),)
    whence = f"key set, from {key.source}" if key else "key not set"
    if provider.simulated:
        return whence, "the built-in simulator answers, nothing is paid"
    if provider.needs_key and key is None:
        advice = f"set {provider.key_names[0]}" if provider.key_names else "it names none"
        return whence, f"{provider.name} wants one: {advice}"
    return whence if provider.needs_key else "no key needed", f"{provider.name} answers"
