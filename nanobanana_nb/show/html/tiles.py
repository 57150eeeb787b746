"""One image of a grid as HTML: its thumbnail, or an honest tile where there is none."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag

_BORDERS = {  # red and amber are for what a person should look at
    State.FAILED: f"2px dashed {markup.RED}",
    State.UNKNOWN: f"2px dotted {markup.AMBER}",
    State.SUCCESS: f"2px dotted {markup.AMBER}",
}
_PLAIN = f"1px solid {markup.FAINT}"
_INSIDE = (
    "text-align:center;vertical-align:middle;padding:6px;border:none;background:none;"
    "white-space:normal;overflow-wrap:break-word"
)
RUNS = "nanobanana-runs"  # the class of a tile whose task runs
MOST_HEIGHT = 420  # pixels of a tall picture, where its column is narrower
_LINE, _LETTER = 17, 6.5  # pixels of the small text in a tile
_LEAST_TEXT = 130  # pixels of a tile that has room for more than its word


@dataclass(frozen=True)
class TileStyle:
    """How large the tiles of one grid are, in pixels, and how many bytes each may have.

    A picture is stored `scale` times as large as it is shown. With `fluid` a tile shrinks with
    its column, and fills it. What has no picture yet and asked for no shape has the `ratio`.
    """

    px: int
    most_bytes: int
    roomy: bool = False
    now: float | None = None  # with it a running task shows its seconds
    scale: float = 1.0
    fluid: bool = False
    ratio: float = 1.0  # of width to height
    ticking: bool = False  # the page counts the seconds of a running task by itself

    def shown(self, generation: Generation) -> tuple[int, int]:
        """Width and height of a tile; a fluid one that is tall may be higher than wide."""
        ratio = _ratio(generation) or self.ratio
        if not self.fluid:
            return round(min(self.px, self.px * ratio)), round(min(self.px, self.px / ratio))
        height = min(self.px / ratio, max(self.px, MOST_HEIGHT))
        return max(1, round(height * ratio)), max(1, round(height))


def _ratio(generation: Generation) -> float | None:
    """Return the width of an image as a part of its height: as it came, or as it was asked for."""
    if generation.width and generation.height:
        return generation.width / generation.height
    width, _, height = str(generation.request.parameter("aspect_ratio")).partition(":")
    known = width.isdigit() and height.isdigit() and int(width) > 0 and int(height) > 0
    return int(width) / int(height) if known else None


def picture(generation: Generation, style: TileStyle, href: str | None, values: str) -> Markup:
    """Return the thumbnail, linked to its original, or the tile that says why there is none."""
    if not generation.ok or generation.path is None:
        return state_tile(generation, style)
    width, height = style.shown(generation)
    try:
        small = thumbnail.fitted(
            generation.path, round(max(width, height) * style.scale), style.most_bytes
        )
    except OSError:
        lost = f"{wording.cut(generation.path.name, 60)} is not there or cannot be read"
        return _Blank(("no file", lost), style, generation, border=_BORDERS[State.FAILED]).html()
    alt = wording.alt_text(generation, values)
    if style.fluid:
        drawn = fluid_image(small, alt, width, height)
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


def fluid_image(small: thumbnail.Thumbnail, alt: str, width: int, height: int) -> Markup:
    """Return a picture that is as wide as its column, and at most so large."""
    looks = f"display:block;width:100%;max-width:{width}px;height:auto;margin:0;border-radius:3px"
    size = {"width": width, "height": height}
    return tag("img", src=_source(small), alt=alt, decoding="sync", style=looks, **size)


def _source(small: thumbnail.Thumbnail) -> str:
    return f"data:{small.media_type};base64,{base64.b64encode(small.data).decode('ascii')}"


def state_border(generation: Generation) -> str:
    """Return the border that goes with a state; the word always stands with it."""
    return _PLAIN if generation.ok else _BORDERS.get(generation.state, _PLAIN)


def state_tile(generation: Generation, style: TileStyle, action: Markup | None = None) -> Markup:
    """Return a tile with the state as a word, why, the money, and what to do.

    Args:
        action: what can be pressed in it.
    """
    lines: list[str] = [wording.cut(wording.reason(generation), 400)]
    lines.append(wording.charged_text(generation))
    if style.fluid:
        return _Blank([_moment(generation, style), *lines], style, generation, action).html()
    since = "" if style.now is None else wording.mark(generation, style.now)
    lines = [wording.state_word(generation), since if _runs(generation) else "", *lines]
    if style.roomy and generation.error is not None:
        lines.append(generation.error.action)
    if generation.task_id and wording.can_resume(generation):
        lines += [wording.short_id(generation.task_id)]
        lines += [f"`{wording.RESUME}`"] * wording.is_left_over(generation)
    return _Blank(lines, style, generation).html()


def _runs(generation: Generation) -> bool:
    return generation.state is State.RUNNING and generation.created_at is not None


def _moment(generation: Generation, style: TileStyle) -> str:
    """Return the state as a word, of a task that runs its seconds: `8 s`."""
    begun = generation.sent_at or generation.created_at
    if style.ticking and _runs(generation) and begun:
        return tag("span", wording.state_word(generation), **{"data-since": f"{begun:.1f}"})
    return wording.mark(generation, style.now)


def task(generation: Generation) -> Markup:
    """Return the short task id with the whole one in its title."""
    task_id = wording.task_text(generation.task_id)
    return tag("span", wording.short_id(task_id), title=task_id)


@dataclass(frozen=True)
class _Blank:
    """A tile without a picture: its word, then why; `action` is what can be pressed in it."""

    lines: Sequence[str]
    style: TileStyle
    generation: Generation
    action: Markup | None = None
    border: str = ""

    def html(self) -> Markup:
        """Return the lines in a border; a fluid tile has the shape of its picture."""
        word, *rest = filter(None, self.lines)
        border = self.border or state_border(self.generation)
        return (self._shaped if self.style.fluid else self._boxed)(word, rest, border)

    def _shaped(self, word: str, rest: Sequence[str], border: str) -> Markup:
        """Return a tile in the shape of its picture, with as many words as stand in it."""
        width, height = self.style.shown(self.generation)
        why = wording.DOT.join(rest)
        striking = border != _PLAIN
        short = self._short(why, width, height) if striking else ""
        words = [tag("b", word) if striking else tag("span", word, style=markup.QUIET)]
        # What can be pressed comes first: where the tile shrinks, its end is cut.
        words += [self.action] if self.action else []
        words += [tag("span", short, style=markup.QUIET)] if short else []
        used = len(words) + len(short) * _LETTER // max(1, width - 16)
        above = max(2.0, 50 * (height - used * _LINE) / width)
        inner = f"padding:{above:.1f}% 1px 0 1px;font-size:11px;line-height:{_LINE}px"
        text = tag("div", joined(words, Markup("<br>")), style=inner)
        title = self._title(why, wording.task_text(self.generation.task_id))
        looks = f"height:0;padding-bottom:{100 * height / width:.2f}%;overflow:hidden"
        looks += f";text-align:center;border-radius:3px;background:{markup.HOLLOW};border:{border}"
        looks += f";margin:-{border[0]}px 0"  # as high as its picture, which has no border
        moves = {"class": RUNS} if self.generation.state is State.RUNNING else {}
        place = tag("div", text, title=title, style=looks, **moves)
        return tag("div", place, style=f"width:100%;max-width:{width}px")

    def _short(self, why: str, width: int, height: int) -> str:
        """Return as much of the reason as there is room for beside the word and the action."""
        lines = max(0, (height - 12) // _LINE - 1 - bool(self.action))
        letters = int((width - 16) / _LETTER) * lines
        return wording.cut(why, letters) if width >= _LEAST_TEXT and letters > 11 else ""

    def _boxed(self, word: str, rest: Sequence[str], border: str) -> Markup:
        """Return a tile that is as large as its words want it."""
        px = self.style.px
        high = max(90, min(px, self.style.shown(self.generation)[1]))
        width, height = (420, 140) if self.style.roomy else (px, high)
        words = [tag("b", word), *(markup.quiet(markup.with_code(line)) for line in rest)]
        task, error = wording.task_text(self.generation.task_id), self.generation.error
        cell = tag(
            "td",
            joined(words, Markup("<br>")),
            align="center",
            valign="middle",
            width=width - 16,
            height=height - 16,
            title=self._title(task, str(error or "")),
            style=_INSIDE,
        )
        looks = f"border:{border};border-collapse:separate;margin:0;width:{width}px"
        row = tag("tr", cell, style="background:none")
        return tag("table", row, border=1, width=width, style=looks)

    @staticmethod
    def _title(*texts: str) -> str:
        title = wording.DOT.join(filter(None, texts))
        return wording.cut(wording.code_free(title), markup.MOST_TITLE)
