"""Commands about what the service offers: its models, and what the account has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.commands import access
from nanobanana_nb.show.html.report import Report

if TYPE_CHECKING:
    from nanobanana_nb.model.catalog import ModelInfo
    from nanobanana_nb.run.session import Session


def balance(words: list[str]) -> Report:
    """Return what the account has left."""
    access.no_more("balance", words)
    session = access.session()
    credits = session.bridge.run(session.client.balance())
    return Report.line(f"{credits:,.10g} credits left at {session.provider.name}")


def models(words: list[str]) -> Report:
    """Return the table of models, those known here and those that the service lists."""
    from nanobanana_nb.model.catalog import FAMILY_FIELDS, MODELS

    access.no_more("models", words)
    session = access.session()
    live, note = _live_models(session)
    rows = []
    for name in dict.fromkeys((*MODELS, *(live or ()))):
        info = MODELS.get(name)
        taken = [_taken(info, field) for field in FAMILY_FIELDS]
        most = str(info.max_images) if info else "?"
        there = "?" if live is None else "yes" if name in live else "no"
        rows.append([name, *taken, most, there])
    fields = [field.replace("_", " ") for field in FAMILY_FIELDS]
    headers = ["model", *fields, "images", f"at {session.provider.name}"]
    return Report.table(headers, rows, note)


def _live_models(session: Session) -> tuple[tuple[str, ...] | None, str]:
    """Return what the service lists, or None and why it could not be asked."""
    try:
        return session.bridge.run(session.client.models()), ""
    except NanobananaError as error:
        return None, f"This is what is known here. {error}"


def _taken(info: ModelInfo | None, field: str) -> str:
    if info is None:
        return "?"
    return ", ".join(str(choice) for choice in info.choices.get(field, ("–",)))
