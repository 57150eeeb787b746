"""The parts of an open panel, put together: form, bill, runs and history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model import catalog
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.magic.namespace import variables
from nanobanana_nb.notebook.page.frontend import in_voila
from nanobanana_nb.notebook.panel import controls, file_upload
from nanobanana_nb.notebook.panel.cell_box import CellBox
from nanobanana_nb.notebook.panel.cell_text import spec_of
from nanobanana_nb.notebook.panel.form import Form
from nanobanana_nb.notebook.panel.generate_button import Making
from nanobanana_nb.notebook.panel.history_tab import HistoryTab
from nanobanana_nb.notebook.panel.kernel_loop import Ticker
from nanobanana_nb.notebook.panel.live_bill import LiveBill
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.panel_run import Running
from nanobanana_nb.notebook.panel.panel_viewer import Looking
from nanobanana_nb.notebook.panel.prompt_names import find
from nanobanana_nb.notebook.panel.result_area import ResultArea
from nanobanana_nb.notebook.panel.service_line import key_words
from nanobanana_nb.settings.record import Settings
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.highlight import highlight_html

TYPING_S = 0.4  # so long after the last key the bill is asked for
MAKE, HISTORY = 0, 1
USED = "It is among the panel's images now: write what comes next, and press Generate."


class Workbench:
    """The widgets of one panel in `box`, and what happens when they are used."""

    def __init__(
        self, ticker: Ticker, shell: Any, settings: Settings, leave: Callable[[], object]
    ) -> None:
        self._ticker, self._shell, self._settings = ticker, shell, settings
        self._asked_for: set[str] = set()
        self.messages = Messages()
        self.results = ResultArea()
        self.form = Form(self._changed, self._chosen, self._kept)
        self.bill = LiveBill(ticker, shell)
        self.making = Making(self.form.read, shell, self.messages, self._ended)
        self.looking = Looking(ticker, self.messages, lambda: self.making.running.images, self._use)
        moved = self.looking.refresh
        self.making.running = Running(ticker, self.results, self.making.end, moved)
        self.cell = CellBox(self.form.read, shell, self.messages)
        self.history = HistoryTab(ticker, settings, self._reuse, self._reference, self._seen)
        self.box = self._laid_out(leave)

    def open(self) -> None:
        """Begin, once the widgets are shown."""
        self.results.open()
        self.form.choose(self._settings.model)
        self._chosen(self.form.model)
        self._shell.events.register("post_run_cell", self._cell_ran)

    def close(self) -> None:
        """Close every widget; nothing is called any more."""
        self._shell.events.unregister("post_run_cell", self._cell_ran)
        self.results.close()
        controls.close(self.box)

    def _laid_out(self, leave: Callable[[], object]) -> Any:
        making, row, column = self.making, controls.row, controls.column
        buttons = row(making.go, making.stop, self.looking.button, *self.cell.buttons)
        parts = [self.form.box, self.bill.box, buttons]
        parts += [making.running.box, self.messages.box, self.cell.box, self.results.box]
        self._tabs = controls.tabs(Make=column(*parts), History=self.history.box)
        self._tabs.observe(self._turned, "selected_index")
        close = controls.button("Close", "Take the panel away; its images stay", leave)
        close.layout.display = "none" if in_voila() else None  # there they are in the panel
        told = controls.html(controls.READABLE + key_words(self._settings))
        head = controls.apart(told, close, least="200px")
        return column(head, self._tabs, self.looking.box, max_width="960px")

    def _changed(self) -> None:
        """Look again when nothing was typed for a while."""
        self.making.changed()
        self._ticker.later("look", TYPING_S, self._look)

    def _look(self, *, anew: bool = False) -> None:
        """Show what the prompt's names stand for, the bill, and the cell."""
        spec = self.form.read()
        found = find(spec, variables(self._shell))
        controls.show(self.form.found, highlight_html(found.template, found.axes, found.texts))
        names = [*found.unknown, *catalog.FAMILY_FIELDS, "model", "image"]
        self.form.axes.suggest(names, next(iter(found.unknown), ""))
        self.bill.ask(spec, anew=anew)
        self.cell.refresh()

    def _cell_ran(self, *_: Any) -> None:
        """Look again after a cell: it may have defined what the prompt names."""
        self._ticker.later("look", TYPING_S, self._look)

    def _turned(self, _: Any) -> None:
        self._show_history()

    def _show_history(self) -> None:
        """Draw the history anew where it is in sight: its pictures take a while."""
        if self._tabs.selected_index == HISTORY:
            self.history.refresh()

    def _ended(self) -> None:
        self.looking.refresh()
        self._look(anew=True)
        self._show_history()

    def _chosen(self, model: str) -> None:
        """Ask the service once what a model takes; the catalog stands until it answers."""
        if model in self._asked_for:
            return
        self._asked_for.add(model)
        try:
            session = launch.session_for(ask=False)
        except NanobananaError:
            return  # the bill says why

        def told(schema: dict[str, Any] | None, error: BaseException | None) -> None:
            if schema:
                self.form.know(model, schema)

        self._ticker.when(session.bridge.submit(session.client.schema(model)), told)

    def _kept(self, name: str, data: bytes) -> str | None:
        try:
            return file_upload.keep(name, data, self._settings)
        except NanobananaError as error:
            self.messages.fail(error)
            return None

    def _reuse(self, one: Generation) -> None:
        """Fill in what an image asked for, and say which of its images are not kept."""
        spec, lost = spec_of(one)
        self.form.write(spec)
        self._tabs.selected_index = MAKE
        self.messages.say(f"Not kept, add them again: {', '.join(lost)}" if lost else "")

    def _reference(self, one: Generation) -> None:
        """Give an image of the history to the model."""
        self.messages.guarded(lambda: self._use(one))()
        self._tabs.selected_index = MAKE

    def _use(self, one: Generation) -> dict[str, Any]:
        """Give an image to the model, and return what a viewer says of it."""
        self.form.images.add(file_upload.path_of(one, self._settings))
        self._tabs.selected_index = MAKE
        return {"kind": "said", "text": USED}

    def _seen(self, ones: Sequence[Generation], at: int) -> None:
        """Look closer at images of the history, at one of them first."""

        def look() -> None:
            self.looking.open(ImageGrid(ones, opinions=Ledger(self._settings.home)), [at])

        self.messages.guarded(look)()
