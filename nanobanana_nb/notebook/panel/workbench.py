"""The parts of an open panel, put together: the form, its bill and cell, and the walls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import LedgerError, NanobananaError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model import catalog
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.magic.cell_text import spec_of
from nanobanana_nb.notebook.magic.namespace import variables
from nanobanana_nb.notebook.page.frontend import in_voila
from nanobanana_nb.notebook.panel import controls, file_upload
from nanobanana_nb.notebook.panel.cell_box import CellBox
from nanobanana_nb.notebook.panel.form import Form
from nanobanana_nb.notebook.panel.gallery.grids_wall import GridsWall
from nanobanana_nb.notebook.panel.gallery.history_wall import HistoryWall
from nanobanana_nb.notebook.panel.gallery.panel_viewer import PanelViewer
from nanobanana_nb.notebook.panel.gallery.run_tab import RunTab
from nanobanana_nb.notebook.panel.generate_button import GenerateButton
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.live_bill import LiveBill
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.more_button import MoreButton
from nanobanana_nb.notebook.panel.page_widgets import PageWidget
from nanobanana_nb.notebook.panel.panel_run import PanelRun
from nanobanana_nb.notebook.panel.prompt_names import prompt_names, table_names
from nanobanana_nb.notebook.panel.prompt_shelf import PromptShelf
from nanobanana_nb.notebook.panel.result_area import ResultArea
from nanobanana_nb.notebook.panel.service_line import key_words
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.highlight import highlight_html
from nanobanana_nb.text.doors import Door, through

TYPING_S = 0.4  # so long after the last key the bill is asked for
IMAGES, RUN, GRIDS = 0, 1, 2
TABS = ("Images", "This run", "Grids")
USED = "It is among the panel's images now: write what comes next, and press Generate."


class Workbench:
    """The widgets of one panel in `box`, and what happens when they are used.

    Args:
        leave: takes the panel away.
        display_id: names the output that shows it.
    """

    def __init__(
        self,
        loop: KernelLoop,
        shell: Any,
        settings: Settings,
        leave: Callable[[], object],
        display_id: str,
    ) -> None:
        self._loop, self._shell, self._settings = loop, shell, settings
        self._models: set[str] = set()  # those whose schema the service was asked for
        self.messages, self.results, self._page = Messages(), ResultArea(), PageWidget()
        self.form = Form(
            self._on_change, self._ask_schema, self._keep, self._take_tile, self.messages.fail
        )
        self.shelf = PromptShelf(self.messages, self.form.fill)
        self.bill = LiveBill(loop, shell)
        self.viewer = PanelViewer(loop, self.messages, self._use)
        self._lay_walls()
        self.generate = GenerateButton(
            self.form.complete, self.bill, shell, self.messages, self._on_begin, self._on_end
        )
        self.generate.run = PanelRun(loop, self.run_tab, self.results, self.generate.end)
        self.more = MoreButton(loop, shell, self.messages, self._begin_more)
        self._page.on_msg(self._hear_press)
        self.cell = CellBox(self.form.complete, shell, self.messages, loop, self._page, display_id)
        self.box = controls.styled(self._layout(leave))

    def open(self) -> None:
        """Begin, once the widgets are shown."""
        self.results.open()
        self.form.choose(self._settings.model)
        self._ask_schema(self.form.model)
        self.history.refresh()
        self._shell.events.register("post_run_cell", self._after_cell)

    def close(self) -> None:
        """Close every widget; nothing is called any more."""
        self._shell.events.unregister("post_run_cell", self._after_cell)
        self.results.close()
        controls.close(self.box)

    def _lay_walls(self) -> None:
        loop, messages, settings = self._loop, self.messages, self._settings
        use, keep = (self._reuse, self._use), self.shelf.keep
        self.history = HistoryWall(loop, messages, settings, *use, self._look_closer, keep)
        self.run_tab = RunTab(loop, messages, *use, self.viewer.open, keep)
        self.grids = GridsWall(loop, messages, settings, self.viewer.open, self._show_below)

    def _layout(self, leave: Callable[[], object]) -> Any:
        row, column = controls.row, controls.column
        runs = row(self.generate.go, self.more.button, self.generate.stop, name="nb-runs")
        cells = row(*self.cell.buttons, name="nb-cells")
        parts = [
            self.shelf.box,
            self.form.box,
            self.bill.box,
            runs,
            self.messages.box,
            cells,
            self.cell.box,
        ]
        pages = (self.history.box, self.run_tab.box, self.grids.box)
        self._tabs = controls.tabs(dict(zip(TABS, pages, strict=True)))
        self._tabs.observe(lambda _: self._show_tab(), "selected_index")
        search = self.history.words.add_class("nb-search")
        walls = column(search, self._tabs, name="nb-walls")
        columns = row(column(*parts, name="nb-form"), walls, name="nb-columns")
        close = controls.button("Close", "Take the panel away; its images stay", leave)
        close.add_class("nb-quiet")
        close.layout.display = "none" if in_voila() else None  # there they are in the panel
        service = controls.html(key_words(self._settings))
        head = controls.apart(service, close, least="200px", name="nb-head")
        return column(head, columns, self.viewer.box, self.results.box, self._page)

    def _on_change(self) -> None:
        """Look again when nothing was typed for a while."""
        self.generate.changed()
        self.more.hide()
        self._loop.later("look", TYPING_S, self._look)

    @through(Door.PANEL)
    def _look(self, *, anew: bool = False) -> None:
        """Show what the prompt's names stand for, the bill, and the cell."""
        spec = self.form.read()
        space = variables(self._shell)
        names = prompt_names(spec, space)
        html = highlight_html(names.template, names.axes, names.texts)
        controls.show(self.form.highlight, html)
        suggestions = [*names.unknown, *catalog.FAMILY_FIELDS, "model", "image"]
        self.form.axes.suggest(suggestions, next(iter(names.unknown), ""))
        self.form.data.options = table_names(space)
        try:
            self.bill.ask(self.form.complete(), anew=anew)
        except NanobananaError as error:
            self.bill.refuse(error)
        self.cell.refresh()

    def _after_cell(self, *_: Any) -> None:
        """Look again after a cell: it may have defined what the prompt names."""
        self.shelf.refresh()
        self._loop.later("look", TYPING_S, self._look)

    def _show_tab(self) -> None:
        """Draw what has come into sight anew."""
        index = self._tabs.selected_index
        self.history.words.layout.display = None if index == IMAGES else "none"
        if index == IMAGES:
            self.history.refresh()
        elif index == GRIDS:
            self.grids.refresh()

    def _hear_press(self, widget: Any, content: Any, buffers: Any) -> None:
        """Let no bill count where the page holds text that has not come here yet."""
        message = content if isinstance(content, dict) else {}
        if message.get("kind") == "press" and not self.form.shows(message.get("texts")):
            self.bill.void()
            self.more.hide()

    def _on_begin(self) -> None:
        self.more.hide()
        self._tabs.selected_index = RUN

    def _on_end(self, spec: CellSpec) -> None:
        self._look(anew=True)
        self._show_tab()
        grid = self.generate.run.grid
        ended = grid is not None and all(image.state.is_final for image in grid)
        if ended and any(image.ok for image in grid or ()) and spec == self.form.read():
            self.more.offer(spec)

    def _begin_more(self, spec: CellSpec, plan: Plan, limits: RunLimits) -> None:
        if not self.generate.run.busy:
            self.form.complete()
            self.form.repeat(spec["repeats"])
            self.generate.begin(spec, plan, limits)

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

    def _keep(self, name: str, data: bytes) -> str:
        return file_upload.keep(name, data, self._settings)

    def _reuse(self, image: Generation) -> None:
        """Fill in what an image asked for, and say which of its images are not kept."""
        spec, lost = spec_of(image)
        self.form.write(spec)
        self.messages.say(f"Not kept, add them again: {', '.join(lost)}" if lost else "")

    def _take_tile(self, key: str) -> None:
        """Give the image of a tile that was dropped to the model."""

        def take() -> None:
            image = {**self.history.images, **self.run_tab.images}.get(key)
            if image is None or not image.ok:
                raise LedgerError("That image is not on the wall any more", action="")
            self._use(image)

        self.messages.guarded(take)()

    def _use(self, image: Generation) -> dict[str, Any]:
        """Give an image to the model, and return what a viewer says of it."""
        self.form.images.add(file_upload.path_of(image, self._settings))
        return {"kind": "said", "text": USED}

    def _look_closer(self, images: Sequence[Generation], position: int) -> None:
        """Look closer at images of the history, at one of them first."""
        self.viewer.open(ImageGrid(images, opinions=Ledger(self._settings.home)), [position])

    def _show_below(self, grid: ImageGrid) -> None:
        """Put a grid below the panel, where it stays."""

        def show(data: Any, error: BaseException | None) -> None:
            if data:
                self.results.draw(data)
                self.messages.say("It stands below the panel.")
            elif error is not None:
                self.messages.fail(error)

        self._loop.off(grid._repr_mimebundle_, show)
