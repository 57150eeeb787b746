"""One `prompts.toml`: read, and refused where it holds what no file of others may decide.

    [prompts.poster]
    prompt = "A poster of {bird}, {style: @styles}"
    aspect_ratio = "3:4"
    note = "for the autumn series"

    [lists]
    styles = ["woodcut", "oil", "ink"]

A prompt has a text, a model and its parameters, and reference images by paths inside the folder of
the file. Provider, address, limits and a yes are the person's own, and are no part of it.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import disk
from nanobanana_nb.library.library_prompt import Images, LibraryPrompt
from nanobanana_nb.model import catalog
from nanobanana_nb.model.own_keys import refuse_key
from nanobanana_nb.model.prompt.value_syntax import MOST_VALUES
from nanobanana_nb.text.spelling import hint
from nanobanana_nb.text.terminal import cut

FILE_NAME = "prompts.toml"
NAME = re.compile(r"[\w-]{1,60}")
_LARGEST = 1_000_000  # bytes of a file
_TEXTS = ("prompt", "note", "model", "aspect_ratio", "output_format", "resolution")
FIELDS = (*_TEXTS, "images", "raw", *(n for n in catalog.FAMILY_FIELDS if n not in _TEXTS))


@dataclass(frozen=True)
class PromptFile:
    """What stands in one file: prompts and lists by their names."""

    path: Path
    prompts: Mapping[str, LibraryPrompt] = field(default_factory=dict)
    lists: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def read(path: Path) -> PromptFile:
    """Return what stands in a file, nothing where there is none.

    Raises:
        InputError: it cannot be read or holds what it may not; it tells where.
    """
    try:
        text = source(path)
    except FileNotFoundError:
        return PromptFile(path)
    tables = parsed(path, text)
    for name, table in tables.items():
        if name not in ("prompts", "lists"):
            raise _unknown(path, "", name, ("prompts", "lists"))
        if not isinstance(table, dict):
            raise _wrong(path, f"[{name}]", "is a table of names")
    prompts = tables.get("prompts", {})
    lists = tables.get("lists", {})
    return PromptFile(
        path,
        {name: _prompt(path, name, table) for name, table in prompts.items()},
        {name: _list(path, name, values) for name, values in lists.items()},
    )


def source(path: Path) -> str:
    """Return the text of a file.

    Raises:
        FileNotFoundError: there is none.
        InputError: it cannot be read, is too large, or holds a key.
    """
    try:
        text = disk.read_regular(path, _LARGEST).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except UnicodeDecodeError:
        raise InputError(f"{path} cannot be read", why="it is not UTF-8", action="") from None
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(f"{path} cannot be read", why=why, action="") from None
    refuse_key(f"{path}", text)
    return text


def parsed(path: Path, text: str) -> dict[str, Any]:
    """Return the tables of a file's text.

    Raises:
        InputError: it is no TOML; it tells line and column.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        why = "its tables are too deep" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"{path} is no TOML", why=why, action="") from None


def _prompt(path: Path, name: str, table: Any) -> LibraryPrompt:
    where = _checked_name(path, "prompts", name)
    if not isinstance(table, dict):
        raise _wrong(path, where, 'is a table with a line `prompt = "..."`')
    for key, value in table.items():
        if key not in FIELDS:
            raise _unknown(path, where, key, FIELDS)
        kind: type = str if key in _TEXTS else bool
        if key != "images" and not isinstance(value, kind):
            raise _wrong(path, where, f"{key} is {'a text' if kind is str else 'true or false'}")
        _check_signs(path, where, value)
    if not table.get("prompt", "").strip():
        raise _wrong(path, where, 'has no line `prompt = "..."`')
    return LibraryPrompt(
        table["prompt"],
        name=name,
        model=table.get("model"),
        parameters={n: table[n] for n in catalog.FAMILY_FIELDS if n in table},
        images=_images(path, where, table.get("images", [])),
        raw=table.get("raw", False),
        note=table.get("note", ""),
        file=path,
    )


def _images(path: Path, where: str, value: Any) -> Images:
    """Return the reference images: a path, a list of them, or a table of what they show."""
    named = value if isinstance(value, dict) else {"": value}
    images = {}
    for name, paths in named.items():
        texts = paths if isinstance(paths, list) else [paths]
        if not all(isinstance(text, str) and text for text in texts):
            raise _wrong(path, where, "images are paths")
        _check_signs(path, where, name, *texts)
        images[name] = tuple(_inside(path, where, text) for text in texts)
    return {name: paths for name, paths in images.items() if paths}


def _inside(path: Path, where: str, text: str) -> str:
    """Return the file that is meant, wherever links lead: inside the folder of this file."""
    folder = path.parent.resolve()
    try:
        file = (folder / text).resolve()
        inside = file.is_relative_to(folder) and not Path(text).is_absolute() and "://" not in text
    except (OSError, RuntimeError, ValueError):  # links in a circle
        inside = False
    if not inside:
        what = f"{cut(text, 60)} is no path inside its folder"
        raise _wrong(path, where, what)
    return str(file)


def _list(path: Path, name: str, values: Any) -> tuple[Any, ...]:
    where = f"{_checked_name(path, 'lists', name)}"
    if not isinstance(values, list) or not all(map(_is_plain, values)):
        raise _wrong(path, where, "is a list of texts and numbers")
    if not 0 < len(values) <= MOST_VALUES:
        raise _wrong(path, where, f"has {len(values):,} values, not 1 to {MOST_VALUES:,}")
    _check_signs(path, where, *values)
    return tuple(values)


def _is_plain(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | int) and value != ""


def _checked_name(path: Path, table: str, name: str) -> str:
    """Return where a name stands, as an error says it."""
    if NAME.fullmatch(name):
        return f"[{table}.{name}]"
    action = "A name has letters, digits, - and _, at most 60."
    raise InputError(f"{path}: {name[:60]!r} cannot be a name in [{table}]", action=action)


def _check_signs(path: Path, where: str, *values: Any) -> None:
    try:
        catalog.check_signs(value for value in values if isinstance(value, str))
    except InputError as error:
        raise _wrong(path, where, f"holds a control character, {error.why}") from None


def _unknown(path: Path, where: str, name: str, known: tuple[str, ...]) -> InputError:
    at = f" {where}" if where else ""
    return InputError(
        f"{path}:{at} cannot set {name[:60]!r}",
        why=hint(name, known),
        action="A prompt file holds prompts, their parameters, and lists.",
    )


def _wrong(path: Path, where: str, what: str) -> InputError:
    return InputError(f"{path}: {where} {what}", action="")
