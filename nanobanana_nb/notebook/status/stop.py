"""The end of a cell whose wait was stopped: its output says so, and no traceback does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import message_alone

if TYPE_CHECKING:
    from markupsafe import Markup

    from nanobanana_nb.model.result import Generation
    from nanobanana_nb.notebook.page.output import Bundle


class Stopped(KeyboardInterrupt):
    """The wait for a run was stopped.

    Args:
        said: whether the output under the cell says so.
    """

    def __init__(self, said: bool = False) -> None:
        super().__init__()
        self.said = said
        say_shortly(self)


def say_shortly(stop: BaseException) -> None:
    """Let it say what was stopped, to whatever draws it, instead of where in the code."""
    stop.args = (
        "stopped waiting. Paid tasks go on: run the cell again to go on waiting, or"
        " %nanobanana resume to fetch their images. Neither pays again.",
    )
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


def stopped_line(generations: Sequence[Generation]) -> tuple[Markup, str]:
    """Return the line that stands above the images of a stopped run, as HTML and as text."""
    from nanobanana_nb.show.html.markup import joined, tag

    words = stopped_words(generations)
    return joined([tag("b", "Stopped."), words], " "), f"Stopped. {words}"


def headed(line: Markup, text: str, forms: Bundle) -> Bundle:
    """Return the forms of a grid with a line above it."""
    from markupsafe import Markup

    from nanobanana_nb.show.html.markup import tag

    html = tag("div", line, style="margin:0 0 8px 0") + Markup(forms["text/html"])
    return {**forms, "text/html": html, "text/plain": f"{text}\n{forms['text/plain']}"}


def install(shell: Any) -> None:
    """Let a stop that the output tells of end its cell without a traceback.

    The cells after it are not run, as after any interrupt. A handler of the person's own stays.
    """
    if not shell.custom_exceptions:
        shell.set_custom_exc((Stopped,), _leave)


def remove(shell: Any) -> None:
    """Take back what `install` did."""
    if shell.custom_exceptions == (Stopped,):
        shell.set_custom_exc((), None)


def _leave(shell: Any, kind: Any, error: Any, trace: Any, tb_offset: int | None = None) -> None:
    if not error.said:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
