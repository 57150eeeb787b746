"""Commands about what the service offers: its models, and what the account has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
    from nanobanana_nb.model.catalog import ModelInfo
    from nanobanana_nb.run.session import Session
    from nanobanana_nb.show.html.report import Report


def balance() -> Report:
    """Return what the account has left."""
    from nanobanana_nb.show.html.report import Report

    session = access.session()
    credits = session.bridge.run(session.client.balance())
    return Report.line(f"{credits:,.10g} credits left at {session.provider.name}")


def models() -> Report:
    """Return the table of models, those known here and those that the service lists."""
    from nanobanana_nb.model.catalog import FAMILY_FIELDS, MODELS
    from nanobanana_nb.show.html.report import Report

    session = access.session()
    live, note = _live_models(session)
    rows = []
    for name in dict.fromkeys((*MODELS, *(live or ()))):
        info = MODELS.get(name)
        choices = [_choices(info, field) for field in FAMILY_FIELDS]
        most = str(info.max_images) if info else "?"
        there = "?" if live is None else "yes" if name in live else "no"
        rows.append([name, *choices, most, there])
    fields = [field.replace("_", " ") for field in FAMILY_FIELDS]
    headers = ["model", *fields, "images", f"at {session.provider.name}"]
    return Report.table(headers, rows, note)


def _live_models(session: Session) -> tuple[tuple[str, ...] | None, str]:
    """Return what the service lists, or None and why it could not be asked."""
    try:
        return session.bridge.run(session.client.models()), ""
    except NanobananaError as error:
        return None, f"This is what is known here. {error}"


def _choices(info: ModelInfo | None, field: str) -> str:
    if info is None:
        return "?"
    return ", ".join(str(choice) for choice in info.choices.get(field, ("–",)))
