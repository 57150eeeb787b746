"""A notebook open in JupyterLab or Notebook 7, driven by what the page itself knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Locator, Page

from tests.browser.lab import Lab

PATIENCE_MS = 60_000
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

_READY = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  const panel = app.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  app.shell.collapseLeft?.();
}"""
_HAS_NOTEBOOK = """path => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  return panel?.context?.path === path && !!panel.sessionContext;
}"""
_IDLE = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const waits = [...document.querySelectorAll('.jp-InputPrompt')]
    .some(prompt => prompt.textContent.includes('*'));
  return !waits && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
_RESTARTED = """() => {
  const { session } = window.jupyterapp.shell.currentWidget.sessionContext;
  const asked = document.querySelector('.jp-Dialog');
  return !asked && session?.kernel?.connectionStatus === 'connected'
    && session.kernel.status === 'idle';
}"""
_SHOWS_LAB = "() => !!window.jupyterapp?.commands?.hasCommand('docmanager:open')"
_CLOSE_NOTEBOOKS = """() => {
  const { shell } = window.jupyterapp;
  [...shell.widgets('main')].filter(widget => widget.context).forEach(widget => widget.dispose());
  return document.querySelectorAll('.jp-Dialog, .jp-Notebook').length;
}"""
_THEME_IS = "name => document.body.dataset.jpThemeName === name"
# What a command returns is not for here: a widget is too much to be passed on.
_CALL = """async ([command, args, patience]) => {
  const late = new Error(`${command} does not end`);
  const end = new Promise((_, fail) => setTimeout(() => fail(late), patience));
  await Promise.race([window.jupyterapp.commands.execute(command, args), end]);
}"""
_CALL_WITHOUT_WAITING = """([command, args]) => {
  window.jupyterapp.commands.execute(command, args);
}"""
# A cell may end before anybody can see that it ran.
_START_ALL = """() => {
  window.cellsEnded = false;
  const end = () => { window.cellsEnded = true; };
  window.jupyterapp.commands.execute('notebook:run-all-cells').then(end, end);
}"""


class NotebookPage:
    """One notebook of a lab in one browser tab.

    A tab that shows the lab already opens it there, as a person does from the file browser: to
    load the lab anew takes ten times as long.

    `problems` collects what the browser's console and the page report as errors.
    """

    address = "lab/tree/{path}?token={token}&reset"

    def __init__(self, page: Page, lab: Lab, path: str) -> None:
        self.page = page
        self.problems: list[str] = []
        self._lab = lab
        self._path = path
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._note_console)
        page.on("pageerror", self._note_error)
        self._open()

    @property
    def file(self) -> Path:
        """The notebook on disk."""
        return self._lab.folder / self._path

    def reload(self, *, wait: bool = True) -> None:
        """Load the whole page anew, as after closing and opening the browser.

        Args:
            wait: until the kernel is idle.
        """
        self.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
        self._go(wait=wait)

    def second_tab(self) -> NotebookPage:
        """Open the same notebook, with its kernel, in one more tab of the browser."""
        return NotebookPage(self.page.context.new_page(), self._lab, self._path)

    def leave(self) -> None:
        """Shut the kernel down and close the notebook; the tab is as it was before it.

        Raises AssertionError where the tab keeps something of it.
        """
        self.call("kernelmenu:shutdown")
        remains = self.page.evaluate(_CLOSE_NOTEBOOKS)
        assert remains == 0, "a notebook or a dialog stayed open"
        self.page.remove_listener("console", self._note_console)
        self.page.remove_listener("pageerror", self._note_error)
        if self.page.evaluate("document.body.dataset.jpThemeName") != THEMES["light"]:
            self.set_theme("light")

    def start_all(self) -> None:
        """Choose Run All Cells, and do not wait for the end."""
        self.page.evaluate(_START_ALL)
        self.page.wait_for_function(f"window.cellsEnded || !({_IDLE})()")

    def run_all(self) -> None:
        """Choose Run All Cells and wait until the kernel is idle."""
        self.call("notebook:run-all-cells")
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until no cell waits or runs."""
        self.page.wait_for_function(_IDLE)

    def restart_kernel(self) -> None:
        """Choose Restart Kernel, say yes to the question, and wait until the kernel is back."""
        self.page.evaluate(_CALL_WITHOUT_WAITING, ["kernelmenu:restart", {}])
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function(_RESTARTED)

    def call(self, command: str, **args: Any) -> None:
        """Execute a command of JupyterLab and wait for what it promises."""
        self.page.evaluate(_CALL, [command, args, PATIENCE_MS])

    def set_theme(self, name: str) -> None:
        """Switch to `light` or `dark` and wait until the page shows it."""
        self.call("apputils:change-theme", theme=THEMES[name])
        self.wait_for_theme(name)

    def wait_for_theme(self, name: str) -> None:
        """Wait until the page shows this theme."""
        self.page.wait_for_function(_THEME_IS, arg=THEMES[name])
        self._wait_for_curtain()

    def save(self) -> Any:
        """Save the notebook and return what is in the file then."""
        self.call("docmanager:save")
        return json.loads(self.file.read_text(encoding="utf-8"))

    def code_cell(self, index: int) -> Locator:
        """The n-th code cell, counted from 0."""
        return self.page.locator(".jp-CodeCell").nth(index)

    def code_cell_with(self, text: str) -> Locator:
        """The first code cell whose source has this text."""
        source = self.page.locator(".jp-CodeCell-input, .jp-Cell-inputArea", has_text=text)
        return self.page.locator(".jp-CodeCell", has=source).first

    def outputs(self, index: int) -> list[str]:
        """The texts that are visible below the n-th code cell, one for each output."""
        shown = self.code_cell(index).locator(".jp-OutputArea-output")
        return [text.strip() for text in shown.all_inner_texts()]

    def pictures(self) -> Locator:
        """The pictures in the outputs of all cells."""
        return self.page.locator(".jp-OutputArea-output img")

    def picture(self, file: Path, *, of: Locator | None = None) -> Path:
        """Take a screenshot of the window, or of one part in full; the file for the report."""
        file.parent.mkdir(parents=True, exist_ok=True)
        if of is None:
            self.page.screenshot(path=file)
        else:
            of.scroll_into_view_if_needed()
            of.screenshot(path=file)
        return file

    def _open(self) -> None:
        if self.page.evaluate(_SHOWS_LAB):
            self.call("docmanager:open", path=self._path)
            self._wait_until_ready()
        else:
            self._go()

    def _go(self, *, wait: bool = True) -> None:
        address = self.address.format(path=self._path, token=self._lab.token)
        self.page.goto(self._lab.url + address)
        self._wait_until_ready(idle=wait)

    def _wait_until_ready(self, *, idle: bool = True) -> None:
        self.page.wait_for_function(_HAS_NOTEBOOK, arg=self._path)
        self.page.evaluate(_READY)
        if idle:
            self.wait_until_idle()
        self._wait_for_curtain()

    def _wait_for_curtain(self) -> None:
        """Wait until the splash screen is gone: it covers what a screenshot is to show."""
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")

    def _note_error(self, error: Error) -> None:
        self.problems.append(f"{error.name}: {error.message}\n{error.stack}")


class Notebook7Page(NotebookPage):
    """The same notebook in Notebook 7."""

    address = "notebooks/{path}?token={token}"
