"""What the commands work with: the session, the settings, the ledger alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanobanana_nb.ledger.ledger import Ledger
    from nanobanana_nb.run.session import Session
    from nanobanana_nb.settings.config import Settings


def session() -> Session:
    """Return the session that the settings in force call for."""
    from nanobanana_nb.entry import launch

    return launch.session_for()


def settings() -> Settings:
    """Return the settings in force."""
    from nanobanana_nb.settings import config

    return config.load(None, config.CONFIGURED).settings


def ledger() -> Ledger:
    """Return the ledger alone: reading it wants neither a service nor a key."""
    from nanobanana_nb.ledger.ledger import Ledger

    return Ledger(settings().home)
