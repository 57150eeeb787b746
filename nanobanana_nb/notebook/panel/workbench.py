"""The parts of an open panel, put together: form, bill, runs and history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model import catalog
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.magic.cell_text import spec_of
from nanobanana_nb.notebook.magic.namespace import variables
from nanobanana_nb.notebook.page.frontend import in_voila
from nanobanana_nb.notebook.panel import controls, file_upload
from nanobanana_nb.notebook.panel.cell_box import CellBox
from nanobanana_nb.notebook.panel.form import Form
from nanobanana_nb.notebook.panel.generate_button import GenerateButton
from nanobanana_nb.notebook.panel.history_tab import HistoryTab
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.live_bill import LiveBill
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.panel_run import PanelRun
from nanobanana_nb.notebook.panel.panel_viewer import PanelViewer
from nanobanana_nb.notebook.panel.prompt_names import prompt_names
from nanobanana_nb.notebook.panel.result_area import ResultArea
from nanobanana_nb.notebook.panel.service_line import key_words
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.highlight import highlight_html

TYPING_S = 0.4  # so long after the last key the bill is asked for
MAKE, HISTORY = 0, 1
USED = "It is among the panel's images now: write what comes next, and press Generate."


class Workbench:
    """The widgets of one panel in `box`, and what happens when they are used."""

    def __init__(
        self, loop: KernelLoop, shell: Any, settings: Settings, leave: Callable[[], object]
    ) -> None:
        self._loop, self._shell, self._settings = loop, shell, settings
        self._models: set[str] = set()  # those whose schema the service was asked for
        self.messages = Messages()
        self.results = ResultArea()
        self.form = Form(self._on_change, self._ask_schema, self._keep)
        self.bill = LiveBill(loop, shell)
        self.generate = GenerateButton(self.form.read, shell, self.messages, self._on_end)
        self.viewer = PanelViewer(loop, self.messages, lambda: self.generate.run.images, self._use)
        on_look = self.viewer.refresh
        self.generate.run = PanelRun(loop, self.results, self.generate.end, on_look)
        self.cell = CellBox(self.form.read, shell, self.messages)
        self.history = HistoryTab(loop, settings, self._reuse, self._reference, self._view)
        self.box = self._layout(leave)

    def open(self) -> None:
        """Begin, once the widgets are shown."""
        self.results.open()
        self.form.choose(self._settings.model)
        self._ask_schema(self.form.model)
        self._shell.events.register("post_run_cell", self._after_cell)

    def close(self) -> None:
        """Close every widget; nothing is called any more."""
        self._shell.events.unregister("post_run_cell", self._after_cell)
        self.results.close()
        controls.close(self.box)

    def _layout(self, leave: Callable[[], object]) -> Any:
        generate, row, column = self.generate, controls.row, controls.column
        buttons = row(generate.go, generate.stop, self.viewer.button, *self.cell.buttons)
        parts = [self.form.box, self.bill.box, buttons]
        parts += [generate.run.box, self.messages.box, self.cell.box, self.results.box]
        self._tabs = controls.tabs(Make=column(*parts), History=self.history.box)
        self._tabs.observe(lambda _: self._show_history(), "selected_index")
        close = controls.button("Close", "Take the panel away; its images stay", leave)
        close.layout.display = "none" if in_voila() else None  # there they are in the panel
        service = controls.html(controls.READABLE + key_words(self._settings))
        head = controls.apart(service, close, least="200px")
        return column(head, self._tabs, self.viewer.box, max_width="960px")

    def _on_change(self) -> None:
        """Look again when nothing was typed for a while."""
        self.generate.changed()
        self._loop.later("look", TYPING_S, self._look)

    def _look(self, *, anew: bool = False) -> None:
        """Show what the prompt's names stand for, the bill, and the cell."""
        spec = self.form.read()
        names = prompt_names(spec, variables(self._shell))
        html = highlight_html(names.template, names.axes, names.texts)
        controls.show(self.form.highlight, html)
        suggestions = [*names.unknown, *catalog.FAMILY_FIELDS, "model", "image"]
        self.form.axes.suggest(suggestions, next(iter(names.unknown), ""))
        self.bill.ask(spec, anew=anew)
        self.cell.refresh()

    def _after_cell(self, *_: Any) -> None:
        """Look again after a cell: it may have defined what the prompt names."""
        self._loop.later("look", TYPING_S, self._look)

    def _show_history(self) -> None:
        """Draw the history anew where it is in sight: its pictures take a while."""
        if self._tabs.selected_index == HISTORY:
            self.history.refresh()

    def _on_end(self) -> None:
        self.viewer.refresh()
        self._look(anew=True)
        self._show_history()

    def _ask_schema(self, model: str) -> None:
        """Ask the service once what a model takes; the catalog stands until it answers."""
        if model in self._models:
            return
        self._models.add(model)
        try:
            session = launch.session_for(ask=False)
        except NanobananaError:
            return  # the bill says why

        def take(schema: dict[str, Any] | None, error: BaseException | None) -> None:
            if schema:
                self.form.know(model, schema)

        self._loop.when(session.bridge.submit(session.client.schema(model)), take)

    def _keep(self, name: str, data: bytes) -> str | None:
        try:
            return file_upload.keep(name, data, self._settings)
        except NanobananaError as error:
            self.messages.fail(error)
            return None

    def _reuse(self, image: Generation) -> None:
        """Fill in what an image asked for, and say which of its images are not kept."""
        spec, lost = spec_of(image)
        self.form.write(spec)
        self._tabs.selected_index = MAKE
        self.messages.say(f"Not kept, add them again: {', '.join(lost)}" if lost else "")

    def _reference(self, image: Generation) -> None:
        """Give an image of the history to the model."""
        self.messages.guarded(lambda: self._use(image))()
        self._tabs.selected_index = MAKE

    def _use(self, image: Generation) -> dict[str, Any]:
        """Give an image to the model, and return what a viewer says of it."""
        self.form.images.add(file_upload.path_of(image, self._settings))
        self._tabs.selected_index = MAKE
        return {"kind": "said", "text": USED}

    def _view(self, images: Sequence[Generation], position: int) -> None:
        """Look closer at images of the history, at one of them first."""

        def look() -> None:
            grid = ImageGrid(images, opinions=Ledger(self._settings.home))
            self.viewer.open(grid, [position])

        self.messages.guarded(look)()
