"""The prompt files in force: beside the notebook, one's own, and one that is shared."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.library import prompt_file
from nanobanana_nb.library.library_prompt import LibraryPrompt
from nanobanana_nb.library.prompt_file import FILE_NAME, PromptFile
from nanobanana_nb.settings import config
from nanobanana_nb.settings.origin import start_folder
from nanobanana_nb.text.spelling import hint

BESIDE, OWN, SHARED = "beside the notebook", "own", "shared"


class MissingPromptError(InputError, KeyError):
    """There is no prompt or list of that name."""


@dataclass(frozen=True)
class Prompts(Mapping[str, LibraryPrompt]):
    """The prompts that files name, by their names; files are read anew each time.

    `prompts.toml` beside the notebook goes first, then the one in the home folder, then the file
    of the setting `prompts`. `prompts.lists` are the named lists of values. A file that cannot be
    read is left out here; `%nanobanana prompts` says what is wrong with it.

    Raises:
        MissingPromptError: by `prompts["name"]`: no file has it. It is a KeyError too.

    Examples:
        >>> from nanobanana_nb import generate, prompts
        >>> file = generate("A heron at dawn, woodcut").keep("dawn")
        >>> prompts["dawn"]
        'A heron at dawn, woodcut'
        >>> generate(prompts["dawn"]).credits  # from the ledger
        0
    """

    __module__ = "nanobanana_nb"  # where people find it

    @property
    def lists(self) -> Mapping[str, tuple[Any, ...]]:
        """The named lists of values, of which `{style: @styles}` names one.

        Examples:
            >>> dict(prompts.lists)
            {}
        """
        files = [file for file in map(_read, places().values()) if isinstance(file, PromptFile)]
        return {name: values for file in reversed(files) for name, values in file.lists.items()}

    def __getitem__(self, name: str) -> LibraryPrompt:
        return prompt(name)

    def __contains__(self, name: object) -> bool:
        return name in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def values(self) -> ValuesView[LibraryPrompt]:
        """Return the prompts, the nearest of each name; each file is read once.

        Examples:
            >>> [prompt.name for prompt in prompts.values()]
            ['dawn']
        """
        return self._all().values()

    def items(self) -> ItemsView[str, LibraryPrompt]:
        """Return the prompts with their names.

        Examples:
            >>> dict(prompts.items())
            {'dawn': 'A heron at dawn, woodcut'}
        """
        return self._all().items()

    def __repr__(self) -> str:
        return f"<Prompts: {', '.join(self) or 'none'}>"

    def _all(self) -> dict[str, LibraryPrompt]:
        files = [file for file in map(_read, places().values()) if isinstance(file, PromptFile)]
        named = {n: text for file in reversed(files) for n, text in file.prompts.items()}
        return {n: named[n] for n in dict.fromkeys(n for file in files for n in file.prompts)}


def places() -> dict[str, Path]:
    """Return the files, whether they are there or not, by whose they are; the nearest first."""
    settings = config.load(None, config.CONFIGURED).settings
    folder = start_folder()
    paths = {BESIDE: folder / FILE_NAME, OWN: settings.home / FILE_NAME}
    if settings.prompts is not None:
        paths[SHARED] = folder / settings.prompts
    first = {path.resolve(): whose for whose, path in reversed(paths.items())}
    return {whose: path for whose, path in paths.items() if first[path.resolve()] == whose}


def contents() -> dict[str, PromptFile | NanobananaError]:
    """Return what each file holds, or what is wrong with it, by whose it is."""
    return {whose: _read(path, whose) for whose, path in places().items()}


def prompt(name: str) -> LibraryPrompt:
    """Return the nearest prompt of a name.

    Raises:
        MissingPromptError: no file has it.
        InputError: a file that is nearer than the first that has it cannot be read.
    """
    for file in _files():
        if name in file.prompts:
            return file.prompts[name]
    raise _missing("prompt", str(name), Prompts())


def values_of(name: str) -> tuple[Any, ...]:
    """Return the values of the nearest list of a name. Raises what `prompt` raises."""
    for file in _files():
        if name in file.lists:
            return file.lists[name]
    raise _missing("list", name, Prompts().lists, "@")


def _files() -> Iterator[PromptFile]:
    """Yield the files, the nearest first; each is read when it is asked for."""
    for whose, path in places().items():
        file = _read(path, whose)
        if not isinstance(file, PromptFile):
            raise file
        yield file


def _read(path: Path, whose: str = "") -> PromptFile | NanobananaError:
    """Return what a file holds, or its error: others are there beside it."""
    try:
        if whose == SHARED and not path.exists():
            action = "The setting `prompts` names it: `%nanobanana config`."
            raise InputError(f"The shared file {path} is not there", action=action)
        return prompt_file.read(path)
    except NanobananaError as error:
        return error


def _missing(kind: str, name: str, known: Mapping[str, Any], sign: str = "") -> InputError:
    names = [f"{sign}{other}" for other in known]
    text = f'; "{sign}{name[:60]}" in quotes is the text' if sign else ""
    action = f"`%nanobanana prompts` lists the prompts and lists{text}."
    why = hint(f"{sign}{name}", names) if names else ""
    return MissingPromptError(f"There is no {kind} {sign}{name[:60]}", why=why, action=action)


prompts = Prompts()
