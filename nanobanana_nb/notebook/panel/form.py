"""The fields of a panel, and the cell that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nanobanana_nb.model import catalog
from nanobanana_nb.model.model_choices import choices_of
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.notebook.magic import cell_spec
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.axes_editor import AxesEditor, axes_of, options_of
from nanobanana_nb.notebook.panel.reference_list import ReferenceList

MOST_REPEATS = 100
_HINT = "What the image shows. {red|blue} and {style} vary; a list of the notebook does too."
_LABELS = {name: option.label for name, option in OPTIONS.items()}
_UNSET = ("default", "")  # a list shows nothing where its value is None


class Form:
    """Everything that says what to make; `box` shows it.

    Args:
        on_change: called when anything was changed.
        on_model: called with a model when it was chosen.
        keep: writes an uploaded file and returns its path; raises NanobananaError.
        take: called with the key of a tile of the wall that was dropped here.
        fail: called with the errors of files that came together.
    """

    def __init__(
        self,
        on_change: Callable[[], object],
        on_model: Callable[[str], object],
        keep: Callable[[str, bytes], str],
        take: Callable[[str], object],
        fail: Callable[..., object],
    ) -> None:
        self._on_change, self._on_model = on_change, on_model
        self._schemas: dict[str, Mapping[str, Any]] = {}
        self._fields: dict[str, Any] = {}
        self.prompt = controls.area("Prompt", _HINT, rows=3)
        self.prompt.add_class("nb-prompt-field")
        self.highlight = controls.html()
        self._model = controls.pick(_LABELS["model"], _models(()))
        self._repeats = controls.count(_LABELS["repeats"], MOST_REPEATS)
        self._row = controls.row(self._model, self._repeats, name="nb-fields")
        self._fresh = controls.tick(_LABELS["fresh"])
        self._raw = controls.tick(_LABELS["raw"])
        self.data = controls.suggest(_LABELS["data"], "a frame, or a file")
        self.axes = AxesEditor(on_change, self.data)
        self.images = ReferenceList(on_change, keep, take, fail)
        ticks = controls.row(self._fresh, self._raw)
        parts = (self.prompt, self.highlight, self.axes.box, self._row, self.images.box, ticks)
        self.box = controls.column(*parts, name="nb-written")
        self._model.observe(self._take_model, "value")
        for part in (self.prompt, self._repeats, self._fresh, self._raw, self.data):
            part.observe(lambda _: on_change(), "value")

    @property
    def model(self) -> str:
        """The model that is chosen."""
        return str(self._model.value)

    def repeat(self, repeats: int) -> None:
        """Ask for so many of each, and no longer for new ones in the place of those there are."""
        self._repeats.value, self._fresh.value = repeats, False

    def read(self) -> CellSpec:
        """Return what stands in the fields now."""
        options = {
            "model": self.model or None,
            "repeats": int(self._repeats.value),
            "fresh": bool(self._fresh.value),
            "raw": bool(self._raw.value),
            "data": self.data.value.strip() or None,
            **options_of(self.axes.read()),
        }
        parameters = [(n, p.value) for n, p in self._fields.items() if p.value != ""]
        return CellSpec(
            self.prompt.value,
            cell_spec.options_of(options),
            tuple(sorted(parameters)),
            self.images.values,
        )

    def shows(self, texts: Any) -> bool:
        """Whether a page that has these texts in its fields has sent all that was typed."""
        return bool(texts == controls.texts(self.box))

    def complete(self) -> CellSpec:
        """Return what stands in the fields, for what is paid or written down.

        Raises:
            InputError: a picture is on its way.
        """
        self.images.uploads.check()
        return self.read()

    def write(self, spec: CellSpec) -> None:
        """Put a cell into the fields; values that the model does not offer are offered too."""
        parameters = dict(spec.parameters)
        self.prompt.value = spec.prompt
        self.choose(spec["model"] or "")
        for name, value in parameters.items():
            self._offer(name, value)
        for name, part in self._fields.items():
            part.value = parameters.get(name, "")
        self._repeats.value = spec["repeats"]
        self._fresh.value, self._raw.value = spec["fresh"], spec["raw"]
        self.data.value = spec["data"] or ""
        self.axes.write(axes_of(spec))
        self.images.write(spec.references)

    def fill(self, spec: CellSpec) -> None:
        """Put a cell into the fields whose model, if it names none, is the one that is chosen."""
        self.write(replace(spec, options={"model": self.model, **spec.options}))

    def choose(self, model: str) -> None:
        """Choose a model, known here or not."""
        name = catalog.full_name(model)
        if name not in dict(self._model.options).values():
            self._model.options = _models((name,))
        self._model.value = name
        self._fit()

    def know(self, model: str, schema: Mapping[str, Any]) -> None:
        """Take over what the service says that a model takes."""
        self._schemas[model] = schema
        if model == self.model:
            self._fit()

    def _take_model(self, change: Any) -> None:
        self._fit()
        self._on_model(self.model)
        self._on_change()

    def _fit(self) -> None:
        """Show the fields that the model takes; a value that it does not take is dropped."""
        choices = choices_of(self.model, self._schemas.get(self.model))
        for name, values in choices.items():
            self._field(name, values)
        parts = [self._fields[name] for name in choices]
        self._row.children = [self._model, *parts, self._repeats]
        for name in [name for name in self._fields if name not in choices]:
            controls.close(self._fields.pop(name))

    def _field(self, name: str, values: tuple[Any, ...]) -> None:
        options = [_UNSET, *((_word(value), value) for value in values)]
        if name not in self._fields:
            words = name.replace("_", " ").replace("google search", "Search web")
            label = _LABELS.get(name) or words
            self._fields[name] = controls.pick(label, options)
            self._fields[name].observe(lambda _: self._on_change(), "value")
        elif list(self._fields[name].options) != options:
            before = self._fields[name].value
            self._fields[name].options = options
            self._fields[name].value = before if before in values else ""

    def _offer(self, name: str, value: Any) -> None:
        field = self._fields.get(name)
        choices = [choice for _, choice in field.options[1:]] if field else []
        if value not in choices:
            self._field(name, (*choices, value))
            if self._fields[name] not in self._row.children:
                self._row.children = [*self._row.children[:-1], self._fields[name], self._repeats]


def _models(more: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name.removeprefix(catalog.PREFIX), name) for name in (*catalog.MODELS, *more)]


def _word(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
