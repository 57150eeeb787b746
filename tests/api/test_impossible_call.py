"""A provider's call that cannot leave: its fault, of which nothing was sent."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Call, Provider
from nanobanana_nb.errors import Charged, NanobananaError, ProviderError
from tests.api.conftest import ask
from tests.api.raw_server import RawServer

METHODS = ["", " ", "P O\r\nST", "PO ST", "POST\x00", "CONNECT", "TRACE", "GÉT", "\ud800", "GET /x"]
PATHS = ["", "x", "@127.0.0.1:1/x", ".evil.example/x", ":1/x", "/x\r\nX-E: 1", "/\x00", "/\ud800"]
CALLS = [*(Call(method, "/x", body={}) for method in METHODS), *(Call("POST", p) for p in PATHS)]


def refused(raw: RawServer, method: str, call: Call) -> NanobananaError:
    """The error of a provider one of whose methods returns this call."""
    wire: Any = CrunWire()
    setattr(wire, method, lambda *_: call)

    async def work(client: Client) -> None:
        await (client.create("m", {"prompt": "x"}) if method == "create" else client.look("t1"))

    with pytest.raises(NanobananaError) as raised:
        ask(Provider("acme", raw.url, wire), work)
    return raised.value


@pytest.mark.parametrize("call", CALLS, ids=lambda call: repr((call.method, call.path)))
def test_create_that_cannot_leave_costs_nothing(raw: RawServer, call: Call) -> None:
    """It names the provider and the method, says that nothing was taken, and nothing goes out."""
    error = refused(raw, "create", call)
    assert type(error) is ProviderError
    assert "acme failed in create" in str(error)
    assert error.charged is Charged.NO
    assert raw.arrived == []


@pytest.mark.parametrize("call", CALLS, ids=lambda call: repr((call.method, call.path)))
def test_other_call_that_cannot_leave(raw: RawServer, call: Call) -> None:
    """So it is with a call of any other method."""
    assert "acme failed in info" in str(refused(raw, "info", call))
    assert raw.arrived == []
