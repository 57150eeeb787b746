"""A front end without a screen: it starts a kernel, sends cells and keeps the page."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from tests.kernel.page import Cell, Message, Page

PATIENCE_S = 60.0  # a test that waits longer has failed; on a busy machine a start takes seconds


class _OneKernel(KernelSpecManager):
    """Offers the kernel of one Python, whatever is installed on the machine."""

    def __init__(self, python: Path) -> None:
        super().__init__()
        self._argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(argv=self._argv, display_name=kernel_name, language="python")


class FrontEnd:
    """One kernel and the notebook page in front of it.

    `someone_types` is what a front end tells the kernel with each cell: true in JupyterLab,
    false where a notebook is executed with nobody there.
    """

    def __init__(
        self,
        python: Path,
        folder: Path,
        environ: Mapping[str, str] | None = None,
        *,
        someone_types: bool = True,
    ) -> None:
        self.page = Page()
        self.someone_types = someone_types
        self._log = folder / f"kernel-{time.monotonic_ns()}.log"
        self._manager = KernelManager(
            kernel_spec_manager=_OneKernel(python),
            connection_file=str(self._log.with_suffix(".json")),
        )
        quiet = {"IPYTHONDIR": str(folder / "ipython"), "PYTHONUNBUFFERED": "1"}
        with self._log.open("wb") as log:
            self._manager.start_kernel(
                cwd=str(folder),
                env={**os.environ, **quiet, **(environ or {})},
                stdout=log,
                stderr=log,
            )
        self._client = self._connected()

    def _connected(self) -> BlockingKernelClient:
        client: BlockingKernelClient = self._manager.client()
        client.start_channels()
        return client

    def __enter__(self) -> Self:
        try:
            self._wait_for_kernel()
        except BaseException as error:
            error.add_note(self._said())
            self.close()
            raise
        return self

    def _wait_for_kernel(self) -> None:
        """Wait for the first answer; a kernel whose ports another took meanwhile starts anew."""
        try:
            self._client.wait_for_ready(timeout=PATIENCE_S / 2)
        except RuntimeError:
            self._client.stop_channels()
            self._manager.restart_kernel(now=True, newports=True)
            self._client = self._connected()
            self._client.wait_for_ready(timeout=PATIENCE_S)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the kernel at once and whatever it was doing; may be called again."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def leave(self) -> int:
        """Ask the kernel to end by itself and return its exit code, once it has."""
        self._client.shutdown()
        provisioner = self._manager.provisioner
        process = getattr(provisioner, "process", None)
        assert process is not None, "the kernel has ended already"
        return int(process.wait(timeout=PATIENCE_S))

    def start(self, source: str, *, stop_on_error: bool = True) -> Cell:
        """Send a cell and return at once."""
        sent_at = time.monotonic()
        msg_id = self._client.execute(
            source, allow_stdin=self.someone_types, stop_on_error=stop_on_error
        )
        cell = Cell(source, len(self.page.cells) + 1, msg_id, sent_at)
        self.page.add(cell)
        return cell

    def run(self, source: str) -> Cell:
        """Send a cell and wait until it is done; what follows it later runs, whatever it raised."""
        cell = self.start(source, stop_on_error=False)
        self.finish(cell)
        return cell

    def queue(self, sources: Sequence[str]) -> list[Cell]:
        """Send all cells before the first answer, as Run All does, and wait for all of them."""
        cells = [self.start(source) for source in sources]
        self.finish(*cells)
        return cells

    def finish(self, *cells: Cell) -> None:
        """Wait until these cells are answered and idle."""
        self.wait(lambda: all(cell.done for cell in cells), "cells that end")

    def ask(self, what: str, code: str, position: int) -> dict[str, Any]:
        """Return the kernel's reply to Tab (`complete`) or Shift-Tab (`inspect`) in a cell."""
        self.settle()
        asked = getattr(self._client, what)(code, position)
        while True:
            reply = self._client.get_shell_msg(timeout=PATIENCE_S)
            if reply["parent_header"].get("msg_id") == asked:
                return dict(reply["content"])

    def settle(self) -> None:
        """Wait until everything that the kernel has said by now is on the page."""
        self.finish(self.start(""))

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Take messages until the condition holds; AssertionError when it never does."""
        poller = zmq.Poller()
        channels = (self._client.iopub_channel, self._client.shell_channel)
        sockets = {channel.socket: channel for channel in (*channels, self._client.stdin_channel)}
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain for {what}\n{self.story()}"
            assert self._manager.is_alive(), f"the kernel died\n{self.story()}"
            for socket, _ in poller.poll(250):
                self._take(sockets[socket].get_msg(timeout=0))

    def interrupt(self) -> float:
        """Press the stop button; the time at which it was pressed."""
        pressed_at = time.monotonic()
        self._manager.interrupt_kernel()
        return pressed_at

    def click(self, label: str) -> float:
        """Press the open button of this name, as ipywidgets says it; the time of the press."""
        named = [
            key for key, state in self.page.widgets.items() if state.get("description") == label
        ]
        (comm_id,) = named
        return self.say(comm_id, {"event": "click"})

    def say(self, comm_id: str, content: dict[str, Any]) -> float:
        """Let the page of a widget send a message of its own; the time at which it is sent."""
        event = {"method": "custom", "content": content}
        message = self._client.session.msg("comm_msg", {"comm_id": comm_id, "data": event})
        pressed_at = time.monotonic()
        self._client.shell_channel.send(message)
        return pressed_at

    def _take(self, message: dict[str, Any]) -> None:
        kind, at = message["msg_type"], time.monotonic()
        msg_id = message["parent_header"].get("msg_id", "")
        if kind == "input_request":
            raise AssertionError(f"the kernel asks: {message['content']}\n{self.story()}")
        if kind == "execute_reply":
            cell = next(cell for cell in self.page.cells if cell.msg_id == msg_id)
            cell.reply, cell.replied_at = message["content"], at
        else:
            self.page.take(msg_id, Message(at, kind, message["content"]))

    def story(self) -> str:
        """What happened so far, for the person who reads a failure."""
        lines = [f"at {datetime.now():%H:%M:%S}, comms open: {self.page.comms}"]
        for cell in self.page.cells:
            kinds = [message.type for message in cell.messages]
            lines.append(f"[{cell.number}] {cell.status} {cell.source[:60]!r} {kinds[-12:]}")
            lines += [f"    {output!r:.300}" for output in cell.outputs]
        return "\n".join([*lines, self._said()])

    def _said(self) -> str:
        return f"kernel log:\n{self._log.read_text(errors='replace')[-3000:]}"
