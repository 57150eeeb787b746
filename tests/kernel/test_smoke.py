"""A day at the notebook in each environment: every door opens, and every error is short."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd

pytestmark = pytest.mark.kernel

CELLS = [
    ("%%nanobanana --dry-run\na {red|blue} heron", "2"),
    ("%%nanobanana -o g\na {red|blue} heron", "red"),
    ("import nanobanana_nb as nb\nnb.sweep('a {x} heron', x=['red', 'green'])", "green"),
    ("await nb.asweep('a {x} heron', x=['red', 'grey'])", "grey"),
    ("g.diff(0, 1)", "red"),
    ("%nanobanana history heron", "heron"),
    ("%nanobanana spend", "credits"),
    ("%nanobanana balance", "credits"),
    ("%nanobanana models", "nano-banana"),
    ("%nanobanana config", "NANOBANANA_HOME"),
    ("%nanobanana doctor", "ipykernel"),
    ("%nanobanana help", "--dry-run"),
    ("%%nanobanana?", "16:9"),
    ("nb.Panel()", "panel"),
    *((f"print(g.export('g.{ending}'))", ending) for ending in ("html", "csv", "json", "png")),
]
ERRORS = ["%%nanobanana -x\na heron", "nb.generate('a heron [fail]')", "%nanobanana nothing"]


def test_every_door_opens(bench: FrontEnd) -> None:
    """Cell, Python, commands and exports work, each with a word of what it is about."""
    for source, word in CELLS:
        cell = bench.run(source)
        assert cell.status == "ok", bench.story()
        payload = str((cell.reply or {}).get("payload", ""))
        assert word in f"{cell.text}{cell.outputs}{payload}", source


def test_errors_are_short_whatever_draws_them(bench: FrontEnd) -> None:
    """In every mode of `%xmode`, and when rich has put itself in IPython's place."""
    bench.run("import nanobanana_nb as nb")
    for above in ("%xmode Plain", "%xmode Verbose", "%xmode Minimal", "%load_ext rich"):
        assert bench.run(above).status == "ok", bench.story()
        for source in ERRORS:
            cell = bench.run(source)
            drawn = cell.outputs[-1]  # above it may stand the image that failed
            text = "\n".join(drawn.get("traceback", [])) or drawn["data"]["text/plain"]
            assert cell.status == "error"
            assert "Error: " in text
            assert len(text) < 400, (above, text)
