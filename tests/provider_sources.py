"""Modules of third parties, as source: what their function `provider` may look like."""

from __future__ import annotations

# It wants no key, runs in this process, and its credits are real.
KEYLESS = """
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.simulator import Options, create_app

def provider(settings):
    options = Options(speed=0.0, base_url="http://local.localhost", keys=None)
    app = create_app(options)

    async def keyed(scope, receive, send):
        headers = [*scope["headers"], (b"x-api-key", b"ak_local")]
        await app({**scope, "headers": headers}, receive, send)

    url = "http://local.localhost"
    return Provider("local", url, CrunWire(), needs_key=False, app=lambda: keyed)
"""
