"""The viewer of a grid: plain ES modules for a page that stands alone and for a widget.

`viewer.js` is the entry; it exports `mount(el, data, callbacks)`, and `render` as anywidget
calls it. There is no build step: neither a page opened from disk nor a widget can import a
second file, so the modules are joined into one.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

MODULES = (
    "dom",
    "places",
    "words",
    "stage",
    "grid",
    "stars",
    "lightbox",
    "compare",
    "keys",
    "viewer",
)
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)


@cache
def viewer_source() -> str:
    """Return the viewer as one ES module: the files in order, without imports of each other."""
    return "\n".join(_IMPORT.sub("", _read(f"{name}.js")) for name in MODULES)


@cache
def viewer_style() -> str:
    """Return the viewer's style sheet. Its rules hold inside `.nb-viewer` only."""
    return _read("viewer.css")


def _read(name: str) -> str:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")  # the policy of a page names the hash of what it holds
