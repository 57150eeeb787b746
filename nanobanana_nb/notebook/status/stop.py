"""The end of a cell whose wait was stopped: its output says so, and no traceback does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import message_alone

if TYPE_CHECKING:
    from nanobanana_nb.model.result import Generation


class Stopped(KeyboardInterrupt):
    """The wait for a run was stopped.

    Args:
        said: whether the output under the cell says so.
    """

    def __init__(self, said: bool = False) -> None:
        super().__init__(
            "stopped waiting. Paid tasks go on: run the cell again to go on waiting, or"
            " %nanobanana resume to fetch their images. Neither pays again."
        )
        self.said = said
        self._render_traceback_ = partial(message_alone, self)


def stopped_words(generations: Sequence[Generation]) -> str:
    """Return what a person should know first after a stop: `7 paid images are on their way.`"""
    from nanobanana_nb.show.html import wording

    open_ = sum(map(wording.can_resume, generations))
    if not open_:
        return "Nothing more is sent."
    are = "is on its way" if open_ == 1 else "are on their way"
    return f"{wording.counted(open_, 'paid image')} {are} at the service."


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
