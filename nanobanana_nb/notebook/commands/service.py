"""Commands about what the service offers: its models, and what the account has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
    from nanobanana_nb.model.request import GenerationRequest
    from nanobanana_nb.run.session import Session
    from nanobanana_nb.show.html.report import Report


@dataclass(frozen=True)
class Offer:
    """The models of a service, the prices of an image of each, and why some are not known."""

    names: list[str]
    prices: dict[GenerationRequest, float | None]
    doubt: str = ""


def balance() -> Report:
    """Return what the account has left."""
    session = access.session()
    return balance_line(session, credits_left(session))


def credits_left(session: Session) -> float:
    """Return the balance of the account."""
    return session.bridge.run(session.client.balance())


def balance_line(session: Session, credits: float) -> Report:
    """Return a balance in words."""
    from nanobanana_nb.model.cost import money
    from nanobanana_nb.show.html.report import Report

    name = session.provider.name
    return Report.line(f"{credits:,.10g} credits{money(credits, name)} left at {name}")


def models() -> Report:
    """Return the table of models, those that the service lists or else those known here."""
    from nanobanana_nb.notebook.commands.models import model_table

    known = offer(access.session())
    return model_table(known.names, known.prices, known.doubt)


def offer(session: Session) -> Offer:
    """Return what the service offers, as far as it says so."""
    from nanobanana_nb.notebook.commands.models import names, price_requests

    listing: tuple[str, ...] | None = None
    try:
        listing = session.bridge.run(session.client.models())
        requests = price_requests(session.provider.name, names(listing))
        prices = dict(zip(requests, session.bridge.run(session.prices(requests)), strict=True))
    except NanobananaError as error:
        return Offer(names(listing), {}, f"The service does not say more. {error}")
    return Offer(names(listing), prices)
