"""What can be pressed on the board of a run: tiles to look at, failed images to try again.

It is for a page in which something listens for the `data-` attributes; a result has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from nanobanana_nb.errors import Charged
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.growth import may_be_retried
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag

MOST_ROWS = 3
AGAIN = "A new try is a new task, within the limits of this run; what is done stays."
PAYS_AGAIN = "a new try pays once more"
_BUTTON = "jupyter-widgets jupyter-button widget-button"  # looks like the buttons of widgets
_IN_TEXT = (
    "border:none;background:none;padding:0;font:inherit;color:inherit;cursor:pointer;"
    "text-decoration:underline"
)
_BESIDE = "width:auto;display:inline-block;margin:2px 8px 2px 0;vertical-align:middle"

# Notebook 7 asks the element that has the focus, and it alone, whether its keys are its own.
_KEYS = {"data-lm-suppress-shortcuts": "true"}

Press = Callable[[Markup, int], Markup]


def to_look(display: str = "block") -> Press:
    """Return what makes a tile a button; Tab finds the first, the listener's arrows the others.

    Args:
        display: how the tile stands in its place, by the name that CSS has for it.
    """
    places = iter(("0",))

    def button(drawn: Markup, position: int) -> Markup:
        place = {"data-look": position, "tabindex": next(places, "-1"), **_KEYS}
        looks = f"display:{display};cursor:pointer;vertical-align:top"
        return tag("span", drawn, role="button", title="Look closer", style=looks, **place)

    return button


def to_try_again(image: Generation, name: str, position: int) -> Markup:
    """Return what asks for a failed image once more, in its own tile; the title tells the cost."""
    title = f"{AGAIN} Here {PAYS_AGAIN}." if _may_pay_twice(image) else AGAIN
    return _link("Try again", f"Try again: {name}", title, {"data-again": position})


def all_again(failed: int) -> Markup:
    """Return what asks for all failed images once more, within a line of text."""
    words = f"Try all {failed:,} again"
    return _link(words, words, AGAIN, {"data-all": "yes"})


def _link(words: str, label: str, title: str, place: dict[str, object]) -> Markup:
    """Return a button that looks like a link in the text around it."""
    named = {"type": "button", "aria-label": label, "title": title, "style": _IN_TEXT, **_KEYS}
    return tag("button", words, **named, **place)


def failed_html(generations: Sequence[Generation], plan: Plan | None) -> Markup:
    """Return a row for each of the first failed images, and one for all; nothing where none is."""
    failed = [n for n, image in enumerate(generations) if may_be_retried(image)]
    if not failed:
        return Markup("")
    rows = [_row(generations[n], n, plan) for n in failed[:MOST_ROWS]]
    if len(failed) > 1:
        button = _button(f"Try all {len(failed):,} again", "", {"data-all": "yes"})
        more = len(failed) - MOST_ROWS
        rows.append(tag("div", button, f"and {more:,} more failed" if more > 0 else ""))
    return joined([*rows, tag("div", markup.quiet(AGAIN))])


def dense(*content: Markup) -> Markup:
    """Return text whose lines stand as close as in an output; in a widget they are far apart.

    What has the focus in it keeps its keys, which JupyterLab would take for its own.
    """
    return tag("div", *content, style="line-height:1.5", **_KEYS) if any(content) else Markup("")


def as_output(*content: Markup) -> Markup:
    """Return what a widget shows as large as an output shows it: letters, lines and margins."""
    return dense(tag("div", *content, **{"class": "jp-RenderedHTMLCommon"}))


def _row(image: Generation, position: int, plan: Plan | None) -> Markup:
    cells = plan.cells if plan else ()
    values = cells[position].values if position < len(cells) else ()
    words = [wording.cut(value, 40) for _, value in values]
    name = wording.DOT.join([f"#{position}", *words])  # #3 · hare · woodcut
    button = _button("Try again", f"Try again: {name}", {"data-again": position})
    again = PAYS_AGAIN if _may_pay_twice(image) else ""
    parts = filter(
        None, (wording.cut(wording.reason(image), 160), wording.charged_text(image), again)
    )
    details = markup.isolated(wording.DOT.join(parts), 300)
    return tag("div", button, tag("b", tag("bdi", name)), " failed: ", details)


def _may_pay_twice(image: Generation) -> bool:
    """Whether a new try may be a second payment: only a failure that took nothing is none."""
    return image.error is None or image.error.charged is not Charged.NO


def _button(words: str, label: str, place: dict[str, object]) -> Markup:
    named = {"type": "button", "class": _BUTTON, "aria-label": label, "style": _BESIDE, **_KEYS}
    return tag("button", words, **named, **place)
