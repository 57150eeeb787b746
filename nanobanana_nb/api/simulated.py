"""The simulator as a provider: the same wire, inside this process, nothing to pay."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.config import Settings
from nanobanana_nb.errors import LedgerError
from nanobanana_nb.keys import ApiKey
from nanobanana_nb.model.result import SIMULATOR

BASE_URL = "http://simulator.localhost"
KEY = ApiKey("ak_" + "simulator".ljust(32, "0"), "the simulator")


def provider(settings: Settings) -> Provider:
    """Return the simulator, which keeps its tasks in the home folder over a restart."""
    return Provider(
        SIMULATOR,
        BASE_URL,
        CrunWire(),
        needs_key=False,
        app=lambda: _app(settings.simulator_speed, settings.home),
        pace=settings.simulator_speed,
    )


@lru_cache(maxsize=4)
def _app(speed: float, home: Path) -> Any:
    """Import and make the simulator: about 0.2 s, once."""
    from nanobanana_nb.simulator import Options, create_app

    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise LedgerError(f"The home folder {home} cannot be made", why=str(error)) from None
    return create_app(Options(speed=speed, state=home / "simulator.sqlite", base_url=BASE_URL))
