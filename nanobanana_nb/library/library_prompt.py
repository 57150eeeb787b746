"""A prompt of a library: a text that knows what else a request of it has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.model.prompt import checks, template
from nanobanana_nb.model.prompt.axis_lines import RULE, AxisLines

Images = Mapping[str, tuple[str, ...]]  # paths by what they show, "" for what has no name


class LibraryPrompt(str):
    """The text of a prompt, with the name, parameters and reference images that it has in a file.

    It is a text like any other; `generate`, `plan` and `sweep` take over what goes with it, and an
    argument of theirs goes before. `file` is None for one that is not written yet.

    Examples:
        >>> from nanobanana_nb.library.library_prompt import LibraryPrompt
        >>> poster = LibraryPrompt("A poster of a heron", parameters={"aspect_ratio": "3:4"})
        >>> poster.upper(), poster.parameters["aspect_ratio"]
        ('A POSTER OF A HERON', '3:4')
    """

    name: str
    model: str | None
    parameters: Mapping[str, Any]
    images: Images
    raw: bool
    note: str
    file: Path | None

    def __new__(
        cls,
        text: str,
        *,
        name: str = "",
        model: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        images: Images | None = None,
        raw: bool = False,
        note: str = "",
        file: Path | None = None,
    ) -> LibraryPrompt:
        """Return the text with what goes with it."""
        prompt = super().__new__(cls, text)
        prompt.name, prompt.model, prompt.parameters = name, model, dict(parameters or {})
        prompt.images, prompt.raw, prompt.note, prompt.file = dict(images or {}), raw, note, file
        return prompt

    @property
    def references(self) -> tuple[str, ...]:
        """The reference images as `-i` takes them."""
        pairs = ((name, path) for name, paths in self.images.items() for path in paths)
        return tuple(f"{name}={path}" if name else path for name, path in pairs)

    def options_beside(
        self, given: Mapping[str, Any], varied: Collection[str] = ()
    ) -> dict[str, Any]:
        """Return what goes with the text as arguments, without what is given or varies."""
        images = {name: list(paths) for name, paths in self.images.items()}
        unnamed = [path for path in self.references if not images.keys() - {""}]
        own: dict[str, Any] = {**self.parameters, "model": self.model, "raw": self.raw or None}
        own["images"] = unnamed or images or None
        free = [name for name in own if name not in varied and _is_free(given.get(name))]
        return {name: own[name] for name in free if own[name] is not None}

    def taken_over(
        self, axes: Mapping[str, Any], options: Mapping[str, Any], fixed: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any], str]:
        """Return options, fixed values and text of a plan with what the prompt brings along."""
        own = self.options_beside({**options, **fixed}, axes.keys())
        fields = {name: own.pop(name) for name in own.keys() - options.keys()}
        return {**options, **own}, {**fields, **fixed}, self.without_axes({*axes, *fixed})

    def filled(self) -> str:
        """Return the text where braces and lines mean nothing, as `generate` takes it.

        Raises:
            InputError: something varies in it, or it is plainly meant otherwise.
        """
        parsed = template.parse(self)
        checks.check(parsed.written)
        if parsed.names or parsed.lines != AxisLines():
            names = ", ".join((*parsed.names, *(axis.name for axis in parsed.lines.axes)))
            action = f"`sweep(prompts[{self.name!r}], ...)` makes its images."
            raise InputError(f"The prompt {self.name} has places: {names}", action=action)
        return parsed.fill({})

    def without_axes(self, names: Collection[str]) -> str:
        """Return the text without the axis lines of these names."""
        parsed = template.plain(self) if self.raw else template.parse(self)
        axes = tuple(axis for axis in parsed.lines.axes if axis.name not in names)
        if len(axes) == len(parsed.lines.axes):
            return str(self)
        return _with_lines(parsed.written, AxisLines(axes, _left(parsed.lines.zipped, names)))

    def with_lines(self, below: str, varied: Collection[str] = ()) -> str:
        """Return the text with the axis lines of a cell, which go before its own.

        Args:
            below: the rule and the lines under it.
            varied: names of axes that are given otherwise.

        Raises:
            InputError: nothing in the prompt varies, or the lines are no axes.
        """
        if self.raw:
            what = f"The prompt {self.name} is taken as it is: nothing varies in it"
            raise InputError(what, action=OPTIONS["vary"].place)
        own = template.parse(self.without_axes(varied))
        given = template.parse(f"{own.written}\n{below}")
        if given.lines == AxisLines():
            why = given.notes[0] if given.notes else ""
            action = "Each is a line `name: a | b`; a text of your own goes without the rule."
            what = f"Nothing below {RULE} is an axis of the prompt {self.name}"
            raise InputError(what, why=why, action=action)
        names = {axis.name for axis in given.lines.axes}
        axes = (*(axis for axis in own.lines.axes if axis.name not in names), *given.lines.axes)
        zipped = (*_left(own.lines.zipped, names), *given.lines.zipped)
        return _with_lines(own.written, AxisLines(axes, zipped))


def _is_free(value: Any) -> bool:
    """Whether an argument was left as it is where nothing is written."""
    return value is None or value is False or (isinstance(value, tuple) and not value)


def _left(zipped: tuple[tuple[str, ...], ...], names: Collection[str]) -> tuple[Any, ...]:
    """Return the groups of which no axis was taken away."""
    return tuple(group for group in zipped if not set(group) & set(names))


def _with_lines(body: str, lines: AxisLines) -> str:
    return f"{body}\n{RULE}\n{lines.render()}" if lines != AxisLines() else body
