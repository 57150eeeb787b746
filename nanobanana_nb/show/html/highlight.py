"""A prompt as it is read: axes, what is filled in, and names that nothing is known of."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from nanobanana_nb.model.prompt.template import Place, Template
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag

MOST = 600  # characters of a text between two places
_LOOKS = {
    "axis": f"border-bottom:3px solid {markup.GREEN};font-weight:bold",
    "text": f"border-bottom:1px dotted {markup.GREY}",
    "unknown": f"border:1px dashed {markup.RED};padding:0 2px",
}


def highlight_html(source: Template, axes: Mapping[str, int], texts: Mapping[str, str]) -> str:
    """Return the prompt with its places marked, and below it in words what each of them is.

    Args:
        axes: how many values each axis has, those beside the prompt too.
        texts: what is filled in for the other names; names in neither are not defined.
    """
    marked = joined(_part(part, axes, texts) for part in source.parts) if source.names else ""
    words = joined(_legend(source, axes, texts), wording.DOT)
    prompt = tag("div", marked, style="white-space:pre-wrap") if marked else ""
    return tag("div", prompt, markup.quiet(words)) if words else Markup("")


def _part(part: str | Place, axes: Mapping[str, int], texts: Mapping[str, str]) -> Markup:
    if isinstance(part, str):
        return tag("bdi", part if len(part) <= MOST else part[: MOST - 1] + "…")
    kind = "axis" if part.name in axes else "text" if part.name in texts else "unknown"
    text = wording.cut(f"{{{part.render()}}}", 80) + ("?" if kind == "unknown" else "")
    return tag("span", tag("bdi", text), style=_LOOKS[kind])


def _legend(source: Template, axes: Mapping[str, int], texts: Mapping[str, str]) -> list[Markup]:
    unknown = [name for name in source.names if name not in {*axes, *texts}]
    parts = {
        "axes: ": [f"{wording.cut(name, 40)} ({count})" for name, count in axes.items()],
        "filled in: ": [f"{wording.cut(n, 40)} = {wording.cut(t, 40)}" for n, t in texts.items()],
        "not defined: ": [f"{{{wording.cut(name, 40)}}}" for name in unknown],
    }
    return [joined([head, tag("bdi", ", ".join(v))]) for head, v in parts.items() if v]
