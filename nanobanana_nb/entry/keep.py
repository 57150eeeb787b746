"""An image or a grid written down as a prompt of the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.library import library, prompt_file, toml_text
from nanobanana_nb.model import arguments, catalog
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.prompt import checks, template
from nanobanana_nb.model.prompt.axis_lines import RULE, AxisLine, AxisLines
from nanobanana_nb.model.request import GenerationRequest, Parameters
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export.file_writer import replacing

_PRIVATE = "A private prompt is not written down"
_NAMED = 'For example: grid.keep("poster")'


def keep(
    images: Sequence[Generation],
    plan: Plan | None,
    name: str,
    *,
    note: str = "",
    replace: bool = False,
) -> Path:
    """Write what asks for these images into `prompts.toml`, and return the file.

    It goes beside the notebook, or into the home folder where that cannot be written. The text of
    the file is left as it is. Reference images are not written down.

    Args:
        plan: of a grid: its text is kept with what varies; None for one image.
        name: what it is called there: letters, digits, `-` and `_`.
        note: a line of your own beside it.
        replace: let it take the place of one of that name.

    Raises:
        InputError: it is private, the name is there already or is none, or no file can be written.
    """
    arguments.check(name=name, note=note, replace=replace)
    if not prompt_file.NAME.fullmatch(name):
        what = f"{name[:60]!r} cannot be the name of a prompt"
        raise InputError(what, why="it has letters, digits, - and _, at most 60", action=_NAMED)
    if any(image.request.private for image in images):
        raise InputError(_PRIVATE, action="")
    fields = _of_plan(plan) if plan is not None and plan.recipe else _of_request(images)
    fields |= {"note": note} if note else {}
    catalog.check_signs([note])
    return _write(name, fields, replace=replace)


def _of_request(images: Sequence[Generation]) -> dict[str, Any]:
    """Return what asks for one image."""
    requests = {image.request.prompt: image.request for image in images}
    if len(requests) != 1:
        raise InputError("These images have no prompt in common", action="Keep one: grid[0].keep")
    request: GenerationRequest = next(iter(requests.values()))
    return _fields(request.prompt, request.model, request.parameters, raw=not _is_plain(request))


def _is_plain(request: GenerationRequest) -> bool:
    """Whether the text is read as it stands: no brace and no line of it means anything."""
    parsed = template.parse(request.prompt)
    places = parsed.names or parsed.lines != AxisLines()
    return not places and parsed.fill({}) == request.prompt and checks.is_clear(parsed.written)


def _of_plan(plan: Plan) -> dict[str, Any]:
    """Return what asks for a grid: its text, and the values of its axes where lines have them."""
    recipe = plan.recipe
    assert recipe is not None
    if not recipe.filled:
        return _fields(recipe.prompt, recipe.model, recipe.parameters, raw=True)
    text = recipe.prompt
    in_place = {place.name for place in recipe.template.choices}
    axes = [axis for axis in plan.axes if _has_lines(axis) and not in_place & set(axis.names)]
    lines = tuple(AxisLine(name, values) for axis in axes for name, values in _columns(axis))
    zipped = tuple(axis.names for axis in axes if len(axis.names) > 1)
    if lines:
        whole = f"{text}\n{RULE}\n{AxisLines(lines, zipped).render()}"
        parsed = template.parse(whole)
        text = whole if parsed.lines == AxisLines(lines, zipped) else text
    return _fields(text, recipe.model, recipe.parameters, raw=False)


def _has_lines(axis: Axis) -> bool:
    """Whether all its values are words and numbers, which a line can hold."""
    return all(
        isinstance(value, str | int | float) and value != "" and "\n" not in str(value)
        for n in range(len(axis))
        for _, value in axis.at(n)
    )


def _columns(axis: Axis) -> list[tuple[str, tuple[str, ...]]]:
    rows = [axis.at(n) for n in range(len(axis))]
    return [(name, tuple(str(row[n][1]) for row in rows)) for n, name in enumerate(axis.names)]


def _fields(text: str, model: str, parameters: Parameters, *, raw: bool) -> dict[str, Any]:
    """Return the fields of a table; a parameter that no file may set is left out."""
    own = {name: v for name, v in parameters if name in catalog.FAMILY_FIELDS}
    return {
        "prompt": text,
        "model": catalog.short_name(model),
        **{name: value for name, value in own.items() if isinstance(value, str | bool)},
        **({"raw": True} if raw else {}),
    }


def _write(name: str, fields: dict[str, Any], *, replace: bool) -> Path:
    """Write into the nearest file that can be written."""
    places = library.places()
    mine = [path for whose, path in places.items() if whose != library.SHARED]
    for last, path in ((path == mine[-1], path) for path in mine):
        text = _text_of(path)
        whole = toml_text.with_table(text, name, fields, replace=replace)
        try:
            with replacing(path) as file:
                file.write(whole.encode())
            return path
        except InputError:
            if last:
                raise
    raise AssertionError("there is a home folder")


def _text_of(path: Path) -> str:
    try:
        text = prompt_file.source(path)
    except FileNotFoundError:
        return ""
    prompt_file.parsed(path, text)  # what is no TOML is told by its line
    return text
