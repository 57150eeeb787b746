"""What an error says to check is a setting of the provider in force, and of no other."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api.client import Client
from nanobanana_nb.api.failures import failure, name_setting
from nanobanana_nb.api.provider import Answer, find_provider
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.settings.config import VARIABLES, Settings

DEAD = "http://127.0.0.1:9"
CRUNS = (VARIABLES["base_url"], "CRUN", "crun")


def kinds(kind: type[NanobananaError] = NanobananaError) -> Iterator[type[NanobananaError]]:
    """Every kind of error."""
    yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_no_error_names_one_provider_by_itself(kind: type[NanobananaError]) -> None:
    """Which service answers an error does not know."""
    assert [word for word in CRUNS if word in kind.default_action] == []


@pytest.mark.parametrize(
    ("name", "setting"), [("crun", CRUNS[0]), ("acme", "ACME_URL"), ("bare", "")]
)
def test_unreachable_service_names_its_own_setting(name: str, setting: str) -> None:
    """The setting that leads to the service is the provider's, or there is none to name."""
    provider = replace(find_provider("crun", Settings(base_url=DEAD)), name=name)
    provider = provider if name == "crun" else replace(provider, url_setting=setting)
    client = Client(provider, None)
    with pytest.raises(errors.NotSentError) as raised:
        asyncio.run(client._once(client._wire.balance(), lambda answer: answer, lambda: 3.0))
    said = raised.value.action
    assert setting in said
    assert name == "crun" or CRUNS[0] not in said


@pytest.mark.parametrize("setting", ["ACME_URL", ""])
def test_strange_answer_and_certificate_name_the_setting(setting: str) -> None:
    """So do an answer outside the contract and a partner that cannot prove who it is."""
    with pytest.raises(errors.UnexpectedAnswerError) as strange:
        find_provider("crun", Settings()).wire.read_balance(Answer(200, {}, b"<html>"))
    for error in (strange.value, failure(ssl.SSLError("no"), False, DEAD)):
        name_setting(error, setting)
        assert setting in error.action
        assert CRUNS[0] not in str(error)


def test_action_of_its_own_stays() -> None:
    """What an error says for itself is not replaced."""
    error = errors.NotSentError("No", action="Look at HTTPS_PROXY.")
    name_setting(error, "ACME_URL")
    assert error.action == "Look at HTTPS_PROXY."
