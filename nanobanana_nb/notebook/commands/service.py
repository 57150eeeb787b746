"""Commands about what the service offers: its models, and what the account has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.cost import money
from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
    from nanobanana_nb.model.request import GenerationRequest
    from nanobanana_nb.show.html.report import Report


def balance() -> Report:
    """Return what the account has left."""
    from nanobanana_nb.show.html.report import Report

    session = access.session()
    credits = session.bridge.run(session.client.balance())
    name = session.provider.name
    return Report.line(f"{credits:,.10g} credits{money(credits, name)} left at {name}")


def models() -> Report:
    """Return the table of models, those that the service lists or else those known here."""
    from nanobanana_nb.notebook.commands.models import model_table, names, price_requests

    session = access.session()
    listing: tuple[str, ...] | None = None
    prices: dict[GenerationRequest, float | None] = {}
    doubt = ""
    try:
        listing = session.bridge.run(session.client.models())
        requests = price_requests(session.provider.name, names(listing))
        prices = dict(zip(requests, session.bridge.run(session.prices(requests)), strict=True))
    except NanobananaError as error:
        doubt = f"The service does not say more. {error}"
    return model_table(names(listing), prices, doubt)
