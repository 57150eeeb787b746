"""The panel as a person has it in hand: shown, read, and closed."""

from __future__ import annotations

from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.magic.cell_text import as_cell
from nanobanana_nb.notebook.page.frontend import somebody_clicks
from nanobanana_nb.notebook.page.output import Place, sentence
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.workbench import Workbench
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.settings import config
from nanobanana_nb.show.grid import ImageGrid

CLOSED = "The panel is closed. `%nanobanana panel` opens another."
OPEN = "A panel is open here. Run the cell to open it where it is not."
RESTARTED = "The kernel was restarted: run the cell."
STILL_RUNS = "What it began goes on: `%nanobanana wait` shows it."
NOBODY = "Run this cell to open the panel: in JupyterLab, Notebook, VS Code or Voilà."


class Panel:
    """A panel to make images with the mouse: the plan, bill and ledger of a `%%nanobanana` cell.

    Put it at the end of a cell to show it. Its runs do not block the kernel. `cell` is the text
    of a cell that asks for the same, `grid` what was made last, `close` takes it away. Where
    nobody can click, a line stands in its place.

    Raises:
        InputError: no event loop runs here, as it does in a Jupyter kernel.
        SettingsError: a setting cannot be used.

    Examples:
        >>> from nanobanana_nb import Panel
        >>> panel = Panel()
    """

    __module__ = "nanobanana_nb"  # where people find it

    def __init__(self) -> None:
        self._shell = get_ipython()
        self._loop = KernelLoop()
        self._settings = config.load(None, config.CONFIGURED).settings
        self._place = Place()
        self._bench: Workbench | None = None
        self._closed = False

    @property
    def cell(self) -> str:
        """The text of a cell that asks for what stands in the panel.

        Raises:
            InputError: a value cannot stand in a cell.

        Examples:
            >>> print(panel.cell)
            %%nanobanana ...
        """
        empty = CellSpec(options={"model": self._settings.model})
        return as_cell(empty if self._bench is None else self._bench.form.read())

    @property
    def grid(self) -> ImageGrid | None:
        """The images of the last run as they stand now, None before the first.

        Examples:
            >>> panel.grid is None
            True
        """
        return None if self._bench is None else self._bench.generate.run.grid

    def close(self) -> None:
        """Take the panel away; one line stays in its place, and its images below.

        Examples:
            >>> panel.close()
        """
        bench, was_open = self._bench, not self._closed
        self._closed = True
        self._loop.stop()
        if bench is None or not was_open:
            return
        job = bench.generate.run.job
        if job is not None:
            RUNTIME.jobs.append(job)
        words = CLOSED if job is None else f"{CLOSED} {STILL_RUNS}"
        self._place.put(sentence(words))
        bench.close()
        self._place.close()

    def _ipython_display_(self) -> None:
        if self._closed or not somebody_clicks(self._shell):
            publish_display_data(dict(sentence(CLOSED if self._closed else NOBODY)))
            return
        opening = self._bench is None
        if self._bench is None:
            place = self._place.display_id
            self._bench = Workbench(self._loop, self._shell, self._settings, self.close, place)
        line = sentence(RESTARTED)
        self._place.show_widget(self._bench.box, sentence(OPEN), restarted=line)
        if opening:
            self._bench.open()
