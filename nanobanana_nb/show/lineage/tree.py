"""The tree of what was made from what, as static HTML with its text twin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.lineage import Family
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.lineage.diff import marked_html, marked_text
from nanobanana_nb.show.lineage.steps import MOST_STEPS, Step, ledger_name, steps_of
from nanobanana_nb.text.terminal import printed

MOST_BYTES = 250_000  # of all pictures together
_PX, _STEP_PX, _DEEPEST = 112, 36, 12
_PLAIN = "border:none;background:none;text-align:left;vertical-align:top;white-space:normal"
_NOTHING = "It was made from no other image of the ledger, and none was made from it."


@printed
class Tree:
    """Shows a family: each image below the one that it was made from. The one meant is marked.

    Args:
        links: gives the href of an original.
    """

    def __init__(
        self, family: Family, links: Callable[[Generation], str | None] | None = None
    ) -> None:
        self.family = family
        self._links = links

    def __repr__(self) -> str:
        return tree_text(self.family)

    def _repr_html_(self) -> str:
        return str(tree_html(self.family, self._links))


def tree_text(family: Family) -> str:
    """Return the tree as lines of text, each step further in than the one it comes from."""
    steps = steps_of(family)
    lines = ["  " * step.depth + _line(family, step) for step in steps[:MOST_STEPS]]
    return "\n".join([*lines, *_notes(steps)])


def tree_html(family: Family, links: Callable[[Generation], str | None] | None = None) -> str:
    """Return the tree as a table: each step is further in than the one it comes from."""
    steps = steps_of(family)
    visible = steps[:MOST_STEPS]
    thumbnail.prepare(step.image.path for step in visible)
    style = tiles.TileStyle(_PX, max(900, min(12_000, MOST_BYTES // len(visible) * 3 // 4)))
    rows = [_row(family, step, style, links) for step in visible]
    table = tag("table", *rows, border=0, cellpadding=4, style=markup.TABLE)
    below = [tag("div", markup.quiet(note)) for note in _notes(steps)]
    return tag("div", table, *below, style="overflow-x:auto")


def _row(
    family: Family,
    step: Step,
    style: tiles.TileStyle,
    links: Callable[[Generation], str | None] | None,
) -> Markup:
    href = links(step.image) if links and step.image.ok else None
    picture = tiles.picture(step.image, style, href, step.name)
    indent = min(step.depth, _DEEPEST) * _STEP_PX + 4
    looks = f"{_PLAIN};padding:4px 8px 4px {indent}px"
    source = f"↳ from {ledger_name(step.parent)}" if step.parent else ""
    branch = tag("div", markup.quiet(source)) if source else ""
    cell = tag("td", branch, picture, style=looks)  # the parent may stand far above
    head = joined([tag("b", step.name), *_standing(family, step)], wording.DOT)
    words = joined([head, _words(step), *_more(step)], Markup("<br>"))
    return tag("tr", cell, tag("td", words, style=_PLAIN), style="background:none")


def _standing(family: Family, step: Step) -> list[str]:
    """Return where an image stands: whether it is the one meant, its state unless it is here."""
    meant = ["this one"] if step.image.id == family.focus.id else []
    return [*meant, *([] if step.image.ok else [wording.state_word(step.image)])]


def _words(step: Step) -> Markup:
    """Return the prompt, its words marked where they differ from those of one like it."""
    if step.beside is None:
        return markup.isolated(_prompt(step.image), 400, 2000)
    if all(piece.same for piece in step.words):
        return joined([markup.isolated(_prompt(step.image), 400, 2000), " ", _like(step)])
    return joined([marked_html(step.words), " ", _like(step)])


def _like(step: Step) -> Markup:
    return markup.quiet(_likeness(step))


def _likeness(step: Step) -> str:
    assert step.beside is not None
    same = all(piece.same for piece in step.words)
    return f"({'as' if same else 'against'} {ledger_name(step.beside)})"


def _more(step: Step) -> list[Markup]:
    parts = [*step.settings, *_made_of(step), wording.credits_text(step.image)]
    words = wording.DOT.join(wording.cut(part, 160) for part in parts if part)
    return [markup.quiet(tag("bdi", words))] if words else []


def _made_of(step: Step) -> list[str]:
    """Return the further references, or all of them where no member is the parent."""
    if not step.others:
        return []
    return [("with " if step.depth else "made from ") + ", ".join(step.others)]


def _prompt(image: Generation) -> str:
    return image.request.prompt or wording.PRIVATE


def _line(family: Family, step: Step) -> str:
    prompt = _prompt(step.image) if step.beside is None else marked_text(step.words)
    likeness = f" {_likeness(step)}" if step.beside else ""
    parts = [step.name, *_standing(family, step), wording.cut(prompt, 300) + likeness]
    parts += [*step.settings, *_made_of(step), wording.credits_text(step.image)]
    return wording.DOT.join(wording.plain(part) for part in parts if part)


def _notes(steps: Sequence[Step]) -> list[str]:
    if len(steps) == 1:
        return [_NOTHING]
    hidden = len(steps) - MOST_STEPS
    return [f"{hidden:,} more are not drawn here."] if hidden > 0 else []
