"""The panel: a form, its bill, its runs and the history, put together."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import ipywidgets as widgets
from IPython.core.getipython import get_ipython
from IPython.display import display, publish_display_data

from nanobanana_nb import config, faces
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook import commands
from nanobanana_nb.notebook.panel import controls, uploads
from nanobanana_nb.notebook.panel.bill import LiveBill
from nanobanana_nb.notebook.panel.cell_box import CellBox
from nanobanana_nb.notebook.panel.draft import Draft, as_cell, draft_of
from nanobanana_nb.notebook.panel.form import Form
from nanobanana_nb.notebook.panel.found import find
from nanobanana_nb.notebook.panel.head import key_words
from nanobanana_nb.notebook.panel.history_tab import HistoryTab
from nanobanana_nb.notebook.panel.making import Making
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.results import Results, sentence
from nanobanana_nb.notebook.panel.running import Running
from nanobanana_nb.notebook.panel.ticker import Ticker
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.highlight import highlight_html

TYPING_S = 0.4  # so long after the last key the bill is asked for
CLOSED = "The panel is closed. `%nanobanana panel` opens another."
STILL_RUNS = "What it began goes on: `%nanobanana wait` shows it."
MAKE, HISTORY = 0, 1


class Panel:
    """A panel to make images with the mouse: the plan, bill and ledger of a `%%nanobanana` cell.

    Put it at the end of a cell to show it. Its runs do not block the kernel. `cell` is the text
    of a cell that asks for the same, `grid` what was made last, `close` takes it away.

    Raises:
        InputError: no event loop runs here, as it does in a Jupyter kernel.
        SettingsError: a setting cannot be used.
    """

    def __init__(self) -> None:
        self._shell = get_ipython()
        self._ticker = Ticker()
        self._settings = config.load(None, config.CONFIGURED).settings
        self._display_id = f"nanobanana-{uuid4().hex}"
        self._asked_for: set[str] = set()
        self._closed = self._open = False
        self._make_parts()
        self._box = self._laid_out()
        self._form.choose(self._settings.model)
        self._chosen(self._form.model)
        self._shell.events.register("post_run_cell", self._cell_ran)

    @property
    def cell(self) -> str:
        """The text of a cell that asks for what stands in the panel.

        Raises:
            InputError: a value cannot stand in a cell.
        """
        return as_cell(self._form.read())

    @property
    def grid(self) -> ImageGrid | None:
        """The images of the last run as they stand now, None before the first."""
        job = self._making.running.newest
        return None if job is None else job.grid

    def close(self) -> None:
        """Take the panel away; one line stays in its place, and its images below."""
        if self._closed:
            return
        self._closed = True
        self._shell.events.unregister("post_run_cell", self._cell_ran)
        self._ticker.stop()
        said, job = CLOSED, self._making.running.job
        if job is not None:
            commands.JOBS.append(job)
            said = f"{CLOSED} {STILL_RUNS}"
        if self._open:
            transient = {"display_id": self._display_id}
            publish_display_data(sentence(said), transient=transient, update=True)
            self._results.close()
        controls.close(self._box)

    def _ipython_display_(self) -> None:
        if self._closed:
            publish_display_data(sentence(CLOSED))
            return
        display(self._box, display_id=self._display_id)
        if not self._open:
            self._open = True
            self._results.open()
            self._history.refresh()

    def _make_parts(self) -> None:
        self._messages = messages = Messages()
        self._results = Results()
        self._form = Form(self._changed, self._chosen, self._kept)
        self._bill = LiveBill(self._ticker, self._shell)
        read = self._form.read
        self._making = Making(read, self._shell, messages, self._ended)
        self._making.running = Running(self._ticker, self._results, self._making.end)
        self._cell = CellBox(read, self._shell, messages)
        self._history = HistoryTab(self._ticker, self._settings, self._reuse, self._reference)

    def _laid_out(self) -> Any:
        making, row, column = self._making, controls.row, controls.column
        parts = [self._form.box, self._bill.box, row(making.go, making.stop, *self._cell.buttons)]
        parts += [making.running.box, self._messages.box, self._cell.box]
        parts += [self._results.box] if self._results.box is not None else []
        self._tabs = widgets.Tab(children=[column(*parts), self._history.box])
        self._tabs.set_title(MAKE, "Make")
        self._tabs.set_title(HISTORY, "History")
        self._tabs.observe(self._turned, "selected_index")
        close = controls.button("Close", "Take the panel away; its images stay", self.close)
        head = controls.apart(controls.html(key_words(self._settings)), close, least="200px")
        return column(head, self._tabs, max_width="960px")

    def _changed(self) -> None:
        """Look again when nothing was typed for a while."""
        self._making.changed()
        self._ticker.later("look", TYPING_S, self._look)

    def _look(self, *, anew: bool = False) -> None:
        """Show what the prompt's names stand for, the bill, and the cell."""
        draft = self._form.read()
        found = find(draft, self._shell.user_ns)
        controls.show(self._form.found, highlight_html(found.template, found.axes, found.texts))
        names = [*found.unknown, *catalog.FAMILY_FIELDS, "model", "image"]
        self._form.axes.suggest(names, next(iter(found.unknown), ""))
        self._bill.ask(draft, anew=anew)
        self._cell.refresh()

    def _cell_ran(self, *_: Any) -> None:
        """Look again after a cell: it may have defined what the prompt names."""
        self._ticker.later("look", TYPING_S, self._look)

    def _turned(self, change: Any) -> None:
        if change["new"] == HISTORY:
            self._history.refresh()

    def _ended(self) -> None:
        self._look(anew=True)
        self._history.refresh()

    def _chosen(self, model: str) -> None:
        """Ask the service once what a model takes; the catalog stands until it answers."""
        if model in self._asked_for:
            return
        self._asked_for.add(model)
        try:
            session = faces.session_for(ask=False)
        except NanobananaError:
            return  # the bill says why

        def told(schema: dict[str, Any] | None, error: BaseException | None) -> None:
            if schema:
                self._form.know(model, schema)

        self._ticker.when(session.bridge.submit(session.client.schema(model)), told)

    def _kept(self, name: str, data: bytes) -> str | None:
        try:
            return uploads.keep(name, data, self._settings)
        except NanobananaError as error:
            self._messages.fail(error)
            return None

    def _reuse(self, one: Generation) -> None:
        draft, lost = draft_of(one)
        self._fill(draft)
        names = ", ".join(lost)
        self._messages.say(f"Not kept, add them again: {names}" if lost else "")

    def _reference(self, one: Generation) -> None:
        def take() -> None:
            self._form.images.add(uploads.path_of(one, self._settings))

        self._messages.guarded(take)()
        self._tabs.selected_index = MAKE

    def _fill(self, draft: Draft) -> None:
        self._form.write(draft)
        self._tabs.selected_index = MAKE
