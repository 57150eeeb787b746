"""The viewer of a grid: plain ES modules for a page that stands alone and for a widget.

`mount.js` is the entry; it exports `mount(el, data, callbacks)`, and `render` as anywidget
calls it. There is no build step: neither a page opened from disk nor a widget can import a
second file, so the modules are joined into one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

MODULES = (
    "dom",
    "places",
    "words",
    "filter",
    "stage",
    "zoom",
    "stars",
    "headings",
    "pickers",
    "tile",
    "grid",
    "finder",
    "lightbox",
    "strip",
    "sides",
    "compare",
    "keys",
    "head",
    "marks",
    "viewer",
    "mount",
)
STYLES = ("viewer", "dialogs")
VOTE_MODULES = ("dom", "vote")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)


@cache
def viewer_source() -> str:
    """Return the viewer as one ES module: the files in order, without imports of each other."""
    return _joined(MODULES)


@cache
def vote_source() -> str:
    """Return the blind vote as one ES module, in the form of anywidget."""
    return _joined(VOTE_MODULES)


@cache
def viewer_style() -> str:
    """Return the viewer's style sheet. Its rules hold inside `.nb-viewer` only."""
    return "\n".join(_read(f"{name}.css") for name in STYLES)


def with_elements(source: str) -> str:
    """Return a module of a page as one that stands alone: the makers of elements before it."""
    return f"{_read('dom.js')}\n{_IMPORT.sub('', source)}"


def _joined(names: Sequence[str]) -> str:
    return "\n".join(_IMPORT.sub("", _read(f"{name}.js")) for name in names)


def _read(name: str) -> str:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")  # the policy of a page names the hash of what it holds
