"""The way from Tab and Shift-Tab to what is offered and explained, in every front end.

IPython asks its completer, and the kernel its `do_inspect`, with the whole cell and the cursor.
What stands in a magic of ours is answered here, and by nobody else: Python's names have no place
in a prompt. IPython's own hooks see one line of a cell alone, and lack what suppresses the rest
in 7.34.
"""

from __future__ import annotations

from typing import Any

from nanobanana_nb.errors import NanobananaError


def install(shell: Any) -> None:
    """Answer for our magics; `remove` takes it back."""
    for owner, name, answers in _places(shell):
        setattr(owner, name, answers(shell, getattr(owner, name)))


def remove(shell: Any) -> None:
    """Let IPython answer alone again."""
    for owner, name, answers in _places(shell):
        if isinstance(getattr(owner, name), answers):
            delattr(owner, name)


def _places(shell: Any) -> list[tuple[Any, str, type]]:
    """Return who is asked, by which method, and what takes its place; no terminal has a kernel."""
    kernel = getattr(shell, "kernel", None)
    places = [(shell.Completer, "completions", _Completions), (kernel, "do_inspect", _Inspection)]
    return [place for place in places if hasattr(place[0], place[1])]


class _Completions:
    """Takes the place of `IPCompleter.completions`."""

    def __init__(self, shell: Any, others: Any) -> None:
        self._shell, self._others = shell, others

    def __call__(self, text: str, offset: int) -> Any:
        suggestions = _suggestions(self._shell, text, offset) if "nanobanana" in text else None
        if suggestions is None:
            return self._others(text, offset)
        from IPython.core.completer import Completion, provisionalcompleter

        with provisionalcompleter():
            return iter(
                [
                    Completion(offset - s.length, offset, s.text, type=s.kind, _origin="nanobanana")
                    for s in suggestions
                ]
            )


class _Inspection:
    """Takes the place of a kernel's `do_inspect`."""

    def __init__(self, shell: Any, others: Any) -> None:
        self._shell, self._others = shell, others

    def __call__(self, code: str, cursor_pos: int, *args: Any, **options: Any) -> Any:
        text = _explanation(self._shell, code, cursor_pos) if "nanobanana" in code else ""
        if not text:
            return self._others(code, cursor_pos, *args, **options)
        data = {"text/plain": text}
        return {"status": "ok", "found": True, "data": data, "metadata": {}}


def _suggestions(shell: Any, code: str, position: int) -> Any:
    from nanobanana_nb.notebook.completion.suggestions import suggestions

    try:
        return suggestions(shell, code, position)
    except NanobananaError:  # of the ledger or the settings: whoever runs the line is told
        return []


def _explanation(shell: Any, code: str, position: int) -> str:
    from nanobanana_nb.notebook.completion.explanation import explanation

    try:
        return explanation(shell, code, position)
    except NanobananaError:
        return ""
