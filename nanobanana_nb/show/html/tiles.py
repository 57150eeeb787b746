"""One image of a grid as HTML: its thumbnail, or an honest tile where there is none."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag

_BORDERS = {
    State.FAILED: f"2px dashed {markup.RED}",
    State.UNKNOWN: f"2px dotted {markup.AMBER}",
    State.DETACHED: f"2px solid {markup.AMBER}",
    State.PENDING: f"1px solid {markup.AMBER}",
    State.RUNNING: f"2px solid {markup.AMBER}",
    State.SUCCESS: f"2px dotted {markup.AMBER}",
}
_INSIDE = (
    "text-align:center;vertical-align:middle;padding:6px;border:none;background:none;"
    "white-space:normal;overflow-wrap:break-word"
)


MOST_HEIGHT = 420  # pixels of a tall picture, where its column is narrower


@dataclass(frozen=True)
class TileStyle:
    """How large the tiles of one grid are, in pixels, and how many bytes each may have.

    A picture is stored `scale` times as large as it is shown. With `fluid` a tile shrinks with
    its column, and fills it.
    """

    px: int
    most_bytes: int
    roomy: bool = False
    now: float | None = None  # with it a running task shows its seconds
    scale: float = 1.0
    fluid: bool = False

    def longest(self, generation: Generation) -> int:
        """The longer side of a picture as it is shown: a tall one may be higher than wide."""
        width, height = generation.width or 1, generation.height or 1
        if not self.fluid or height <= width:
            return self.px
        return round(min(self.px * height / width, max(self.px, MOST_HEIGHT)))

    def box(self, generation: Generation) -> tuple[int, int]:
        """Width and height of a tile without a picture: the shape that was asked for, or 4:3."""
        if self.roomy:
            return 420, 140
        width, _, height = str(generation.request.parameter("aspect_ratio")).partition(":")
        known = width.isdigit() and height.isdigit() and int(width) > 0
        tall = self.px * int(height) // int(width) if known else self.px * 3 // 4
        return self.px, max(90, min(self.px, tall))


def picture(generation: Generation, style: TileStyle, href: str | None, values: str) -> Markup:
    """Return the thumbnail, linked to its original, or the tile that says why there is none."""
    if not generation.ok or generation.path is None:
        return state_tile(generation, style)
    try:
        longest = style.longest(generation)
        small = thumbnail.fitted(generation.path, round(longest * style.scale), style.most_bytes)
    except OSError:
        lost = f"{wording.cut(generation.path.name, 60)} is not there or cannot be read"
        return _box(("no file", lost), style, generation, _BORDERS[State.FAILED])
    alt = wording.alt_text(generation, values)
    if style.fluid:
        shown = longest / max(small.width, small.height)
        drawn = _fluid_image(small, alt, round(small.width * shown), round(small.height * shown))
    else:
        drawn = image(small, alt, most_width="100%" if style.roomy else "none")
    return markup.link(href, drawn, title="open original") if href else drawn


def image(
    small: thumbnail.Thumbnail, alt: str, inline: bool = False, most_width: str = "none"
) -> Markup:
    """Return the picture itself, its bytes inside; `inline` leaves a gap to the next one."""
    margin = "0 4px 4px 0" if inline else "0"
    looks = f"max-width:{most_width};width:{small.width}px;height:auto;margin:{margin}"
    looks += ";vertical-align:top"
    looks += ";display:inline-block" if inline else ""
    return tag(
        "img", src=_source(small), alt=alt, width=small.width, height=small.height, style=looks
    )


def _fluid_image(small: thumbnail.Thumbnail, alt: str, width: int, height: int) -> Markup:
    """Return a picture that is as wide as its column, and at most so large."""
    looks = f"display:block;width:100%;max-width:{width}px;height:auto;margin:0;border-radius:3px"
    return tag("img", src=_source(small), alt=alt, width=width, height=height, style=looks)


def _source(small: thumbnail.Thumbnail) -> str:
    return f"data:{small.media_type};base64,{base64.b64encode(small.data).decode('ascii')}"


def border(generation: Generation) -> str:
    """Return the border that goes with a state; the word always stands with it."""
    return _BORDERS.get(generation.state, f"1px solid {markup.GREY}")


def state_tile(generation: Generation, style: TileStyle) -> Markup:
    """Return a bordered tile: the state as a word, why, the money, and what to do."""
    most = 400 if style.roomy else 110
    running = generation.state is State.RUNNING and generation.created_at
    since = wording.mark(generation, style.now) if running and style.now is not None else ""
    lines = [wording.state_word(generation), since]
    lines += [wording.cut(wording.reason(generation), most), wording.charged_text(generation)]
    if style.roomy and generation.error is not None:
        lines.append(generation.error.action)
    if generation.task_id and wording.can_resume(generation):
        lines += [wording.short_id(generation.task_id), f"`{wording.RESUME}`"]
    return _box(tuple(lines), style, generation)


def legend(generation: Generation, parts: Sequence[str], heading: Markup | str) -> Markup:
    """Return the small text under a tile: what differs here, and what came otherwise."""
    named = [heading] if heading else []
    words = [wording.cut(wording.DOT.join(parts), 160)] if parts else []
    words += [differs(text) for text in generation.differences]
    lines = [*named, *([joined(words, " ")] if words else [])]
    return markup.quiet(joined(lines, Markup("<br>"))) if lines else Markup("")


def differs(text: str) -> Markup:
    """Return what was delivered otherwise than asked, marked by a line and by words."""
    return tag("b", "≠ ", text, style=f"border-bottom:2px solid {markup.AMBER}")


def task(generation: Generation) -> Markup:
    """Return the short task id with the whole one in its title."""
    task_id = wording.task_text(generation.task_id)
    return tag("span", wording.short_id(task_id), title=task_id)


def values_text(values: Mapping[str, str]) -> str:
    """Return the axis values of one image: `cat · woodcut`."""
    return wording.DOT.join(values.values())


def _box(
    lines: tuple[str, ...], style: TileStyle, generation: Generation, drawn: str = ""
) -> Markup:
    word, *rest = [line for line in lines if line]
    width, height = style.box(generation)
    words = [tag("b", word), *(markup.quiet(markup.with_code(line)) for line in rest)]
    titles = (wording.task_text(generation.task_id), str(generation.error or ""))
    cell = tag(
        "td",
        joined(words, Markup("<br>")),
        align="center",
        valign="middle",
        width=None if style.fluid else width - 16,
        height=height - 16,
        title=wording.cut(wording.code_free(" ".join(filter(None, titles))), markup.MOST_TITLE),
        style=_INSIDE,
    )
    drawn = drawn or border(generation)
    wide = f"width:100%;max-width:{width}px" if style.fluid else f"width:{width}px"
    looks = f"border:{drawn};border-collapse:separate;margin:0;{wide}"
    row = tag("tr", cell, style="background:none")
    return tag("table", row, border=1, width=width, style=looks)
