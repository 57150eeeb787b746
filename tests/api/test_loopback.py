"""Plain http stays on this machine: what leads there goes through no proxy."""

from __future__ import annotations

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.proxies import proxy_for
from nanobanana_nb.settings.parsing import as_address
from tests.api.conftest import ask
from tests.api.raw_server import RawServer
from tests.service import Service

LOCAL = "localhost LOCALHOST api.localhost 127.0.0.1 127.1 127.0.0.2 0x7f.1 2130706433 0177.0.0.1"
LOCAL += " 127。0。0。1 １２７.0.0.1 [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1]"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "https_proxy"])
@pytest.mark.parametrize("host", LOCAL.split())
def test_this_machine_needs_no_proxy(
    monkeypatch: pytest.MonkeyPatch, host: str, variable: str
) -> None:
    """Wherever plain http is allowed no proxy is asked, however the host is written."""
    monkeypatch.setenv(variable, "http://proxy.example:3128")
    assert as_address(f"http://{host}:8000")
    for scheme in ("http", "https"):
        assert proxy_for(f"{scheme}://{host}:8000") is None


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_key_in_clear_text_stays_on_this_machine(
    service: Service, raw: RawServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """No call, upload or download of a service here goes through a proxy."""
    monkeypatch.setenv(variable, raw.url)

    async def work(client: Client) -> bytes:
        return await client.download(await client.upload(b"pixels", "image/png"))

    assert ask(service.provider, work) == b"pixels"
    assert raw.arrived == []
