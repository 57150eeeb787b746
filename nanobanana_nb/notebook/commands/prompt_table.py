"""The prompts and lists of the library as a table with small pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.library.library import BESIDE, OWN
from nanobanana_nb.library.library_prompt import LibraryPrompt
from nanobanana_nb.library.prompt_file import FILE_NAME, PromptFile
from nanobanana_nb.model.prompt import template
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.commands.history import picture, tile_style
from nanobanana_nb.show.html import plain_table, text, wording
from nanobanana_nb.show.html.markup import isolated, joined, quiet, tag
from nanobanana_nb.show.html.report import Report
from nanobanana_nb.text.prompts import as_sent

EMPTY = (
    f"No {FILE_NAME} has a prompt yet: `grid.keep('poster')` writes one beside the notebook, "
    "`%%nanobanana --prompt poster` uses it."
)
_HEADERS = ("image", "prompt", "text", "settings", "from")
Contents = Mapping[str, PromptFile | NanobananaError]


def prompt_table(ledger: Ledger, contents: Contents) -> Report:
    """Return the table of what the files hold, the nearest first, and what is wrong with any."""
    files = {whose: file for whose, file in contents.items() if isinstance(file, PromptFile)}
    notes = [*_lists(files), *(str(e) for e in contents.values() if isinstance(e, NanobananaError))]
    rows = [(p, whose) for whose, file in files.items() for p in file.prompts.values()]
    if not rows:
        return Report.line(" ".join([EMPTY, *notes]))
    images = ledger.newest(_written(prompt) for prompt, _ in rows)
    nearest: set[str] = set()
    html_rows, plain_rows = [], []
    for prompt, whose in rows:
        image = images.get(_written(prompt))
        facts = _facts(prompt, whose, hidden=prompt.name in nearest)
        nearest.add(prompt.name)
        html_rows.append([_drawn(image, len(rows)), facts[0], _text(prompt), *facts[2:]])
        plain_rows.append([wording.state_word(image) if image else "–", *facts])
    plain = "\n".join([text.table_text(_HEADERS, plain_rows), *notes])
    lines = (tag("div", quiet(isolated(note, 600)), style="padding:4px 0") for note in notes)
    return Report(joined([plain_table.table_html(_HEADERS, html_rows), *lines]), plain)


def _written(prompt: LibraryPrompt) -> str:
    """Return the text as plans and requests have it."""
    return as_sent(prompt if prompt.raw else template.parse(prompt).written)


def _drawn(image: Generation | None, count: int) -> Markup | str:
    return picture(image, tile_style(count)) if image else "–"


def _text(prompt: LibraryPrompt) -> Markup:
    note = tag("div", quiet(isolated(prompt.note, 160))) if prompt.note else ""
    return tag("div", isolated(prompt, 300), note)


def _facts(prompt: LibraryPrompt, whose: str, *, hidden: bool) -> list[str]:
    """Return name, text, settings and file of one prompt."""
    settings = [wording.setting(name, value) for name, value in prompt.parameters.items()]
    settings = [wording.cut(prompt.model, 60), *settings] if prompt.model else settings
    names = ", ".join(filter(None, prompt.images)) or "images"
    settings += [f"with {wording.cut(names, 60)}"] * bool(prompt.images)
    settings += ["raw"] * prompt.raw
    origin = _origin(prompt.file, whose) + (", hidden by the one above" if hidden else "")
    return [prompt.name, wording.cut(prompt, 160), wording.DOT.join(settings), origin]


def _origin(path: Path | None, whose: str) -> str:
    own = {BESIDE: f"{FILE_NAME} here", OWN: f"your {FILE_NAME}"}
    return own.get(whose) or f"shared: {path.name if path else ''}"


def _lists(files: Mapping[str, PromptFile]) -> list[str]:
    """Return a line for the lists, each as a cell names it with its first values."""
    lists = {n: v for file in reversed([*files.values()]) for n, v in file.lists.items()}
    texts = [
        f"@{name} ({', '.join(map(str, values[:3]))}{', …' if len(values) > 3 else ''})"
        for name, values in lists.items()
    ]
    return [f"Lists: {wording.cut(', '.join(texts), 400)}"] if texts else []
