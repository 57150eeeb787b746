"""The grids that were run last, each with its first pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nanobanana_nb.entry import launch
from nanobanana_nb.entry.stored_grid import kept_grid
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.plans import StoredPlan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.gallery.wall import AT_ONCE, Tile, Wall
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording

EMPTY = "No grid was run yet: a prompt with a choice in it, {red|blue}, makes one."
_COVERS, _LOOKED_AT = 4, 12  # pictures of one tile, and tasks that they are looked for in
Show = Callable[[ImageGrid], object]


class GridsWall:
    """The grids of the ledger; `box` shows them.

    Args:
        look: called with a grid that is to be looked at in the viewer.
        show: called with a grid that is to be put below the panel.
    """

    def __init__(
        self, loop: KernelLoop, messages: Messages, settings: Settings, look: Show, show: Show
    ) -> None:
        self._loop, self._messages, self._settings = loop, messages, settings
        self._limit, self._request = AT_ONCE, 0
        acts = {"look": partial(self._open, look), "show": partial(self._open, show)}
        self.wall = Wall(loop, messages, acts, self._show_more)
        self.box = controls.column(self.wall.widget)

    def refresh(self) -> None:
        """Look into the ledger again."""
        self._request += 1
        number, limit = self._request, self._limit

        def read() -> list[Tile]:
            """Return the tiles. Reads plans of any size: not on the loop."""
            ledger = Ledger(self._settings.home)
            return [_tile(ledger, stored) for stored in ledger.plans.recent(limit + 1)]

        def show(tiles: list[Tile] | None, error: BaseException | None) -> None:
            if number == self._request:
                shown = (tiles or [])[:limit]
                note = str(error or "") or ("" if shown else EMPTY)
                self.wall.show(shown, note, more=len(tiles or []) > limit)

        self._loop.off(read, show)

    def _show_more(self) -> None:
        self._limit += AT_ONCE
        self.refresh()

    def _open(self, act: Show, key: str) -> None:
        session = launch.session_for(ask=False)

        def then(grid: ImageGrid | None, error: BaseException | None) -> None:
            if grid is not None:
                self._messages.guarded(lambda: act(grid))()
            elif error is not None:
                self._messages.fail(error)

        self._loop.off(lambda: kept_grid(session, key), then)


def _tile(ledger: Ledger, stored: StoredPlan) -> Tile:
    plan, name = Plan.from_json(stored.plan), f"g{stored.id}"
    images = ledger.standing(stored.fingerprints[:_LOOKED_AT])
    files = tuple(image.path for image in images if image and image.ok and image.path)
    return Tile(
        name,
        f"Grid {name}",
        wording.cut(plan.prompt or wording.PRIVATE, 300),
        at=stored.run_at,
        mark="done" if files else "open",
        state="" if files else "no image yet",
        words=f"{name}{wording.DOT}{wording.cut(plan.in_words(), 120)}",
        acts=("look", "show") if files else ("show",),
        files=files[:_COVERS] if len(files) >= _COVERS else files[:1],
    )
