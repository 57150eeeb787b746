"""Who wants to hear of the images of a run when they are finished."""

from __future__ import annotations

import threading
from collections.abc import Callable

from nanobanana_nb.model.arguments import refusal
from nanobanana_nb.model.result import Generation

Listener = Callable[[Generation], object]


class Listeners:
    """The listeners of one run, and which of its images have been told.

    Args:
        image: gives an image as it stands, by its position.
    """

    def __init__(self, image: Callable[[int], Generation]) -> None:
        self.trouble: Exception | None = None  # what the first of them raised
        self._image = image
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._ended: dict[int, None] = {}  # images, in their order

    def tell(self, index: int) -> None:
        """Call all of them with an image that nothing more happens to by itself."""
        with self._lock:
            self._ended[index] = None
            listeners = tuple(self._listeners)
        for listener in listeners:
            self._call(listener, self._image(index))

    def add(self, listener: Listener) -> None:
        """Add one, and call it with what was told before.

        Raises:
            ArgumentError: it cannot be called.
        """
        if not callable(listener):
            raise refusal("A listener", "a function of one image", listener)
        with self._lock:
            self._listeners.append(listener)
            indices = tuple(self._ended)
        for index in indices:
            self._call(listener, self._image(index))

    def has_ended(self, index: int) -> bool:
        """Whether an image was told, and nothing has begun with it since."""
        return index in self._ended

    def begin(self, index: int) -> None:
        """Note that something begins anew with an image: it will be told once more."""
        with self._lock:
            del self._ended[index]

    def _call(self, listener: Listener, generation: Generation) -> None:
        try:
            listener(generation)
        except Exception as error:  # raised where somebody waits, not into the run
            self.trouble = self.trouble or error
