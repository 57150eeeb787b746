"""The simulator as a provider: the same wire, inside this process, nothing to pay."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from nanobanana_nb.api.crun import RATE, CrunWire
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.errors import LedgerError
from nanobanana_nb.model.result import SIMULATOR
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import ApiKey

BASE_URL = "http://simulator.localhost"
KEY = ApiKey("ak_" + "simulator".ljust(32, "0"), "the simulator")


def provider(settings: Settings) -> Provider:
    """Return the simulator, which keeps its tasks in the home folder over a restart."""
    calls, seconds = RATE  # of the service, and faster where all else is
    return Provider(
        SIMULATOR,
        BASE_URL,
        CrunWire(),
        needs_key=False,
        app=lambda: _app(settings.simulator_speed, settings.home),
        pace=settings.simulator_speed,
        rate=(calls, seconds * min(1.0, settings.simulator_speed)),
    )


_apps: dict[tuple[int, float, Path], Any] = {}
_locks: dict[int, threading.Lock] = {}  # one a process: its parent's may be held at a fork


def _app(speed: float, home: Path) -> Any:
    """Return the simulator of this process for a home folder; making it takes about 0.2 s."""
    place, state = (os.getpid(), speed, home), home / "simulator.sqlite"
    with _locks.setdefault(place[0], threading.Lock()):
        if place not in _apps:  # nor after a fork, which its threads do not survive
            from nanobanana_nb.simulator import Options, create_app

            try:
                home.mkdir(parents=True, exist_ok=True, mode=0o700)
                _apps[place] = create_app(Options(speed=speed, state=state, base_url=BASE_URL))
            except Exception as error:  # the simulator's own, of which this package knows no kind
                what = f"The simulator cannot keep its tasks in {state}"
                raise LedgerError(what, why=str(error)) from None
        return _apps[place]
