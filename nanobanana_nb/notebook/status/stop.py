"""The end of a cell whose wait was stopped: its output says so, and no traceback does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import WaitInterrupted, message_alone

if TYPE_CHECKING:
    from markupsafe import Markup

    from nanobanana_nb.model.result import Generation
    from nanobanana_nb.notebook.page.output import Bundle
    from nanobanana_nb.show.grid import ImageGrid

_GOES_ON = (
    "Stopped waiting. Paid tasks go on: run the cell again to go on waiting, or"
    " `%nanobanana resume` to fetch their images. Neither pays again."
)
_STOPS = (WaitInterrupted, asyncio.CancelledError)


class Stopped(WaitInterrupted):
    """The wait for a run, or for scores, was stopped.

    Args:
        is_shown: whether the output under the cell says so.
        words: what was stopped, and how it goes on.
    """

    def __init__(self, is_shown: bool = False, words: str = _GOES_ON) -> None:
        super().__init__(words)
        self.is_shown = is_shown


def say_shortly(stop: asyncio.CancelledError, *, is_shown: bool) -> None:
    """Let a stop in code of a person's own end its cell as `Stopped` does.

    It stays what it is: `asyncio.timeout` knows its own cancelling by the very class.
    """
    stop.args = (_GOES_ON,)
    stop.is_shown = is_shown  # type: ignore[attr-defined]
    stop._render_traceback_ = partial(message_alone, stop)  # type: ignore[attr-defined]


def stopped_words(generations: Sequence[Generation]) -> str:
    """Return what a person should know first after a stop: `7 paid images are on their way.`"""
    from nanobanana_nb.show.html import wording

    waiting = [image for image in generations if wording.can_resume(image)]
    if not waiting:
        return "Nothing more is sent."
    noun = "image" if all(image.simulated for image in waiting) else "paid image"
    are = "is on its way" if len(waiting) == 1 else "are on their way"
    return f"{wording.counted(len(waiting), noun)} {are} at the service."


def still(grid: ImageGrid) -> ImageGrid:
    """Return a grid as it stands where its wait was stopped, whoever else fetches its images."""
    from nanobanana_nb.model.result import State

    images = [replace(g, state=State.DETACHED) if g.state.is_open else g for g in grid]
    return grid.of(images, grid.plan, grid.view, grid.number)


def stopped_line(grid: ImageGrid) -> tuple[Markup, str]:
    """Return the line above the images of a stopped run, as HTML and as text.

    It names the command that shows them later: no variable has what a stopped call was to return.
    """
    from nanobanana_nb.show.html import wording
    from nanobanana_nb.show.html.markup import joined, tag, with_code

    words = stopped_words(grid.generations)
    if command := _command(grid):
        words += f" `%nanobanana {command}` shows it."
    line = joined([tag("b", "Stopped."), with_code(words)], " ")
    return line, f"Stopped. {wording.code_free(words)}"


def _command(grid: ImageGrid) -> str:
    """Return what shows a grid, or the one image of a grid that has no number."""
    if grid.number is not None:
        return f"grid g{grid.number}"
    ids = [image.id for image in grid]
    return f"show {ids[0]}" if len(ids) == 1 and ids[0] is not None else ""


def headed(line: Markup, text: str, forms: Bundle) -> Bundle:
    """Return the forms of a grid with a line above it."""
    from markupsafe import Markup

    from nanobanana_nb.show.html.markup import tag

    html = tag("div", line, style="margin:0 0 8px 0") + Markup(forms["text/html"])
    return {**forms, "text/html": html, "text/plain": f"{text}\n{forms['text/plain']}"}


def install(shell: Any) -> None:
    """Let a stop end its cell with one quiet line, where the output does not tell of it already.

    The cells after it are not run, as after any interrupt. A handler of the person's own stays.
    """
    if not shell.custom_exceptions:
        shell.set_custom_exc(_STOPS, _leave)


def remove(shell: Any) -> None:
    """Take back what `install` did."""
    if shell.custom_exceptions == _STOPS:
        shell.set_custom_exc((), None)


def _leave(shell: Any, kind: Any, error: Any, trace: Any, tb_offset: int | None = None) -> None:
    is_shown = getattr(error, "is_shown", None)
    if is_shown is None:  # somebody else's cancelling
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    elif not is_shown:
        _show_line(str(error))


def _show_line(text: str) -> None:
    from IPython.display import publish_display_data

    from nanobanana_nb.show.html import wording
    from nanobanana_nb.show.html.markup import quiet, with_code

    html = quiet(with_code(text))
    publish_display_data({"text/html": html, "text/plain": wording.code_free(text)})
