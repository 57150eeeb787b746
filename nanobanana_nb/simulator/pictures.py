"""Pictures on demand: drawn in two threads, each once, the last ones kept."""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor

from PIL import Image

from nanobanana_nb.simulator.painting.history import History
from nanobanana_nb.simulator.painting.painter import paint
from nanobanana_nb.simulator.store import Store
from nanobanana_nb.simulator.tasks import Task

_KEPT_BYTES = 64_000_000
_REFERENCE_PIXELS = 1024
_MOST_PIXELS = 50_000_000


class Gallery:
    """Draws the pictures of tasks and keeps at most 64 MB of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(2, "simulator-painter")
        self._futures: OrderedDict[str, Future[bytes]] = OrderedDict()
        self._bytes = 0

    def picture(self, task: Task) -> Future[bytes]:
        """The encoded picture of a task, as a future that several may wait for."""
        with self._lock:
            future = self._futures.get(task.id)
            if future is None:
                future = self._futures[task.id] = self._pool.submit(self._draw, task)
            self._futures.move_to_end(task.id)
            return future

    def _draw(self, task: Task) -> bytes:
        image = paint(task.picture, self._store.references(task.id))
        self._store.add_drawing(hashlib.sha256(image).hexdigest(), task.id)
        with self._lock:
            self._bytes += len(image)
            self._shrink()
        return image

    def _shrink(self) -> None:
        for task_id, future in list(self._futures.items()):
            if self._bytes <= _KEPT_BYTES:
                return
            if future.done():
                del self._futures[task_id]
                self._bytes -= len(future.result()) if future.exception() is None else 0


def shrink_reference(image: bytes, history: History | None = None) -> bytes | None:
    """A reference image as a JPEG of at most 1024 pixels; None when it cannot be read.

    ``history`` is what made it, where the service made it itself: an edit draws it again.
    """
    try:
        with Image.open(io.BytesIO(image), formats=("PNG", "JPEG", "WEBP", "GIF")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            opened.thumbnail((_REFERENCE_PIXELS, _REFERENCE_PIXELS), reducing_gap=2.0)
            small = Image.new("RGB", opened.size, "white")
            rgba = opened.convert("RGBA")
            small.paste(rgba, mask=rgba.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    out = io.BytesIO()
    small.save(out, "JPEG", quality=90, comment=history.comment() if history else b"")
    return out.getvalue()
