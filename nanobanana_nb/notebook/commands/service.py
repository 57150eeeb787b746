"""Commands about what the service offers: its models, and what the account has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
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
    listing: tuple[str, ...] | None = None
    note = ""
    try:
        listing = session.bridge.run(session.client.models())
    except NanobananaError as error:
        note = f"This is what is known here. {error}"
    rows = []
    for name in dict.fromkeys((*MODELS, *(listing or ()))):
        choices, most = ["?"] * len(FAMILY_FIELDS), "?"
        if (info := MODELS.get(name)) is not None:
            choices = [", ".join(map(str, info.choices.get(f, ("–",)))) for f in FAMILY_FIELDS]
            most = str(info.max_images)
        at_service = "?" if listing is None else "yes" if name in listing else "no"
        rows.append([name, *choices, most, at_service])
    fields = [field.replace("_", " ") for field in FAMILY_FIELDS]
    headers = ["model", *fields, "images", f"at {session.provider.name}"]
    return Report.table(headers, rows, note)
