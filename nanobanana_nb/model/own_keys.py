"""A person's own key in what is asked for: refused before anything is made, sent or kept of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nanobanana_nb.errors import Charged, InputError
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.model.signed_links import SignedLink
from nanobanana_nb.privacy.redaction import holds_key
from nanobanana_nb.settings.keys import misplaced_key


def refuse_key(where: str, value: Any) -> None:
    """Refuse a text, or data with texts in it, that holds a key known here.

    Raises:
        InputError: it does; the error quotes nothing of it.
    """
    if any(holds_key(text) for text in _texts(value)):
        raise misplaced_key(InputError, where, Charged.NO)


def refuse_keys(requests: Iterable[GenerationRequest], callback_url: str | None) -> None:
    """Refuse requests of which one holds a key, or that go with an address that does.

    Raises:
        InputError: as `refuse_key`.
    """
    refuse_key("callback_url", callback_url)
    for request in requests:
        refuse_key("the prompt", request.prompt)
        refuse_key("an input", (request.model, request.parameters))
        refuse_key("the link of a reference image", request.images)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value, however deep it is; what holds itself is looked at once."""
    stack, containers = [value], set[int]()
    while stack:
        part = stack.pop()
        if isinstance(part, SignedLink):
            yield part.whole
        elif isinstance(part, str):
            yield part
        elif isinstance(part, ReferenceImage):
            stack.append(part.url)
        elif isinstance(part, Mapping | list | tuple) and id(part) not in containers:
            containers.add(id(part))
            stack += [*part, *part.values()] if isinstance(part, Mapping) else part
