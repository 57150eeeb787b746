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
from nanobanana_nb.show.lineage.steps import MOST_STEPS, Told, steps_of
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
    shown = steps[:MOST_STEPS]
    thumbnail.prepare(step.one.path for step in shown)
    style = tiles.TileStyle(_PX, max(900, min(12_000, MOST_BYTES // len(shown) * 3 // 4)))
    rows = [_row(family, step, style, links) for step in shown]
    table = tag("table", *rows, border=0, cellpadding=4, style=markup.TABLE)
    below = [tag("div", markup.quiet(note)) for note in _notes(steps)]
    return tag("div", table, *below, style="overflow-x:auto")


def _row(
    family: Family,
    step: Told,
    style: tiles.TileStyle,
    links: Callable[[Generation], str | None] | None,
) -> Markup:
    href = links(step.one) if links and step.one.ok else None
    shown = tiles.picture(step.one, style, href, step.name)
    indent = min(step.depth, _DEEPEST) * _STEP_PX + 4
    looks = f"{_PLAIN};padding:4px 8px 4px {indent}px"
    picture = tag("td", _branch(step), shown, style=looks)
    said = joined([_head(family, step), _asked(step), *_more(step)], Markup("<br>"))
    return tag("tr", picture, tag("td", said, style=_PLAIN), style="background:none")


def _branch(step: Told) -> Markup:
    """Return which image the step comes from: it may stand far above."""
    return tag("div", markup.quiet(f"↳ from #{step.parent.id}")) if step.parent else Markup("")


def _head(family: Family, step: Told) -> Markup:
    return joined([tag("b", step.name), *_standing(family, step)], wording.DOT)


def _standing(family: Family, step: Told) -> list[str]:
    """Return where an image stands: whether it is the one meant, its state unless it is here."""
    meant = ["this one"] if step.one.id == family.focus.id else []
    return [*meant, *([] if step.one.ok else [wording.state_word(step.one)])]


def _asked(step: Told) -> Markup:
    """Return the prompt, its words marked where they differ from those of one like it."""
    if step.beside is None:
        return markup.isolated(_prompt(step.one), 400, 2000)
    if all(piece.same for piece in step.words):
        return joined([markup.isolated(_prompt(step.one), 400, 2000), " ", _like(step)])
    return joined([marked_html(step.words), " ", _like(step)])


def _like(step: Told) -> Markup:
    return markup.quiet(_likeness(step))


def _likeness(step: Told) -> str:
    assert step.beside is not None
    same = all(piece.same for piece in step.words)
    return f"(as #{step.beside.id})" if same else f"(against #{step.beside.id})"


def _more(step: Told) -> list[Markup]:
    told = [*step.settings, *_made_of(step), wording.credits_text(step.one)]
    words = wording.DOT.join(wording.cut(part, 160) for part in told if part)
    return [markup.quiet(tag("bdi", words))] if words else []


def _made_of(step: Told) -> list[str]:
    """Return the further references, or all of them where no member is the parent."""
    if not step.others:
        return []
    return [("with " if step.depth else "made from ") + ", ".join(step.others)]


def _prompt(one: Generation) -> str:
    return wording.prompt_text(one.request)


def _line(family: Family, step: Told) -> str:
    prompt = _prompt(step.one) if step.beside is None else marked_text(step.words)
    likeness = f" {_likeness(step)}" if step.beside else ""
    parts = [step.name, *_standing(family, step), wording.cut(prompt, 300) + likeness]
    parts += [*step.settings, *_made_of(step), wording.credits_text(step.one)]
    return wording.DOT.join(wording.plain(part) for part in parts if part)


def _notes(steps: Sequence[Told]) -> list[str]:
    if len(steps) == 1:
        return [_NOTHING]
    hidden = len(steps) - MOST_STEPS
    return [f"{hidden:,} more are not drawn here."] if hidden > 0 else []
