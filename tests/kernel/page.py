"""What a notebook page shows and saves, built from messages the way a front end builds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_DISPLAYS = ("display_data", "execute_result", "update_display_data")


@dataclass(frozen=True)
class Message:
    """One message of the kernel that belongs to a cell, with the time at which it came."""

    at: float
    type: str
    content: dict[str, Any]


@dataclass(repr=False)
class Cell:
    """One cell: what was sent, what was answered, and the outputs saved under it."""

    source: str
    number: int
    msg_id: str
    sent_at: float
    messages: list[Message] = field(default_factory=list)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] | None = None
    replied_at: float | None = None
    idle_at: float | None = None

    def __repr__(self) -> str:
        return f"<[{self.number}] {self.status} {self.source!r} {self.error or ''}>"

    @property
    def done(self) -> bool:
        """Whether the kernel has answered and says that it is idle again."""
        return self.reply is not None and self.idle_at is not None

    @property
    def status(self) -> str:
        """`ok`, `error` or `aborted`; `running` until the answer is there."""
        return "running" if self.reply is None else str(self.reply["status"])

    @property
    def error(self) -> tuple[str, str] | None:
        """Name and text of the exception, if the cell ended with one."""
        if self.reply is None or "ename" not in self.reply:
            return None
        return self.reply["ename"], self.reply["evalue"]

    @property
    def text(self) -> str:
        """Everything that the cell printed."""
        return "".join(o["text"] for o in self.outputs if o["output_type"] == "stream")

    def all(self, mime: str) -> list[str]:
        """The data of this type in the outputs that are saved under the cell."""
        return [o["data"][mime] for o in self.outputs if mime in o.get("data", {})]

    @property
    def results(self) -> list[str]:
        """The HTML of every output under this cell that shows pictures."""
        return [html for html in self.all("text/html") if "data:image/" in html]

    def sent(self, *types: str) -> list[Message]:
        """The messages of these types, in the order in which they came."""
        return [message for message in self.messages if message.type in types]

    @property
    def started_at(self) -> float:
        """When the kernel began with this cell."""
        return next(m.at for m in self.sent("status") if m.content["execution_state"] == "busy")


class Page:
    """The cells of a notebook and the comms that its kernel has open.

    An output with a display id replaces every output that has this id, under whichever cell it
    is; an update of an id that nobody has seen is lost. So do JupyterLab and nbclient.
    """

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.comms: dict[str, str] = {}
        self.widgets: dict[str, dict[str, Any]] = {}  # the state of each open one
        self.lost: list[Message] = []
        self._places: dict[str, list[tuple[Cell, int]]] = {}
        self._clear_next: set[str] = set()

    def add(self, cell: Cell) -> None:
        """Put a cell at the end of the page."""
        self.cells.append(cell)

    def take(self, msg_id: str, message: Message) -> None:
        """Put a message where it belongs; one of an unknown cell is lost.

        Widgets and outputs with an id change by whatever message: a click for example.
        """
        if message.type == "kernel_info_reply":  # a late answer to who is there
            return
        cell = next((cell for cell in self.cells if cell.msg_id == msg_id), None)
        if cell is None:
            if message.type.startswith("comm_"):
                self._comm(message)
            elif message.type != "update_display_data" or not self._replace(message):
                self.lost.append(message)
            return
        cell.messages.append(message)
        kind = message.type
        if kind in _DISPLAYS:
            self._display(cell, message)
        elif kind == "stream":
            self._print(cell, message.content)
        elif kind == "error":
            self._append(cell, {"output_type": "error", **message.content})
        elif kind == "clear_output":
            self._clear(cell, wait=message.content.get("wait", False))
        elif kind == "status" and message.content["execution_state"] == "idle":
            cell.idle_at = message.at
        elif kind.startswith("comm_"):
            self._comm(message)

    def _display(self, cell: Cell, message: Message) -> None:
        replaced = self._replace(message)
        if message.type == "update_display_data":
            if not replaced:
                self.lost.append(message)
            return
        content = message.content
        self._append(cell, {"output_type": message.type, **_body(content)})
        if display_id := content.get("transient", {}).get("display_id"):
            self._places.setdefault(display_id, []).append((cell, len(cell.outputs) - 1))

    def _replace(self, message: Message) -> bool:
        """Change every output that has the id of a message; whether there is one."""
        places = self._places.get(message.content.get("transient", {}).get("display_id"), [])
        for owner, index in places:
            kind = owner.outputs[index]["output_type"]
            owner.outputs[index] = {"output_type": kind, **_body(message.content)}
        return bool(places)

    def _print(self, cell: Cell, content: dict[str, Any]) -> None:
        last = cell.outputs[-1] if cell.outputs else {}
        joined = last.get("name") == content["name"] and cell.msg_id not in self._clear_next
        if joined:
            last["text"] += content["text"]
        else:
            self._append(cell, {"output_type": "stream", **content})

    def _append(self, cell: Cell, output: dict[str, Any]) -> None:
        if cell.msg_id in self._clear_next:
            self._clear(cell, wait=False)
        cell.outputs.append(output)

    def _clear(self, cell: Cell, *, wait: bool) -> None:
        if wait:
            self._clear_next.add(cell.msg_id)
            return
        self._clear_next.discard(cell.msg_id)
        cell.outputs.clear()
        for display_id, places in self._places.items():
            self._places[display_id] = [place for place in places if place[0] is not cell]

    def _comm(self, message: Message) -> None:
        comm_id, data = message.content["comm_id"], message.content["data"]
        if message.type == "comm_open":
            self.widgets[comm_id] = dict(data.get("state", {}))
            self.comms[comm_id] = self.widgets[comm_id].get("_model_name", "?")
        elif message.type == "comm_msg":
            self.widgets.get(comm_id, {}).update(data.get("state", {}))
        elif message.type == "comm_close":
            self.comms.pop(comm_id, None)
            self.widgets.pop(comm_id, None)


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"data": content["data"], "metadata": content["metadata"]}
